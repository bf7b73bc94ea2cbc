namespace Backends.Declarations;

// Questions about two numbers, one truth value for each pair of elements, after broadcasting; and truth values with one another.

/// <summary>y = whether a = b. NaN is equal to nothing, -0 to +0.</summary>
[Operator("eq(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact")]
internal static class Eq;

/// <summary>y = whether a ≠ b. NaN differs from everything, -0 not from +0.</summary>
[Operator("ne(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact")]
internal static class Ne;

/// <summary>y = whether a &lt; b. False where either is NaN; -0 = +0.</summary>
[Operator("lt(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact")]
internal static class Lt;

/// <summary>y = whether a ≤ b. False where either is NaN; -0 = +0.</summary>
[Operator("le(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact")]
internal static class Le;

/// <summary>y = whether a &gt; b. False where either is NaN; -0 = +0.</summary>
[Operator("gt(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact")]
internal static class Gt;

/// <summary>y = whether a ≥ b. False where either is NaN; -0 = +0.</summary>
[Operator("ge(T a, T b) -> bool : T in bool|number ; shape=broadcast(a, b) ; accuracy=exact")]
internal static class Ge;

/// <summary>y = a and b, of truth values alone: x ≠ 0 makes one of a number.</summary>
[Operator("logical_and(T a, T b) -> T : T in bool ; shape=broadcast(a, b) ; accuracy=exact ; inplace=y:a, y:b")]
internal static class LogicalAnd;

/// <summary>y = a or b, of truth values alone: x ≠ 0 makes one of a number.</summary>
[Operator("logical_or(T a, T b) -> T : T in bool ; shape=broadcast(a, b) ; accuracy=exact ; inplace=y:a, y:b")]
internal static class LogicalOr;

/// <summary>y = a or b, not both, of truth values alone: x ≠ 0 makes one of a number.</summary>
[Operator("logical_xor(T a, T b) -> T : T in bool ; shape=broadcast(a, b) ; accuracy=exact ; inplace=y:a, y:b")]
internal static class LogicalXor;

/// <summary>y = not x, of a truth value.</summary>
[Operator("logical_not(T x) -> T : T in bool ; shape=same(x) ; accuracy=exact ; inplace=y:x")]
internal static class LogicalNot;
