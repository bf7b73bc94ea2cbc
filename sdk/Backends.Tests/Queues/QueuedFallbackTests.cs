using Backends.Plugins;
using Backends.Tests.Host;

namespace Backends.Tests.Queues;

/// <summary>A call that runs elsewhere is a call of its queue all the same (FAL-3, FAL-4).</summary>
public sealed class QueuedFallbackTests : IDisposable
{
    private readonly QueueBench _bench = new(new QueuedDevice(Pace.ByHand), fallback: true);
    private readonly List<CopyRegion> _copies = [];
    private Device Device => _bench.Device;

    public QueuedFallbackTests() => _bench.Inner.Copied = _copies.Add;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Each_input_is_read_once_and_the_result_goes_back_as_a_stable_copy()
    {
        Tensor a = Device.Tensor(5f, 6f), b = Device.Tensor(1f, 2f);
        _copies.Clear();
        var y = Ops.Sub(a, b);
        Assert.Equal([(false, true, 8), (false, true, 8), (true, false, 8)], Moved());
        Assert.True(_copies[2].IsStable);
        _copies.Clear();
        Assert.Equal([0, 0], Ops.Sub(y, y).ToArray<float>());
        Assert.Equal(3, _copies.Count);             // down once, back, and the read
        Assert.Equal(new FallbackCount(2, 24, 16, default), Device.Calls.Fallbacks[("sub", WayReason.NoKernel)] with { Waited = default });
    }

    [Fact]
    public void Only_reachable_elements_are_read()
    {
        var a = Device.Full([100], 3f);
        using var few = a[10..12];
        _copies.Clear();
        Ops.Sub(few, few).Dispose();
        Assert.Equal([(false, true, 8), (true, false, 8)], Moved());
        using var wide = few.Expand([50, 2]);
        _copies.Clear();
        Ops.Sub(wide, wide).Dispose();
        Assert.Equal((false, true, 8), Moved()[0]);
    }

    [Fact]
    public void Later_work_on_any_queue_comes_after_it()
    {
        using var other = Device.CreateQueue();
        Tensor a = Device.Tensor(5f, 6f), b = Device.Tensor(1f, 2f), y, z;
        using (other.Use()) y = Ops.Sub(a, b);
        z = y + y;
        Ops.Add(a, a, into: a);
        Assert.Equal([8, 8], z.ToArray<float>());
        Assert.Equal([4, 4], y.ToArray<float>());
        Assert.Equal([10, 12], a.ToArray<float>());
    }

    [Fact]
    public void In_place_it_writes_the_views_elements_and_not_their_neighbours()
    {
        var a = Device.Tensor(1f, 2f, 3f, 4f, 5f, 6f);
        using (var every = a.AsStrided([3], [2])) Ops.Sub(every, every * 3, into: every);
        Assert.Equal([-2, 2, -6, 4, -10, 6], a.ToArray<float>());
        // Onto what it reads, shifted: as if all had been read first.
        using (Tensor low = a[..5], high = a[1..]) Ops.Sub(low, high, into: high);
        Assert.Equal([-2, -4, 8, -10, 14, -16], a.ToArray<float>());
    }

    [Fact]
    public void A_failure_elsewhere_leaves_the_target_as_it_was()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        bench.Host.Add("cpu", new SingleDeviceBackend(new KernelDevice(AddHalfADifference)));
        Tensor a = bench.Device.Tensor(1f, 2f), target = bench.Device.Tensor(8f, 9f);
        var error = Assert.Throws<DeviceOperationException>(() => Ops.Sub(a, a, into: target));
        Assert.Equal(("sub", "half of it"), (error.Operator, error.Why));
        Assert.Equal([8, 9], target.ToArray<float>());
        Assert.Throws<DeviceOperationException>(() => Ops.Sub(a, a, into: a));
        Assert.Equal([1, 2], a.ToArray<float>());
        Assert.Equal([2, 4], (a + a).ToArray<float>());
    }

    private static unsafe void AddHalfADifference(KernelList kernels) =>
        kernels.Add(new Kernel { Operator = "sub", Types = [DType.F32], Accepts = Accepts.InPlace, Name = "half.sub", Run = &HalfADifference });

    private static unsafe void HalfADifference(CallFrame* frame)
    {
        new SubArgs(frame).Y.AsSpan<float>()[0] = 0;
        throw new BackendException(BackendStatus.Internal, "half of it");
    }

    [Fact]
    public void Lost_inputs_are_told_as_by_a_read_and_leave_the_target_as_it_was()
    {
        Tensor a = Device.Tensor(1f, 2f), target = Device.Tensor(8f, 9f);
        _bench.Inner.OnRun = w => w.Name == "mul" ? new BackendException(BackendStatus.DeviceError, "smoke") : null;
        var lost = a * a;
        Assert.Equal("mul", Assert.Throws<DeviceOperationException>(() => Ops.Sub(lost, a, into: target)).Operator);
        Assert.Equal([8, 9], target.ToArray<float>());
        Assert.Equal([0, 0], Ops.Sub(a, a).ToArray<float>());
    }

    private (bool Up, bool Down, int Bytes)[] Moved() => [.. _copies.Select(c => (c.FromHost, c.ToHost, (int)c.Length))];
}
