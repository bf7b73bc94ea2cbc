namespace Backends.Declarations;

// Many elements become one, along the dimensions named by dim (none named: all). keep_dim leaves them with size 1.

// quote sum
/// <summary>y = Σ x. Integers and bool are added modulo 2^64 and give 64 bits. The sum of nothing is 0; +Inf and -Inf together give NaN.</summary>
[Operator("sum(T x, i64[] dim = [], bool keep_dim = false) -> U : T in bool|number, U = wide(T) ; shape=reduce(x, dim, keep_dim) ; accuracy=sum(x) ; empty=0")]
internal static class Sum;
// end sum

/// <summary>y = the largest of x. NaN wins; of ±0 either is given. Of nothing: an error.</summary>
[Operator("amax(T x, i64[] dim = [], bool keep_dim = false) -> T : T in number ; shape=reduce(x, dim, keep_dim) ; accuracy=exact(either_zero)")]
internal static class AMax;
