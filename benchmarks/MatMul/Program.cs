using System.Diagnostics;
using System.Runtime.InteropServices;
using Backends;

// Our matmul beside OpenBLAS, over the same f32 in one run: rounds take turns and the best of each is compared, so that what else runs on the machine
// strikes both. One thread each, then as many as there are. Without a library the peer's columns stay empty:
//   OPENBLAS_CORETYPE=SkylakeX matmul /usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0

unsafe
{
    delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> gemm = null;
    delegate* unmanaged<int, void> threads = null;
    if (args.Length > 0)
    {
        nint library = NativeLibrary.Load(args[0]);
        gemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        threads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
    }
    Console.WriteLine($"{"rows x k x columns",-20}{"threads",8}{"GFLOP/s",10}{"OpenBLAS",10}{"ratio",8}");
    foreach (int count in (int[])[1, Environment.ProcessorCount])
    {
        if (threads is not null) threads(count);
        using var host = BackendHost.FromPlugins([Path.Combine(AppContext.BaseDirectory, "backends")]);
        var device = host[$"cpu:0?threads={count}"];
        foreach (var (m, k, n) in (ReadOnlySpan<(int, int, int)>)[(4, 4, 4), (16, 16, 16), (32, 32, 32), (64, 64, 64), (128, 128, 128), (256, 256, 256),
            (512, 512, 512), (1024, 1024, 1024), (1, 1024, 1024), (64, 784, 128), (128, 784, 10), (1024, 64, 1024)])
        {
            float[] a = [.. Enumerable.Range(0, m * k).Select(i => i % 7 - 3f)], b = [.. Enumerable.Range(0, k * n).Select(i => i % 5 - 2f)], y = new float[m * n];
            Tensor ta = device.Tensor(a).Reshape(m, k), tb = device.Tensor(b).Reshape(k, n), ty = Ops.MatMul(ta, tb);
            double flops = 2.0 * m * k * n, ours = double.MaxValue, peer = double.MaxValue;
            int calls = (int)Math.Clamp(2e7 / flops, 1, 2000);
            for (int round = 0; round < 60; round++)
            {
                ours = Math.Min(ours, Time(calls, () => Ops.MatMul(ta, tb, into: ty)));
                if (gemm is not null)
                    peer = Math.Min(peer, Time(calls, () =>
                    {
                        fixed (float* pa = a, pb = b, py = y) gemm(101, 111, 111, m, n, k, 1, pa, k, pb, n, 0, py, n);
                    }));
            }
            string rest = gemm is null ? "" : $"{flops / peer,10:0.0}{peer / ours,8:0.00}";
            Console.WriteLine($"{$"{m} x {k} x {n}",-20}{count,8}{flops / ours,10:0.0}{rest}");
        }
    }
}

static double Time(int calls, Action body)
{
    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < calls; i++) body();
    return Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls;
}
