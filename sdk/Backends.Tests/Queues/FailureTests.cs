using System.Runtime.InteropServices;
using Backends.Plugins;
using Backends.Tests.Host;

namespace Backends.Tests.Queues;

/// <summary>What fails late is found where it is waited for, says what it was, and takes nothing else with it (QUE-12 to 16, KER-24).</summary>
public sealed class FailureTests
{
    private const int Places = 100;

    [Fact]
    public void A_failure_at_any_place_surfaces_at_the_next_wait_with_its_operator_shapes_and_value()
    {
        for (int place = 0; place < Places; place++)
        {
            using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
            using var other = bench.Device.CreateQueue();
            var run = new Calls(bench, other, failing: place);
            run.SubmitAll();
            bench.Inner.RunAll();
            var error = Assert.Throws<DeviceOperationException>(run.QueueOf(place).Synchronize);
            var (op, shape, value) = run.Meaning(place);
            Assert.Equal(("BK4002", op, "queued:0"), (error.Id, error.Operator, error.Device));
            Assert.Equal($"queued:0: {op} f32 {shape}{(op is "add" or "mul" ? $" {shape}" : "")} failed on queue {place % 2} at {value}.", error.What);
            Assert.Contains("channel 3 smokes", error.Why);
            run.QueueOf(place).Synchronize();    // said once
            run.QueueOf(place + 1).Synchronize();
            for (int i = 0; i < Places; i++)
                if (i % 2 != place % 2 || i < place) run.IsRight(i);
                else Assert.Equal(error.What, Assert.Throws<DeviceOperationException>(() => run.Read(i)).What);
            run.HealAndGoOn(place);
        }
    }

    [Fact]
    public void However_work_and_failure_interleave_what_can_be_read_is_right()
    {
        for (int place = 0; place < Places; place++)
        {
            using var bench = new QueueBench(new QueuedDevice(Pace.ByChance, seed: place));
            using var other = bench.Device.CreateQueue();
            var run = new Calls(bench, other, failing: place);
            run.SubmitAll();
            Assert.Equal(run.Meaning(place).Operator, Assert.Throws<DeviceOperationException>(run.QueueOf(place).Synchronize).Operator);
            run.QueueOf(place + 1).Synchronize();
            for (int i = 0; i < Places; i++)
                if (i % 2 != place % 2 || i < place) run.IsRight(i);
                else if (i == place) Assert.Throws<DeviceOperationException>(() => run.Read(i));
                else run.IsRightOrLost(i);
            run.HealAndGoOn(place);
        }
    }

