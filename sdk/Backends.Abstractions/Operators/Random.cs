namespace Backends.Declarations;

// Numbers from Philox 4×32-10: element i depends on seed, offset and i alone (RND-2). The same bits on every device that says ReferenceStream.

/// <summary>Uniform in [0, 1). Key = seed; element i takes word i mod 4 of counter offset + i/4 (f64: words 2(i mod 2) and the next, of counter offset + i/2). f32 = (w >> 8)·2^-24, f16 = (w >> 21)·2^-11, bf16 = (w >> 24)·2^-8, f64 = the top 53 bits of (second word, first word)·2^-53.</summary>
[Operator("uniform(i64[] shape, i64 seed, i64 offset = 0, dtype dtype = f32) -> T : T in float ; shape=given(shape) ; accuracy=exact ; random=words(1, 2)")]
internal static class Uniform;
