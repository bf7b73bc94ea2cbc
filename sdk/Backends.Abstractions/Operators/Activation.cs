namespace Backends.Declarations;

// Nonlinearities of networks, one result for each element. NaN in, NaN out.

/// <summary>y = max(x, 0). NaN stays NaN; relu(-0) is either zero.</summary>
[Operator("relu(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact(either_zero) ; inplace=y:x")]
internal static class Relu;
