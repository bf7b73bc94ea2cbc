namespace Backends.Declarations;

// Order along one dimension. NaN counts as larger than every number; -0 and +0 are equal.

/// <summary>values = x in rising order along dim, falling when descending; indices = where each stood. Equal elements keep their order; NaN stands last when rising, first when falling.</summary>
[Operator("sort(T x, i64 dim = -1, bool descending = false) -> (T values, i64 indices) : T in number ; shape=same(x, dim) ; accuracy=exact(either_zero)")]
internal static class Sort;
