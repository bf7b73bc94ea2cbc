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
