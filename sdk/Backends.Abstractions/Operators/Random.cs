namespace Backends.Declarations;

// Numbers from Philox 4×32-10: element i depends on seed, offset and i alone (RND-2). The same bits on every device that says ReferenceStream.

/// <summary>Uniform in [0, 1). Key = seed; element i takes word i mod 4 of counter offset + i/4 (f64: words 2(i mod 2) and the next, of counter offset + i/2). f32 = (w >> 8)·2^-24, f16 = (w >> 21)·2^-11, bf16 = (w >> 24)·2^-8, f64 = the top 53 bits of (second word, first word)·2^-53.</summary>
[Operator("uniform(i64[] shape, i64 seed, i64 offset = 0, dtype dtype = f32) -> T : T in float ; shape=given(shape) ; accuracy=exact ; random=words(1, 2)")]
internal static class Uniform;

/// <summary>Normal, of mean 0 and variance 1, from the words that uniform takes: the first bit is the sign, the others, as an odd number n = 2m + 1, the probability n·2^-33 (f64: n·2^-65) of the tail beyond. The quantile comes from integer steps and fused multiply-adds (docs/random.md), in f32, for f64 in f64; |y| ≤ 6.34.</summary>
[Operator("normal(i64[] shape, i64 seed, i64 offset = 0, dtype dtype = f32) -> T : T in float ; shape=given(shape) ; accuracy=exact ; random=words(1, 2)")]
internal static class Normal;

/// <summary>1 with probability p, else 0: element i is 1 where word i mod 4 of counter offset + i/4, times 2^-32, is less than p.</summary>
[Operator("bernoulli(i64[] shape, i64 seed, f64 p = 0.5, i64 offset = 0, dtype dtype = bool) -> T : T in bool|float ; shape=given(shape) ; accuracy=exact ; random=words(1, 1)")]
internal static class Bernoulli;
