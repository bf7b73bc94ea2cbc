namespace Backends.Declarations;

// One result for each element, after broadcasting. NaN in, NaN out. Integers wrap modulo 2^w.

// quote add
/// <summary>y = a + b. Inf - Inf = NaN.</summary>
[Operator("add(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded ; inplace=y:a, y:b")]
internal static class Add;
// end add

/// <summary>y = a - b. x - x = +0.</summary>
[Operator("sub(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded ; inplace=y:a, y:b")]
internal static class Sub;

/// <summary>y = a · b. 0 · Inf = NaN.</summary>
[Operator("mul(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded ; inplace=y:a, y:b")]
internal static class Mul;

/// <summary>y = a / b; trunc and floor round the quotient to an integer. Floats: x / 0 = ±Inf, 0 / 0 = NaN. Integers: none truncates as C# does, x / 0 is unspecified for that element, the lowest integer / -1 is itself.</summary>
[Operator("div(T a, T b, enum{none, trunc, floor} rounding = none) -> T : T in number ; shape=broadcast(a, b) ; accuracy=quotient(3, 0.5, 1) ; inplace=y:a, y:b")]
internal static class Div;

/// <summary>y = -x. -0 becomes +0 and back; the lowest integer is itself.</summary>
[Operator("neg(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact ; inplace=y:x")]
internal static class Neg;

/// <summary>y = e^x. exp(±0) = 1 exactly, exp(-Inf) = +0, exp(+Inf) = +Inf; underflow is gradual.</summary>
[Operator("exp(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 3, 2) ; inplace=y:x")]
internal static class Exp;
