namespace Backends.Declarations;

// Functions of one number, one result for each element. NaN in, NaN out, but for isnan.

/// <summary>y = -x. -0 becomes +0 and back; the lowest integer is itself.</summary>
[Operator("neg(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact ; inplace=y:x")]
internal static class Neg;

/// <summary>y = |x|. |-0| = +0; the lowest integer is itself.</summary>
[Operator("abs(T x) -> T : T in i8|i16|i32|i64|f16|bf16|f32|f64 ; shape=same(x) ; accuracy=exact ; inplace=y:x")]
internal static class Abs;

/// <summary>y = √x. √±0 = ±0; below 0 NaN.</summary>
[Operator("sqrt(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 1, 1) ; inplace=y:x")]
internal static class Sqrt;

/// <summary>y = 1 / √x. Of ±0 ±Inf, of +Inf +0; below 0 NaN.</summary>
[Operator("rsqrt(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 2, 1) ; inplace=y:x")]
internal static class Rsqrt;

/// <summary>y = e^x. exp(±0) = 1 exactly, exp(-Inf) = +0, exp(+Inf) = +Inf; underflow is gradual.</summary>
[Operator("exp(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 3, 2) ; inplace=y:x")]
internal static class Exp;

/// <summary>y = ln x. ln 1 = +0 exactly, of ±0 -Inf, of +Inf +Inf; below 0 NaN.</summary>
[Operator("log(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 3, 2) ; inplace=y:x")]
internal static class Log;

/// <summary>y = sin x, x in radians, over the whole range. sin ±0 = ±0; of ±Inf NaN.</summary>
[Operator("sin(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(4, 4, 2) ; inplace=y:x")]
internal static class Sin;

/// <summary>y = tanh x. tanh ±0 = ±0, tanh ±Inf = ±1 exactly.</summary>
[Operator("tanh(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(6, 7, 2) ; inplace=y:x")]
internal static class Tanh;

/// <summary>y = erf x = 2/√π · ∫ e^(-t²) dt from 0 to x. erf ±0 = ±0, erf ±Inf = ±1 exactly.</summary>
[Operator("erf(T x) -> T : T in float ; shape=same(x) ; accuracy=ulp(16, 16, 2) ; inplace=y:x")]
internal static class Erf;

/// <summary>y = the largest integer that is not above x. ±0 and ±Inf are themselves.</summary>
[Operator("floor(T x) -> T : T in float ; shape=same(x) ; accuracy=exact ; inplace=y:x")]
internal static class Floor;

/// <summary>y = the integer nearest to x, of two the even one. The result has the sign of x: round(-0.4) = -0; ±Inf are themselves.</summary>
[Operator("round(T x) -> T : T in float ; shape=same(x) ; accuracy=exact ; inplace=y:x")]
internal static class Round;

/// <summary>y = true where x is NaN, of either sign and with any payload.</summary>
[Operator("isnan(T x) -> bool : T in float ; shape=same(x) ; accuracy=exact")]
internal static class IsNaN;
