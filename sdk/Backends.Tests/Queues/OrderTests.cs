using Backends.Tests.Host;

namespace Backends.Tests.Queues;

/// <summary>
/// The host orders what must be ordered (QUE-17, MEM-4): random programs over two queues give the model's numbers on a device that interleaves as
/// chance wills, and the check sees no unordered access.
/// </summary>
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
}
