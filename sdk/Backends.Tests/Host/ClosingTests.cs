using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>Every object is ended exactly once, whatever the plugin does, and what ended leaves no memory behind (OBJ-3, MAN-7, MEM-8).</summary>
public sealed class ClosingTests
{
    [Fact]
    public void A_device_that_throws_on_closing_keeps_no_other_from_its_end()
    {
        ScriptedDevice first = new(_ => { }) { OnClose = new InvalidOperationException("the bus is gone") }, second = new(_ => { });
        Ended firstBackend = new(first), secondBackend = new(second);
        var log = new List<string>();
        var host = TestHost.Create().Add("first", firstBackend).Add("second", secondBackend);
        host.Log = log.Add;
        Assert.NotNull(host["first"]);
        Assert.NotNull(host["second"]);
        host.Dispose();
        host.Dispose();
        Assert.Equal((1, 1, 1, 1), (first.Closed, second.Closed, firstBackend.Times, secondBackend.Times));
        Assert.Contains("the bus is gone", Assert.Single(log));
    }

    [Fact]
    public void A_device_that_fails_half_open_is_closed()
    {
        ScriptedDevice noKernels = new(_ => throw new InvalidOperationException("no code for this chip")),
            noQueue = new(_ => { }) { OnCreateQueue = new InvalidOperationException("no channel") };
        using var host = TestHost.Create().Add("kernels", new Ended(noKernels)).Add("queue", new Ended(noQueue));
        Assert.Contains("no code for this chip", Assert.Throws<DeviceNotUsableException>(() => host["kernels"]).Message);
        Assert.Contains("no channel", Assert.Throws<DeviceNotUsableException>(() => host["queue"]).Message);
        Assert.Equal((1, 1, 1, 1), (noKernels.Opened, noKernels.Closed, noQueue.Opened, noQueue.Closed));
    }

    [Fact]
    public void A_backend_that_hangs_is_never_called_again()
    {
        using var release = new CancellationTokenSource();
        var backend = new Ended(new ScriptedDevice(_ => { }), () => release.Token.WaitHandle.WaitOne());
        var host = TestHost.Create().Add("hanging", backend);
        host.DiscoveryLimit = TimeSpan.FromMilliseconds(50);
        Assert.Contains(host.Absences, a => a.Code == AbsenceCode.Timeout);
        host.Dispose();
        Assert.Equal(0, backend.Times);
        release.Cancel();
    }

    [Fact]
    public void The_first_of_a_name_wins_and_the_other_one_is_a_reason()
    {
        var first = new ScriptedDevice(_ => { }, new DeviceInfo { Name = "First", Traits = DeviceTraits.Synchronous });
        using var host = TestHost.Create().Add("test", new SingleDeviceBackend(first)).Add("test", new SingleDeviceBackend(new ScriptedDevice(_ => { })))
            .Add("cpu", new SingleDeviceBackend(new ScriptedDevice(_ => { }, new DeviceInfo { Name = "Mine", Traits = DeviceTraits.Synchronous })));
        Assert.Equal("First", host["test"].Info.Name);
        Assert.Equal("Mine", host["cpu"].Info.Name);
        Assert.Equal([("cpu", AbsenceCode.Duplicate), ("test", AbsenceCode.Duplicate)], host.Absences.Select(a => (a.Subject, a.Code)).Order());
        Assert.Throws<ArgumentException>(() => host.Add("Test 2", new SingleDeviceBackend(first)));
    }

    [Fact]
    public void A_fallback_device_that_does_not_open_is_passed_over()
    {
        using var host = TestHost.Create().Add("cpu", new SingleDeviceBackend(new ScriptedDevice(_ => throw new InvalidOperationException("no AVX"))))
            .Add("test", new SingleDeviceBackend(new KernelDevice(_ => { })));
        host.Log = _ => { };
        Assert.Equal([0, 2], host["test"].Tensor(-1f, 2f).Relu().ToArray<float>());
        Assert.Equal("reference:0", host["test"].Explain(CoreOperators.Relu, DType.F32).Kernel);
    }

