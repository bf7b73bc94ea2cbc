using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>A queue of a <see cref="QueuedDevice"/>: a list of steps, taken one at a time from the front. All of it happens under the device's lock.</summary>
internal sealed unsafe class QueuedQueue(QueuedDevice device, int number, bool isEager) : BackendQueue
{
    private readonly Queue<Step> _steps = new();
    private int _handedOver;
    private ulong _submitted, _asked, _reached;
    private QueueFailure? _failure;

    public int Number => number;
    public bool IsDisposed { get; private set; }

    /// <summary>The last value whose work is done, signalled or not.</summary>
    public ulong Done { get; private set; }

    /// <summary>Steps that are not taken yet: work, waits and signals.</summary>
    public int Pending => _steps.Count;

    /// <summary>Enqueues work with a value, or throws and has enqueued nothing.</summary>
    internal void Submit(ulong value, string name, Action run, Block[] blocks)
    {
        lock (device.Gate)
        {
            var work = new Work(number, value, name);
            Check();
            if (device.OnSubmit?.Invoke(work) is { } error) throw error;
            if (value <= _submitted) device.Complain($"queue {number}: {name} has value {value} after {_submitted} (QUE-1)");
            _submitted = value;
            foreach (var block in blocks) block.Users++;
            Enqueue(new Step(work, run, blocks, null));
            device.Submitted?.Invoke(work);
            device.Stir();
        }
    }

    /// <summary>Takes the front step if it can be taken now.</summary>
    internal bool TryStep()
    {
        if (_handedOver == 0 || _failure is not null) return false;
        var step = _steps.Peek();
        if (step.Other is { } other && other._failure is null && !other.IsDisposed && other._reached < step.Work.Value) return false;
        _steps.Dequeue();
        _handedOver--;
        if (step.Blocks is not null) Run(step);
        else if (step.Other is null) _reached = step.Work.Value;
        if (device.Pace == Pace.OwnThread) Monitor.PulseAll(device.Gate);
        return true;
    }

    /// <summary>Fails at the first value that is not done; what was submitted after never runs (QUE-13).</summary>
    internal void Fail(BackendException error)
    {
        _failure ??= new QueueFailure(Done + 1, error.Status, 7, error.Message);
        foreach (var step in _steps) Release(step);
        _steps.Clear();
        _handedOver = 0;
    }

    protected override void CopyCore(in CopyRegion region)
    {
        lock (device.Gate)
        {
            Check();
            var (run, blocks) = Moving(region);
            device.Copied?.Invoke(region);
            Submit(region.Value, region.FromHost ? "upload" : region.ToHost ? "download" : "move", run, blocks);
        }
    }

    protected override void WaitCore(BackendQueue other, ulong value)
    {
        lock (device.Gate)
        {
            Check();
            var queue = (QueuedQueue)other;
            if (queue.IsDisposed) device.Complain($"queue {number} waits for {value} of queue {queue.Number}, which is destroyed (QUE-7)");
            else if (queue._failure is null && value > queue._asked) device.Complain($"queue {number} waits for {value} of queue {queue.Number}, which was not signalled (QUE-7)");
            Enqueue(new Step(new Work(number, value, "wait"), null, null, queue));
            device.Stir();
        }
    }

    protected override void SignalCore(ulong value)
    {
        lock (device.Gate)
        {
            Check();
            if (value <= _asked) device.Complain($"queue {number}: signal of {value} after {_asked} (QUE-3)");
            _asked = value;
            Enqueue(new Step(new Work(number, value, "signal"), null, null, null));
            device.Stir();
        }
    }

    protected override void FlushCore()
    {
        lock (device.Gate)
        {
            _handedOver = _steps.Count;
            device.Stir();
        }
    }

    protected override ulong ReachedCore()
    {
        lock (device.Gate) return _reached;
    }

    protected override WaitResult HostWaitCore(ulong value, TimeSpan timeout)
    {
        lock (device.Gate)
        {
            if (value > _asked && _failure is null) throw new InvalidOperationException($"the host waits for {value} of queue {number}, which was not signalled (QUE-6)");
            while (_reached < value && _failure is null)
            {
                if (timeout == TimeSpan.Zero) return WaitResult.TimedOut;
                if (device.Pace == Pace.OwnThread) Monitor.Wait(device.Gate);
                else if (!device.TryStepAny()) throw new InvalidOperationException($"the host waits for {value} of queue {number}, and nothing can run: it was not flushed (QUE-5)");
            }
            return _reached >= value ? WaitResult.Reached : WaitResult.Failed;
        }
    }

    protected override QueueFailure? FailureCore()
    {
        lock (device.Gate) return _failure;
    }

    protected override void Dispose(bool disposing)
    {
        lock (device.Gate)
        {
            if (_steps.Any(s => s.Blocks is not null)) device.Complain($"queue {number} is destroyed with work in it (QUE-16)");
            Fail(new BackendException(BackendStatus.Internal, "the queue is destroyed"));
            IsDisposed = true;
        }
        base.Dispose(disposing);
    }

    private void Check()
    {
        device.ThrowIfLost();
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (_failure is not null) throw new BackendException(_failure.Status, _failure.Text);
    }

    private void Enqueue(Step step)
    {
        _steps.Enqueue(step);
        if (isEager) _handedOver = _steps.Count;
    }

    private void Run(Step step)
    {
        if (device.OnRun?.Invoke(step.Work) is { } error)
        {
            Release(step);
            if (error.Status == BackendStatus.DeviceLost) device.Lose(error.Message);
            else Fail(error);
            return;
        }
        step.Run!();
        Done = step.Work.Value;
        Release(step);
    }

    private static void Release(Step step)
    {
        foreach (var block in step.Blocks ?? []) block.Users--;
    }

    private (Action, Block[]) Moving(CopyRegion region)
    {
        Block? from = region.FromHost ? null : device.Find(region.Source, region.SourceOffset, region.Length);
        Block? to = region.ToHost ? null : device.Find(region.Target, region.TargetOffset, region.Length);
        if (from is not null && from == to && Math.Max(region.SourceOffset, region.TargetOffset) < Math.Min(region.SourceOffset, region.TargetOffset) + region.Length)
            device.Complain($"queue {number}: a copy whose ranges overlap (MEM-14)");
        byte* source = (from is null ? (byte*)region.Source : from.Memory) + region.SourceOffset, target = (to is null ? (byte*)region.Target : to.Memory) + region.TargetOffset;
        int length = checked((int)region.Length);
        Block[] blocks = [.. ((Block?[])[from, to]).OfType<Block>()];
        if (!region.FromHost || region.IsStable) return (() => new Span<byte>(source, length).CopyTo(new Span<byte>(target, length)), blocks);
        byte[] read = new Span<byte>(source, length).ToArray();
        return (() => read.CopyTo(new Span<byte>(target, length)), blocks);
    }

    /// <summary>Work (it has blocks), a wait (it has another queue), or a signal.</summary>
    private sealed record Step(Work Work, Action? Run, Block[]? Blocks, QueuedQueue? Other);
}
