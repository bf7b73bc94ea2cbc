namespace Backends.Declarations;

// Products of matrices in the last two dimensions; the dimensions before are batches and broadcast.

/// <summary>y[.., i, j] = Σ a[.., i, k] · b[.., k, j]. Integers wrap modulo 2^w. An empty k gives 0; 0 · Inf = NaN.</summary>
[Operator("matmul(T a, T b) -> T : T in number ; shape=matmul(a, b) ; accuracy=product(a, b) ; empty=0")]
internal static class MatMul;
