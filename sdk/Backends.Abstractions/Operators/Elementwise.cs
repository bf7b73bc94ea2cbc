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

/// <summary>y = a^b, with C11's answers (F.10.4.4): a^±0 = 1 and 1^b = 1, even for NaN; (-1)^±Inf = 1; below 0 an integer b gives the sign, any other NaN; of ±0 and ±Inf an odd integer b keeps the sign.</summary>
[Operator("pow(T a, T b) -> T : T in float ; shape=broadcast(a, b) ; accuracy=ulp(16, 16, 4) ; inplace=y:a, y:b")]
internal static class Pow;

/// <summary>y = a - b · ⌊a / b⌋, rounded once: the remainder that has the sign of b, zeros too. Floats: of x by 0 and of ±Inf NaN; by ±Inf a, or that infinity where the signs differ. Integers: by 0 unspecified for that element.</summary>
[Operator("remainder(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=rounded(open_by_zero) ; inplace=y:a, y:b")]
internal static class Remainder;

/// <summary>y = the larger of a and b. NaN wins; of ±0 either is given.</summary>
[Operator("maximum(T a, T b) -> T : T in number ; shape=broadcast(a, b) ; accuracy=exact(either_zero) ; inplace=y:a, y:b")]
internal static class Maximum;

/// <summary>y = a · b + c, rounded once: a product and a sum are not it. 0 · Inf = NaN, whatever c is.</summary>
[Operator("fma(T a, T b, T c) -> T : T in number ; shape=broadcast(a, b, c) ; accuracy=rounded ; inplace=y:a, y:b, y:c")]
internal static class Fma;

/// <summary>y = a where condition is true, else b, bit for bit, a NaN's payload too.</summary>
[Operator("where(B condition, T a, T b) -> T : B in bool, T in any ; shape=broadcast(condition, a, b) ; accuracy=moved ; inplace=y:a, y:b")]
internal static class Where;

/// <summary>y = min(max(x, low), high), so that high wins over a larger low. The bounds take the dtype of x: a fraction is truncated for integers, what lies beyond the range stands for its end, and NaN is no bound. A NaN in x stays; of ±0 either is given.</summary>
[Operator("clamp(T x, scalar low = -inf, scalar high = inf) -> T : T in number ; shape=same(x) ; accuracy=exact(either_zero) ; inplace=y:x")]
internal static class Clamp;
