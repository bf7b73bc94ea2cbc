using Backends.Tests.Host;

namespace Backends.Tests.Queues;

/// <summary>
/// The host orders what must be ordered (QUE-17, MEM-4): random programs over two queues give the model's numbers on a device that interleaves as
/// chance wills, and the check sees no unordered access.
/// </summary>
[Collection("sim")]   // one process has one sim:0, and these open it with different options
public sealed class OrderTests
{
    private const int Tried = 300;

    [Fact]
    public void Programs_over_two_queues_mean_what_their_steps_mean_one_after_the_other()
    {
        // Several programs run on one device, so that they find each other's memory; the seed of a batch repeats all of it.
        const int Batch = 25;
        for (int seed = 0; seed < Effort.Of(100_000) / Batch; seed++)
        {
            using var bench = new QueueBench(new QueuedDevice(Pace.ByChance, seed));
            using var other = bench.Device.CreateQueue();
            QueueProgram.Each(seed, Batch, program =>
            {
                program.Run(bench.Device, other);
                bench.Check.Verify();
            });
        }
    }

    [Fact]
    public void Whatever_fails_what_can_be_read_is_right()
    {
        int right = 0, programs = Effort.Of(10_000);
        for (int seed = 0; seed < programs; seed++)
        {
            var inner = new QueuedDevice(Pace.ByChance, seed);
            using var bench = new QueueBench(inner);
            using var other = bench.Device.CreateQueue();
            QueueProgram.Each(seed, 1, program =>
            {
                var chance = new Random(seed);
                right += program.RunAmongFailures(bench.Device, other, begin =>
                {
                    inner.OnRun = begin ? _ => chance.Next(12) == 0 ? new BackendException(BackendStatus.DeviceError, "late") : null : null;
                    inner.OnSubmit = begin ? _ => chance.Next(40) == 0 ? new BackendException(chance.Next(2) == 0 ? BackendStatus.OutOfMemory : BackendStatus.Internal, "at once") : null : null;
                    inner.AllocationFails = begin && seed % 20 == 0 ? _ => chance.Next(2) == 0 : null;   // each costs collections
                });
                bench.Check.Verify();
            });
        }
        Assert.InRange(right, programs / 2, programs * 3 - programs / 2);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1?seed=2")]
    public void On_the_simulated_accelerator_programs_mean_the_same(string device)
    {
        using var plugins = TestHost.Create();
        OrderChecked[] checks = [.. plugins.Devices.Where(d => d.Name.StartsWith("sim:", StringComparison.Ordinal)).Select(d => new OrderChecked(d.Device))];
        using (var host = TestHost.Create().Add("checked", new DevicesBackend(checks)))
        {
            // sim has no kernel for some of the steps: here these fall back, and their copies are ordered like all others.
            host.Fallback = FallbackPolicy.Allow;
            var sim = host[$"checked:{device}"];
            using var other = sim.CreateQueue();
            QueueProgram.Each(seed: 3, Effort.Of(10_000), program => program.Run(sim, other));
        }
        foreach (var check in checks) check.Verify();
        Assert.NotEqual(0, checks.Sum(c => c.Checked));
    }

    [Fact]
    public void A_dispatcher_without_its_waits_is_caught()
    {
        int caught = 0;
        QueueProgram.Each(seed: 1, Tried, program =>
        {
            using var bench = new QueueBench(new QueuedDevice(Pace.ByChance), outside: device => new ForgetsWaits(device)) { IsStrict = false };
            using var other = bench.Device.CreateQueue();
            try
            {
                program.Run(bench.Device, other);
            }
            catch (Xunit.Sdk.XunitException)
            {
                // A wrong number shows the same mistake, when chance makes it one; the check needs no luck.
            }
            if (!bench.Check.Violations.IsEmpty) caught++;
        });
        Assert.True(caught > Tried / 4, $"{caught} of {Tried} programs");
    }

    [Fact]
    public void Memory_that_the_writing_queue_read_last_is_not_given_to_another_one()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        using var other = bench.Device.CreateQueue();
        var a = bench.Device.Tensor(1f, 2f);
        Tensor b, c;
        using (other.Use()) b = a + a;          // so that the other queue stands first among the readers
        bench.Inner.RunAll();
        c = a * b;
        a.Dispose();
        using (other.Use()) b = b + b;          // finds the memory of a
        bench.Inner.RunAll();
        Assert.Equal([2, 8], c.ToArray<float>());
        Assert.Equal([4, 8], b.ToArray<float>());
    }

    [Fact]
    public void A_queue_that_failed_before_its_wait_was_over_orders_nothing()
    {
        var inner = new QueuedDevice(Pace.ByHand);
        using var bench = new QueueBench(inner);
        using var other = bench.Device.CreateQueue();
        var a = bench.Device.Tensor(1f, 2f);
        var b = bench.Device.Tensor(0f, 0f);
        bench.Device.Synchronize();
        using (other.Use()) Ops.Add(a, a, into: b);       // not yet run
        Ops.Neg(a, into: b);                              // waits for it, on queue 0
        inner.Fail(queue: 0, "smoke");
        Assert.Throws<DeviceOperationException>(bench.Device.Queue.Synchronize);
        Ops.Fill(bench.Device, 7, [2], into: b);          // on a fresh queue 0: not before the other queue is done
        inner.Run(2);
        inner.RunAll();
        Assert.Equal([7, 7], b.ToArray<float>());
    }

    [Fact]
    public void What_a_queue_did_well_before_it_failed_is_lost_where_it_rests_on_lost_numbers()
    {
        var inner = new QueuedDevice(Pace.ByHand) { OnRun = w => w.Name is "mul" or "neg" ? new BackendException(BackendStatus.DeviceError, "smoke") : null };
        using var bench = new QueueBench(inner);
        using var other = bench.Device.CreateQueue();
        var a = bench.Device.Tensor(1f, 2f);
        Tensor lost = a * a, b, c;
        using (other.Use()) b = lost + a;                     // runs, on numbers that were never written
        using (other.Use()) c = Ops.Neg(b);                   // fails by itself
        Assert.Equal("neg", Assert.Throws<DeviceOperationException>(other.Synchronize).Operator);
        Assert.Equal("mul", Assert.Throws<DeviceOperationException>(() => b.ToArray<float>()).Operator);
        Assert.Throws<DeviceOperationException>(() => c.ToArray<float>());
    }
}
