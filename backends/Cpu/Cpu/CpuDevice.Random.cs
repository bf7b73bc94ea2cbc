using Backends.Plugins;

namespace Backends.Cpu;

// The operators that draw from a stream: the reference's own bits (RND-3).
internal sealed unsafe partial class CpuDevice
{
    private static void AddRandom(KernelList kernels)
    {
        Add(kernels, "uniform", Accepts.ReferenceStream, &Stream<F16, Fractions>.Uniform, DType.F16);
        Add(kernels, "uniform", Accepts.ReferenceStream, &Stream<BF16, Fractions>.Uniform, DType.BF16);
        Add(kernels, "uniform", Accepts.ReferenceStream, &Stream<Plain<float>, Fractions>.Uniform, DType.F32);
        Add(kernels, "uniform", Accepts.ReferenceStream, &Stream<Plain<double>, Fractions>.Uniform, DType.F64);
        Add(kernels, "normal", Accepts.ReferenceStream, &Stream<F16, Normals>.Normal, DType.F16);
        Add(kernels, "normal", Accepts.ReferenceStream, &Stream<BF16, Normals>.Normal, DType.BF16);
        Add(kernels, "normal", Accepts.ReferenceStream, &Stream<Plain<float>, Normals>.Normal, DType.F32);
        Add(kernels, "normal", Accepts.ReferenceStream, &Stream<Plain<double>, Normals>.Normal, DType.F64);
        Add(kernels, "bernoulli", Accepts.ReferenceStream, &Coin, DType.Bool);
        Add(kernels, "bernoulli", Accepts.ReferenceStream, &CoinF16, DType.F16);
        Add(kernels, "bernoulli", Accepts.ReferenceStream, &CoinBF16, DType.BF16);
        Add(kernels, "bernoulli", Accepts.ReferenceStream, &CoinF32, DType.F32);
        Add(kernels, "bernoulli", Accepts.ReferenceStream, &CoinF64, DType.F64);
    }

    // What 1 is, in bits.
    private static void Coin(CallFrame* frame) => Bernoulli<byte>.Run(frame, 1);
    private static void CoinF16(CallFrame* frame) => Bernoulli<ushort>.Run(frame, 0x3C00);
    private static void CoinBF16(CallFrame* frame) => Bernoulli<ushort>.Run(frame, 0x3F80);
    private static void CoinF32(CallFrame* frame) => Bernoulli<uint>.Run(frame, 0x3F800000);
    private static void CoinF64(CallFrame* frame) => Bernoulli<ulong>.Run(frame, 0x3FF0000000000000);
}
