namespace Backends.Declarations;

// Operators that make a tensor from nothing but attributes. The result's dtype is the attribute dtype.

/// <summary>y[i] = value, converted as by cast.</summary>
[Operator("fill(scalar value, i64[] shape, dtype dtype = f32) -> T : T in any ; shape=given(shape) ; accuracy=exact")]
internal static class Fill;
