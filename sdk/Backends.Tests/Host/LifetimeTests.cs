namespace Backends.Tests.Host;

public sealed class LifetimeTests : IDisposable
{
    private readonly BackendHost _host = TestHost.Create();
    private Device Cpu => _host["cpu"];

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var a = Cpu.Tensor(1f);
        a.Dispose();
        a.Dispose();
        var error = Assert.Throws<InvalidTensorException>(() => a + 1);
        Assert.Equal("BK2007", error.Id);
        Assert.True(a.IsDisposed);
    }

    [Fact]
    public void A_view_outlives_the_tensor_it_came_from()
    {
        var a = Cpu.Tensor(1f, 2f, 3f);
        var view = a[1..];
        a.Dispose();
        for (int i = 0; i < 1000; i++) Cpu.Tensor(9f, 9f, 9f).Dispose();
        Assert.Equal([2, 3], view.ToArray<float>());
    }

    [Fact]
    public void A_scope_frees_all_but_what_it_keeps()
    {
        Tensor kept, lost;
        using (var scope = new TensorScope())
        {
            lost = Cpu.Tensor(1f);
            kept = scope.Keep(lost + 1);
        }
        Assert.True(lost.IsDisposed);
        Assert.Equal(2, kept.ToScalar<float>());
        using (new TensorScope())
        {
            using (var inner = new TensorScope()) kept = inner.Keep(Cpu.Tensor(5f));
            Assert.False(kept.IsDisposed);
        }
        Assert.True(kept.IsDisposed);
    }

    [Fact]
    public void Dropped_tensors_never_give_another_ones_numbers()
    {
        // Each thread holds some results for a while, drops others, and collections come at any moment.
        const int Threads = 4, Rounds = 20_000;
        using var stop = new CancellationTokenSource();
        long done = 0;
        // A collection every hundred rounds, whatever the machine's speed: one after the other would leave the threads no time at all.
        var collector = new Thread(() =>
        {
            for (long next = 0; !stop.IsCancellationRequested; next += 100)
            {
                while (Interlocked.Read(ref done) < next && !stop.IsCancellationRequested) Thread.Yield();
                GC.Collect((int)(next / 100 % 3));
            }
        });
        collector.Start();
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            var random = new Random(thread);
            var held = new (Tensor Tensor, float Value)[16];
            for (int i = 0; i < Rounds; i++)
            {
                Interlocked.Increment(ref done);
                int place = random.Next(held.Length);
                if (held[place].Tensor is { } old)
                {
                    float read = old.ToScalar<float>();
                    if (read != held[place].Value) failures.Add($"{read} instead of {held[place].Value}");
                    if (random.Next(2) == 0) old.Dispose();
                }
                float value = thread * Rounds + i;
                held[place] = (Cpu.Tensor(value) + 0 * Cpu.Tensor(value), value);
            }
        });
        stop.Cancel();
        collector.Join();
        Assert.Empty(failures.Distinct().Take(5));
    }

    [Fact]
    public void A_million_dropped_results_stay_in_256_MiB()
    {
        foreach (int size in (int[])[1, 1000])
        {
            Tensor a = Cpu.Full([size], 2f), b = Cpu.Full([size], 3f), c = Cpu.Full([size], 1f), y = a;
            long before = Environment.WorkingSet;
            int rounds = size == 1 ? 1_000_000 : 100_000;
            for (int i = 0; i < rounds; i++) y = a * b + c;
            long grown = Environment.WorkingSet - before;
            Assert.Equal(7, y[0].ToScalar<float>());
            Assert.True(grown <= 256L << 20, $"{grown >> 20} MiB more for {rounds} rounds of {size} elements");
        }
    }

    [Fact]
    public void Closing_the_host_frees_every_buffer_and_ends_its_tensors()
    {
        var device = new TokenDevice();
        var (host, test) = TestHost.With(device);
        var a = test.Tensor(1f, 2f);
        var large = test.Empty([100_000]);
        Assert.True(device.Buffers >= 2);
        host.Dispose();
        Assert.Equal(0, device.Buffers);
        Assert.ThrowsAny<Exception>(() => a + a);
        GC.KeepAlive(large);
    }

    [Fact]
    public void Memory_short_is_a_typed_error_and_everything_stays_usable()
    {
        var device = new TokenDevice { Limit = 1 << 20 };
        var (host, test) = TestHost.With(device);
        using (host)
        {
            var a = test.Tensor(1f, 2f);
            var error = Assert.Throws<OutOfDeviceMemoryException>(() => test.Empty([1 << 20]));
            Assert.Equal("BK4001", error.Id);
            Assert.Equal([2, 4], (a + a).ToArray<float>());
            using var fits = test.Empty([1 << 16]);
        }
    }
}
