using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>A failure that nobody has looked for yet spoils what was computed from it, however many queues lie between, and nothing else (QUE-14, QUE-15).</summary>
public sealed class CarriedFailureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_computed_from_lost_numbers_over_several_queues_is_never_read(bool runsBetween)
    {
        using var bench = new QueueBench(Smoking("mul"));
        using Queue second = bench.Device.CreateQueue(), third = bench.Device.CreateQueue();
        var a = bench.Device.Tensor(1f, 2f);
        var lost = a * a;
        Tensor next, last;
        using (second.Use()) next = lost + a;
        using (third.Use())
        {
            using (var early = next.Relu()) { }      // asks for a signal of what the second queue did
            if (runsBetween) bench.Inner.RunAll();   // and by now it has done that
            last = next.Relu();
            bench.Inner.RunAll();
            Assert.Equal("mul", Assert.Throws<DeviceOperationException>(() => last.ToArray<float>()).Operator);
        }
        Assert.Throws<DeviceOperationException>(() => next.ToArray<float>());
        Assert.Equal([1, 2], a.ToArray<float>());
    }

    [Fact]
    public void Many_waits_for_what_is_reached_do_not_hide_what_it_rests_on()
    {
        using var bench = new QueueBench(Smoking("mul"));
        using Queue second = bench.Device.CreateQueue(), third = bench.Device.CreateQueue();
        Tensor a = bench.Device.Tensor(1f, 2f), lost = a * a, next, last, y = a;
        using (second.Use()) next = lost + a;
        using (third.Use()) last = next.Relu();
        for (int i = 0; i < 100; i++)
        {
            using (second.Use()) y = y + a;
            using (third.Use()) y = y.Relu();
            bench.Inner.RunAll();
        }
        Assert.Equal("mul", Assert.Throws<DeviceOperationException>(() => last.ToArray<float>()).Operator);
    }

    [Fact]
    public void A_call_in_place_that_failed_halfway_is_not_repeated()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f, 2f);
        bench.Device.Synchronize();
        bench.Inner.OnSubmit = w =>
        {
            if (w.Name != "neg" || w.Queue != 0) return null;
            bench.Inner.Fail(0, "smoke");             // its own second launch was refused, and the queue with it
            return new BackendException(BackendStatus.DeviceError, "smoke");
        };
        Assert.Throws<DeviceOperationException>(() => Ops.Neg(a, into: a));
        Assert.Throws<DeviceOperationException>(() => a.ToArray<float>());
        Ops.Fill(bench.Device, 7, [2], into: a);
        Assert.Equal([-7, -7], Ops.Neg(a).ToArray<float>());
    }

    [Fact]
    public void A_number_whose_tensor_was_lost_is_written_anew()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f, 2f);
        bench.Device.Synchronize();
        bench.Inner.OnRun = w => w.Name == "fill" ? new BackendException(BackendStatus.DeviceError, "smoke") : null;
        var lost = a + 3;
        Assert.Throws<DeviceOperationException>(() => lost.ToArray<float>());
        bench.Inner.OnRun = null;
        Assert.Equal([4, 5], (a + 3).ToArray<float>());
    }

    [Fact]
    public void A_lost_device_says_so_at_every_wait()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f);
        bench.Inner.Lose("unplugged");
        for (int i = 0; i < 3; i++) Assert.Throws<DeviceLostException>(bench.Device.Queue.Synchronize);
        Assert.Throws<DeviceLostException>(() => a.ToArray<float>());
    }

    [Fact]
    public void Whatever_a_copy_throws_is_the_copys_failure()
    {
        bool broken = false;
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand), outside: device => new ThrowsOnCopy(device, () => broken));
        var a = bench.Device.Tensor(1f, 2f);
        broken = true;
        var error = Assert.Throws<DeviceOperationException>(() => a.ToArray<float>());
        Assert.Equal(("copy", "a bug"), (error.Operator, error.Why));
        broken = false;
        Assert.Equal([1, 2], a.ToArray<float>());
    }

    private sealed class ThrowsOnCopy(BackendDevice inner, Func<bool> throws) : DeviceAround(inner)
    {
        protected override QueueAround Around(BackendQueue queue) => new Throwing(queue, throws);

        private sealed class Throwing(BackendQueue inner, Func<bool> throws) : QueueAround(inner)
        {
            protected override void CopyCore(in CopyRegion region)
            {
                if (throws()) throw new InvalidOperationException("a bug");
                base.CopyCore(region);
            }
        }
    }

    private static QueuedDevice Smoking(string op) => new(Pace.ByHand) { OnRun = w => w.Name == op ? new BackendException(BackendStatus.DeviceError, "smoke") : null };
}
