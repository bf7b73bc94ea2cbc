namespace Backends.Declarations;

// Nonlinearities of networks, one result for each element. NaN in, NaN out.

/// <summary>y = max(x, 0). NaN stays NaN; relu(-0) is either zero.</summary>
[Operator("relu(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact(either_zero) ; inplace=y:x")]
internal static class Relu;

/// <summary>y = 1 / (1 + e^-x). Of -Inf +0, of +Inf 1, exactly.</summary>
[Operator("sigmoid(T x) -> T : T in float ; shape=same(x) ; accuracy=activation(16, 4, 0) ; inplace=y:x")]
internal static class Sigmoid;

/// <summary>y = x / (1 + e^-x). Of +Inf +Inf, of -Inf NaN or either zero.</summary>
[Operator("silu(T x) -> T : T in float ; shape=same(x) ; accuracy=activation(17, 4, 0) ; inplace=y:x")]
internal static class Silu;

/// <summary>y = x/2 · (1 + erf(x/√2)); with tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))). Of +Inf +Inf, of -Inf NaN or either zero.</summary>
[Operator("gelu(T x, enum{none, tanh} approximate = none) -> T : T in float ; shape=same(x) ; accuracy=activation(0, 0, 20) ; inplace=y:x")]
internal static class Gelu;
