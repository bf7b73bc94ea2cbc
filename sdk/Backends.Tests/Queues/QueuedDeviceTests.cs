using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>The test device itself, by its bare contract: what other tests rest on.</summary>
public sealed unsafe class QueuedDeviceTests
{
    [Fact]
    public void Nothing_happens_before_its_step_is_taken()
    {
        var device = new QueuedDevice(Pace.ByHand);
        using var bench = new Bench(device);
        bench.Upload(0, value: 1, 5);
        float read = bench.Download(0, value: 2, signal: true);
        Assert.Equal(0, read);
        Assert.Equal(1, device.Run(0, steps: 1));
        Assert.Equal(0, bench.Read);
        device.Run(0);
        Assert.Equal(5, bench.Read);
        Assert.Equal(2ul, bench.Queues[0].Reached());
    }

    [Fact]
    public void A_wait_holds_its_queue_until_the_other_one_is_there()
    {
        var device = new QueuedDevice(Pace.ByHand);
        using var bench = new Bench(device);
        bench.Upload(0, value: 1, 5);
        bench.Queues[0].Signal(1);
        bench.Queues[1].Wait(bench.Queues[0], 1);
        bench.Download(1, value: 1, signal: true);
        Assert.Equal(0, device.Run(1));
        Assert.Equal(WaitResult.TimedOut, bench.Queues[1].HostWait(1, TimeSpan.Zero));
        Assert.Equal(WaitResult.Reached, bench.Queues[1].HostWait(1, Timeout.InfiniteTimeSpan));
        Assert.Equal(5, bench.Read);
        Assert.Empty(device.Complaints);
    }

    [Theory]
    [InlineData((int)Pace.ByHand)]
    [InlineData((int)Pace.ByChance)]
    [InlineData((int)Pace.OwnThread)]
    public void A_failure_stands_at_its_value_and_other_queues_go_on(int pace)
    {
        var device = new QueuedDevice((Pace)pace) { OnRun = w => w is { Queue: 0, Value: 2 } ? new BackendException(BackendStatus.DeviceError, "smoke") : null };
        using var bench = new Bench(device);
        bench.Upload(0, value: 1, 5);
        bench.Queues[0].Signal(1);
        bench.Download(0, value: 2, signal: true);
        bench.Queues[0].Flush();
        Assert.Equal(WaitResult.Failed, bench.Queues[0].HostWait(2, Timeout.InfiniteTimeSpan));
        Assert.Equal(WaitResult.Reached, bench.Queues[0].HostWait(1, Timeout.InfiniteTimeSpan));
        Assert.Equal(new QueueFailure(2, BackendStatus.DeviceError, 7, "smoke"), bench.Queues[0].Failure);
        Assert.Throws<BackendException>(() => bench.Queues[0].Signal(3));
        bench.Queues[1].Wait(bench.Queues[0], 2);
        bench.Download(1, value: 1, signal: true);
        bench.Queues[1].Flush();
        Assert.Equal(WaitResult.Reached, bench.Queues[1].HostWait(1, Timeout.InfiniteTimeSpan));
        Assert.Equal(5, bench.Read);
    }

    [Fact]
    public void What_the_host_must_not_do_is_a_complaint()
    {
        var device = new QueuedDevice(Pace.ByHand);
        using var bench = new Bench(device);
        bench.Upload(0, value: 1, 5);
        bench.Queues[1].Wait(bench.Queues[0], 1);
        bench.Queues[0].Copy(new CopyRegion { Source = bench.Buffer, Target = bench.Buffer, TargetOffset = 2, Length = 4, Value = 1 });
        device.Free(bench.Buffer);
        device.Free(bench.Buffer);
        string[] clauses = ["QUE-7", "MEM-14", "QUE-1", "MEM-4", "freed twice"];
        Assert.Equal(clauses.Length, device.Complaints.Count);
        foreach (var (clause, complaint) in clauses.Zip(device.Complaints)) Assert.Contains(clause, complaint);
        Assert.Throws<InvalidOperationException>(() => bench.Queues[0].HostWait(1, Timeout.InfiniteTimeSpan));
    }

    /// <summary>A device that is open, with two queues, a buffer, and a place in host memory.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly QueuedDevice _device;
        private readonly float[] _host = GC.AllocateArray<float>(2, pinned: true);

        public Bench(QueuedDevice device)
        {
            _device = device;
            device.Open(DeviceInfo.NoOptions);
            Queues = [device.CreateQueue()!, device.CreateQueue()!];
            Buffer = device.Allocate(8);
        }

        public BackendQueue[] Queues { get; }
        public nint Buffer { get; }
        public float Read => _host[1];

        public void Upload(int queue, ulong value, float number)
        {
            _host[0] = number;
            Queues[queue].Copy(new CopyRegion { Source = At(0), Target = Buffer, Length = 4, FromHost = true, Value = value });
            _host[0] = -1;   // it was read when the call returned
        }

        public float Download(int queue, ulong value, bool signal)
        {
            Queues[queue].Copy(new CopyRegion { Source = Buffer, Target = At(1), Length = 4, ToHost = true, Value = value });
            if (signal) Queues[queue].Signal(value);
            Queues[queue].Flush();
            return _device.Pace == Pace.ByHand ? Read : 0;
        }

        public void Dispose() => _device.Close();

        private nint At(int place)
        {
            fixed (float* p = &_host[place]) return (nint)p;
        }
    }
}