    /// <summary>A tensor knows the thread that made it, and must not hold on to what that thread kept for itself.</summary>
    [Fact]
    public void A_tensor_of_an_ended_thread_keeps_its_own_memory_alone()
    {
        var (host, test) = TestHost.With(new KernelDevice(_ => { }));
        using (host)
        {
            var left = new List<Tensor>();
            for (int n = 0; n < 16; n++)
            {
                var thread = new Thread(() =>
                {
                    Tensor[] all = [.. Enumerable.Range(0, 200).Select(_ => test.Empty([1024]))];
                    left.Add(all[0]);
                    foreach (var tensor in all.Skip(1)) tensor.Dispose();
                });
                thread.Start();
                thread.Join();
            }
            test.Empty([1]).Dispose();
            test.Allocator.MakeRoom();
            // Each thread took four slabs of 4 KiB cells; the one tensor left keeps the one that it lies in.
            Assert.InRange(test.Memory.Live, 16 * SizeClasses.SlabBytes, 18 * SizeClasses.SlabBytes);
            GC.KeepAlive(left);
        }
    }

    [Fact]
    public void An_ended_thread_leaves_its_counts_and_not_its_memory()
    {
        var device = new TokenDevice();
        var (host, test) = TestHost.With(device);
        using (host)
        {
            for (int i = 0; i < 20; i++)
            {
                var thread = new Thread(() => { var a = test.Tensor(1f); (a + a).Dispose(); });
                thread.Start();
                thread.Join();
            }
            for (int round = 0; round < 20 && test.Memory.Live > 1 << 20; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                // The next allocation of a new buffer frees what the finalizers noted.
                var thread = new Thread(() => test.Empty([100_000]).Dispose());
                thread.Start();
                thread.Join();
            }
            Assert.InRange(test.Memory.Live, 0, 1 << 20);
            Assert.Equal(20, test.Calls.Of(CoreOperators.Add, Way.Native));
        }
    }

    [Fact]
    public void A_small_tensor_fits_where_a_slab_does_not()
    {
        var device = new TokenDevice { Limit = 1000 };
        var (host, test) = TestHost.With(device);
        using (host)
        {
            var a = test.Tensor(1f, 2f);
            Assert.Equal([2, 4], (a + a).ToArray<float>());
            Assert.Throws<OutOfDeviceMemoryException>(() => test.Empty([1000]));
            Assert.Equal([2, 4], (a + a).ToArray<float>());
        }
    }

    [Fact]
    public void A_device_is_never_asked_for_more_than_its_largest_allocation()
    {
        var device = new ScriptedDevice(_ => { }, new DeviceInfo { Name = "Small", Traits = DeviceTraits.Synchronous, LargestAllocation = 1 << 20 });
        var (host, test) = TestHost.With(device);
        using (host)
        {
            test.Empty([1 << 20], DType.U8).Dispose();
            int before = device.Allocations;
            Assert.Throws<OutOfDeviceMemoryException>(() => test.Empty([(1 << 20) + 1], DType.U8));
            Assert.Equal(before, device.Allocations);
        }
    }

    [Fact]
    public void A_view_taken_while_its_tensor_is_disposed_never_makes_two_tensors_share_memory()
    {
        using var host = TestHost.Create();
        var cpu = host["cpu"];
        using var barrier = new Barrier(2);
        Tensor current = cpu.Empty([1]);
        const int Rounds = 20_000;
        var stop = TestContext.Current.CancellationToken;
        var other = new Thread(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                barrier.SignalAndWait(stop);
                try
                {
                    current.Squeeze(0).Dispose();
                }
                catch (InvalidTensorException)
                {
                    // It was disposed first.
                }
                barrier.SignalAndWait(stop);
            }
        });
        other.Start();
        int shared = 0;
        for (int i = 0; i < Rounds; i++)
        {
            barrier.SignalAndWait(stop);
            current.Dispose();
            barrier.SignalAndWait(stop);
            Tensor a = cpu.Empty([1]), b = cpu.Empty([1]);
            if (a.Shares(b)) shared++;
            b.Dispose();
            current = a;
        }
        other.Join();
        Assert.Equal(0, shared);
    }

    [Fact]
    public void A_decomposition_leaves_its_result_to_the_callers_scope_and_nothing_else()
    {
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            var x = test.Tensor([1f, 2, 3, 4], [2, 2]);
            Tensor y;
            using (var scope = new TensorScope())
            {
                y = x.Softmax();
                Assert.Equal(2, y.Rank);
                Assert.Throws<OperatorArgumentException>(() => x.Softmax(dim: 7));
                Assert.False(y.IsDisposed);
            }
            Assert.True(y.IsDisposed);
            Assert.False(x.IsDisposed);
        }
    }

    private sealed class Ended(BackendDevice device, Action? before = null) : Backend
    {
        public int Times { get; private set; }

        public override void Discover(Discovery discovery)
        {
            before?.Invoke();
            discovery.Offer(device);
        }

        protected override void Dispose(bool disposing)
        {
            Times++;
            base.Dispose(disposing);
        }
    }
}
