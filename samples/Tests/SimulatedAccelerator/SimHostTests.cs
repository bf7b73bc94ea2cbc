namespace Backends.Samples.Tests.SimulatedAccelerator;

/// <summary>The simulated accelerator behind a host, as an app sees it.</summary>
public sealed class SimHostTests
{
    private static BackendHost Host()
    {
        var host = BackendHost.FromPlugins().Add("sim", new Sim.SimBackend());
        host.Log = _ => { };
        return host;
    }

    // A device just opened records nothing yet: its calls must find the queue all the same.
    [Fact]
    public void The_first_calls_of_an_app_go_through_the_queue()
    {
        using var host = Host();
        var device = host["sim:0?seed=2"];
        using var a = device.Tensor([1f, 2, 3]);
        using var b = device.Tensor([10f, 20, 30]);
        using var y = a + b * a;
        Assert.Equal([11f, 42, 93], y.ToArray<float>());
        Assert.Equal(1, device.Waits[WaitCause.Read]);
    }

    [Theory]
    [InlineData("sim:0")]
    [InlineData("sim:0?seed=2")]
    [InlineData("sim:0?seed=3&max-delay=200")]
    public void What_is_computed_does_not_depend_on_the_delays(string name)
    {
        using var host = Host();
        var (device, cpu) = (host[name], host["cpu"]);
        Assert.Equal(Compute(cpu), Compute(device));

        static float[] Compute(Device device)
        {
            using var scope = new TensorScope();
            var x = device.Tensor([.. Enumerable.Range(-30, 60).Select(i => i / 4f)], [6, 10]);
            using var second = device.CreateQueue();
            var y = x.Transpose() * 2 - 1;                    // a view, and scalars
            using (second.Use()) y = y.Relu() + x[0, ..].Sum();
            y *= y;
            using (second.Use()) y = y.To(DType.I32).To(DType.F32) - y;     // casts fall back
            return y.MatMul(x).Sum(dim: 0).ToArray<float>();
        }
    }

    // Nothing is disposed: what is dropped must come back in time.
    [Fact]
    public void A_small_memory_lasts_for_a_long_program()
    {
        using var host = Host();
        var device = host["sim:0?memory-limit=16MiB&max-delay=0"];
        using var a = device.Full([4096], 2f);
        using var b = device.Full([4096], 3f);
        using var c = device.Full([4096], 4f);
        Tensor y = c;
        for (int i = 0; i < 5_000; i++) y = a * b + c;
        Assert.All(y.ToArray<float>(), x => Assert.Equal(10, x));
    }

    [Fact]
    public void An_allocation_that_fails_is_a_typed_error_or_retried_and_leaks_nothing()
    {
        for (int n = 1; n <= 8; n++)
        {
            using var host = Host();
            var device = host[$"sim:0?fault=memory@{n}"];
            int refused = 0, done = 0;
            for (int i = 0; i < 20; i++)
            {
                try
                {
                    using var x = device.Full([1 << 20], (float)i);
                    using var y = x + x;
                    Assert.Equal(2f * i, y.ToArray<float>()[^1]);
                    done++;
                }
                catch (OutOfDeviceMemoryException)
                {
                    refused++;
                }
            }
            Assert.True(n == 1 ? refused == 20 : done > 0, $"memory@{n}: {done} done, {refused} refused");
            // What was disposed is found at the next allocation; of the tensors of 4 MiB none is left then.
            for (int attempt = 0; attempt < 2; attempt++) Record.Exception(() => device.Tensor([1f]).Dispose());
            Assert.True(device.Memory.Live < 4 << 20, $"memory@{n}: {device.Memory}");
        }
    }

    // Wherever it strikes: it surfaces at the next wait, with operator and value; the queue works again, others never stopped.
    [Fact]
    public void A_failure_at_any_place_surfaces_with_its_operator_and_leaves_the_device_in_use()
    {
        for (int place = 1; place <= 100; place++)
        {
            using var host = Host();
            var device = host[$"sim:0?max-delay=1&fault=error@{place}"];
            using var second = device.CreateQueue();
            var failure = Assert.Throws<DeviceOperationException>(() =>
            {
                using var scope = new TensorScope();
                var x = device.Tensor([1f, 2, 3]);
                var y = x + x;
                for (int i = 0; i < 110; i++) y = i % 2 == 0 ? y * x : y - x;
                device.Synchronize();
            });
            Assert.Contains(place == 1 ? "copy of 12 B" : "f32 [3] [3] failed", failure.Message, StringComparison.Ordinal);
            Assert.Contains($"on queue 0 at {place}.", failure.Message, StringComparison.Ordinal);
            foreach (var queue in new[] { device.Queue, second })
                using (queue.Use())
                using (var sum = device.Tensor([1f]) + device.Tensor([2f]))
                    Assert.Equal(3, sum.ToScalar<float>());
        }
    }

    [Fact]
    public void A_lost_device_loses_nothing_else()
    {
        using var host = Host();
        var (device, other) = (host["sim:0?fault=lost@3"], host["sim:1"]);
        using var kept = other.Tensor([1f, 2]);
        Assert.Throws<DeviceLostException>(() =>
        {
            using var x = device.Tensor([1f]);
            using var y = x + x;
            using var z = y + x;
            z.ToArray<float>();
        });
        Assert.True(device.IsLost);
        Assert.Throws<DeviceLostException>(() => device.Tensor([1f]).ToArray<float>());
        using var sum = kept + kept;
        Assert.Equal([2f, 4], sum.ToArray<float>());
    }

    [Fact]
    public async Task Sixteen_threads_share_one_queue_and_keep_their_own_numbers()
    {
        using var host = Host();
        var device = host["sim:0?max-delay=0"];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(t => Task.Factory.StartNew(() =>
        {
            using var one = device.Tensor([1f]);
            using var sum = device.Tensor([(float)t]);
            for (int i = 0; i < 2_000; i++) sum.AddInPlace(one);
            Assert.Equal(2_000 + t, sum.ToScalar<float>());
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }
}