    [Fact]
    public void What_was_computed_from_lost_numbers_is_lost_for_the_first_cause_on_any_queue()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { OnRun = w => w.Name == "mul" ? new BackendException(BackendStatus.DeviceError, "smoke") : null });
        using var other = bench.Device.CreateQueue();
        var a = bench.Device.Tensor(1f, 2f);
        var lost = a * a;
        Tensor next, after;
        using (other.Use()) next = lost + a;
        var last = next.Relu();
        bench.Inner.RunAll();
        foreach (var tensor in (Tensor[])[last, next, lost])
        {
            var error = Assert.Throws<DeviceOperationException>(() => tensor.ToArray<float>());
            Assert.Equal("mul", error.Operator);
        }
        // Known by now: said at the call, before anything is enqueued.
        Assert.Equal("mul", Assert.Throws<DeviceOperationException>(() => next + a).Operator);
        using (other.Use()) after = a + a;
        Assert.Equal([2, 4], after.ToArray<float>());
        Assert.Equal([1, 2], a.ToArray<float>());
    }

    [Fact]
    public void Only_a_whole_overwrite_heals()
    {
        bool smokes = true;
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { OnRun = w => smokes && w.Name == "neg" ? new BackendException(BackendStatus.DeviceError, "smoke") : null });
        var a = bench.Device.Tensor(1f, 2f, 3f, 4f);
        Ops.Neg(a, into: a);
        Assert.Throws<DeviceOperationException>(bench.Device.Synchronize);
        smokes = false;
        using (var half = a[..2]) Ops.Fill(bench.Device, 9, [2], into: half);
        Assert.Throws<DeviceOperationException>(() => a.ToArray<float>());
        Ops.Fill(bench.Device, 7, [4], into: a);
        Assert.Equal([7, 7, 7, 7], a.ToArray<float>());
        Assert.Equal([-7, -7, -7, -7], Ops.Neg(a).ToArray<float>());
    }

    [Theory]
    [InlineData(BackendStatus.DeviceError)]
    [InlineData(BackendStatus.Internal)]
    [InlineData(BackendStatus.Timeout)]
    public void A_kernel_that_throws_loses_its_outputs_and_the_queue_goes_on(BackendStatus status)
    {
        bool smokes = false;
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { OnSubmit = w => smokes && w.Name == "add" ? new BackendException(status, "no channel") : null });
        Tensor a = bench.Device.Tensor(1f, 2f), b = bench.Device.Tensor(3f, 4f);
        smokes = true;
        var error = Assert.Throws<DeviceOperationException>(() => Ops.Add(a, b, into: b));
        Assert.Contains("add f32 [2] [2]", error.What);
        Assert.Equal("no channel", error.Why);
        Assert.Equal("no channel", Assert.Throws<DeviceOperationException>(() => b.ToArray<float>()).Why);
        Assert.Equal([1, 2], a.ToArray<float>());
        Assert.Equal([1, 4], (a * a).ToArray<float>());
        smokes = false;
        Assert.Equal([2, 4], (a + a).ToArray<float>());
        bench.Device.Synchronize();
    }

    [Fact]
    public void A_copy_that_is_refused_says_what_it_was_and_has_changed_nothing()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f, 2f);
        bench.Inner.OnSubmit = _ => new BackendException(BackendStatus.DeviceError, "no channel");
        foreach (Action copy in (Action[])[() => a.CopyBytesFrom(new byte[8]), () => a.ToArray<float>(), () => bench.Device.Tensor(3f, 4f)])
        {
            var error = Assert.Throws<DeviceOperationException>(copy);
            Assert.Equal(("BK4002", "copy", "no channel"), (error.Id, error.Operator, error.Why));
            Assert.Contains("copy of 8 B", error.What);
        }
        bench.Inner.OnSubmit = null;
        Assert.Equal([1, 2], a.ToArray<float>());
    }

    [Fact]
    public void An_overwrite_that_got_halfway_leaves_nothing_to_read()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f, 2f, 3f, 4f);
        int left = 1;
        bench.Inner.OnSubmit = _ => left-- == 0 ? new BackendException(BackendStatus.DeviceError, "no channel") : null;
        using (var backwards = a.AsStrided([4], [-1], 3)) Assert.Throws<DeviceOperationException>(() => backwards.CopyBytesFrom(new byte[16]));
        Assert.Equal("no channel", Assert.Throws<DeviceOperationException>(() => a.ToArray<float>()).Why);
        a.CopyBytesFrom(new byte[16]);
        Assert.Equal([0, 0, 0, 0], a.ToArray<float>());
    }

    [Fact]
    public void A_kernel_short_of_memory_is_asked_again_when_there_is_room()
    {
        int refused = 0;
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { OnSubmit = w => w.Name == "add" && refused++ == 0 ? new BackendException(BackendStatus.OutOfMemory, "no workspace") : null });
        var a = bench.Device.Tensor(1f, 2f);
        Assert.Equal([2, 4], (a + a).ToArray<float>());
        Assert.Equal(2, refused);
    }

    [Fact]
    public void A_lost_device_loses_nothing_else()
    {
        for (int place = 0; place < 20; place++)
        {
            QueuedDevice[] inner = [new(Pace.ByChance, place), new(Pace.ByChance, place)];
            OrderChecked[] devices = [new(inner[0]), new(inner[1])];
            var host = TestHost.Create().Add("queued", new DevicesBackend(devices));
            Device lost = host["queued:0"], well = host["queued:1"], cpu = host["cpu"];
            Tensor a = lost.Tensor(1f, 2f), b = well.Tensor(1f, 2f), c = cpu.Tensor(1f, 2f);
            using var other = lost.CreateQueue();
            int left = place;
            inner[0].OnRun = _ => left-- == 0 ? new BackendException(BackendStatus.DeviceLost, "fell off the bus") : null;
            var error = Assert.Throws<DeviceLostException>(() =>
            {
                for (int i = 0; i < 50; i++)
                    using ((i % 2 == 0 ? lost.Queue : other).Use()) Ops.Add(a, a, into: a);
                lost.Synchronize();
            });
            Assert.Equal(("BK4003", "queued:0"), (error.Id, error.Device));
            Assert.Contains("fell off the bus", error.Why);
            Assert.True(lost.IsLost);
            Assert.Throws<DeviceLostException>(() => a.ToArray<float>());
            Assert.Throws<DeviceLostException>(() => a + a);
            Assert.Throws<DeviceLostException>(() => lost.Tensor(1f));
            Assert.Throws<DeviceLostException>(() => lost.Empty([1 << 20]));
            Assert.Throws<DeviceLostException>(lost.Synchronize);
            Assert.False(well.IsLost);
            Assert.Equal([2, 4], (b + b).ToArray<float>());
            Assert.Equal([2, 4], (c + c).ToArray<float>());
            Assert.Equal([1, 2], b.To(cpu).ToArray<float>());
            a.Dispose();
            other.Dispose();
            host.Dispose();
            foreach (var device in devices) device.Verify();
            foreach (var device in inner) Assert.Equal((0, 0), (device.Buffers, device.Complaints.Count));
        }
    }

    [Fact]
    public void A_queue_that_is_disposed_leaves_its_failure_to_the_device()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand) { OnRun = w => w.Queue == 1 ? new BackendException(BackendStatus.DeviceError, "smoke") : null });
        var a = bench.Device.Tensor(1f, 2f);
        Tensor b;
        using (var other = bench.Device.CreateQueue())
        using (other.Use()) b = a + a;
        Assert.Equal("add", Assert.Throws<DeviceOperationException>(bench.Device.Synchronize).Operator);
        bench.Device.Synchronize();
        Assert.Throws<DeviceOperationException>(() => b.ToArray<float>());
    }

    [Fact]
    public void A_device_lost_while_nobody_looks_is_found_lost_by_the_next_call()
    {
        using var bench = new QueueBench(new QueuedDevice(Pace.ByHand));
        var a = bench.Device.Tensor(1f, 2f);
        bench.Inner.Lose("unplugged");
        Assert.Throws<DeviceLostException>(() => a.ToArray<float>());
        Assert.True(bench.Device.IsLost);
    }

    /// <summary>A hundred calls, on two queues in turn, of which one fails.</summary>
    private sealed class Calls
    {
        private static readonly string[] s_ops = ["add", "mul", "neg", "relu"];
        private readonly QueueBench _bench;
        private readonly Queue[] _queues;
        private readonly Tensor[] _inputs;
        private readonly Tensor[] _results = new Tensor[Places];
        private readonly ulong[] _before = new ulong[2];

        public Calls(QueueBench bench, Queue other, int failing)
        {
            (_bench, _queues) = (bench, [bench.Device.Queue, other]);
            _inputs = [.. Enumerable.Range(1, 5).Select(n => bench.Device.Tensor(Numbers(n), [n, 2]))];
            bench.Device.Synchronize();
            _before[0] = 5;
            var (op, _, value) = Meaning(failing);
            bench.Inner.OnRun = w => w.Queue == failing % 2 && w.Value == value && w.Name == op ? new BackendException(BackendStatus.DeviceError, "channel 3 smokes") : null;
        }

        public Queue QueueOf(int call) => _queues[call % 2];

        public (string Operator, Shape Shape, ulong Value) Meaning(int call) => (s_ops[call / 2 % 4], _inputs[call % 5].Shape, _before[call % 2] + (ulong)(call / 2) + 1);

        public void SubmitAll()
        {
            for (int i = 0; i < Places; i++)
                using (QueueOf(i).Use()) _results[i] = Call(i);
        }

        public float[] Read(int call) => _results[call].ToArray<float>();

        public void IsRight(int call) => Assert.Equal(Expected(call), Read(call));

        public void IsRightOrLost(int call)
        {
            try
            {
                IsRight(call);
            }
            catch (DeviceOperationException lost)
            {
                Assert.Contains("channel 3 smokes", lost.Why);
            }
        }

        public void HealAndGoOn(int call)
        {
            _bench.Inner.OnRun = null;
            _results[call].CopyBytesFrom(MemoryMarshal.AsBytes(Expected(call).AsSpan()));
            IsRight(call);
            using (QueueOf(call).Use()) _results[call] = Call(call);
            IsRight(call);
            _bench.Device.Synchronize();
        }

        private Tensor Call(int call)
        {
            var x = _inputs[call % 5];
            return (call / 2 % 4) switch { 0 => x + x, 1 => x * x, 2 => Ops.Neg(x), _ => x.Relu() };
        }

        private static float[] Expected(int call) => [.. Numbers(call % 5 + 1).Select(x => (call / 2 % 4) switch { 0 => x + x, 1 => x * x, 2 => -x, _ => Math.Max(0, x) })];

        private static float[] Numbers(int rows) => [.. Enumerable.Range(0, rows * 2).Select(i => i - 2f)];
    }
}
