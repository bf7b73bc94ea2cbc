namespace Backends.Declarations;

// Each element from those up to it along one dimension.

/// <summary>y[i] = x[0] + … + x[i] along dim. Integers and bool are added modulo 2^64 and give 64 bits. From a NaN, or infinities of both signs, on all is NaN.</summary>
[Operator("cumsum(T x, i64 dim) -> U : T in bool|number, U = wide(T) ; shape=same(x, dim) ; accuracy=prefix(x)")]
internal static class CumSum;
