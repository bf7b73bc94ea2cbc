using System.Collections.Concurrent;
using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>
/// Around any asynchronous device: proves that the host orders every two accesses of which one writes (QUE-17), frees memory only when all that used
/// it is over (MEM-4), and keeps to the rules for submitting (QUE-1, -4, -7, -11, -16). Not by what happens to run first, but by vector clocks over what the host said and saw:
/// a submission comes after the earlier ones of its queue, after what its queue was told to wait for, and after every point that the host had
/// seen reached when it submitted. Nothing else is an order, however the device's threads may run.
/// </summary>
/// <remarks>
/// What the host has seen is one clock, not one a thread: its threads tell one another through its memory, which nobody sees from here; and a point
/// that was seen by any of them before a submission began is over in truth. What lies before everything to come is forgotten, so memory stays bounded.
/// </remarks>
internal sealed unsafe partial class OrderChecked(BackendDevice inner) : DeviceAround(inner)
{
    private readonly Lock _lock = new();
    private readonly Clock _seen = new();
    private int _seenVersion;
    private readonly List<CheckedQueue> _queues = [];
    private readonly Dictionary<nint, List<Access>> _buffers = [];
    private readonly List<Access> _hostMemory = [];

    /// <summary>What was not ordered, and what else the host must not do; the first hundred of them.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Accesses that were compared with the ones before them.</summary>
    public long Checked { get; private set; }

    /// <summary>Accesses that are remembered.</summary>
    public int Remembered
    {
        get { lock (_lock) return _hostMemory.Count + _buffers.Values.Sum(b => b.Count); }
    }

    /// <summary>Fails the test that calls it, unless all was in order.</summary>
    public void Verify() => Assert.True(Violations.IsEmpty, string.Join("\n", Violations));

    protected override QueueAround Around(BackendQueue queue)
    {
        lock (_lock)
        {
            var around = new CheckedQueue(this, queue, _queues.Count);
            _queues.Add(around);
            return around;
        }
    }

    protected override void CloseCore()
    {
        lock (_lock)
        {
            if (_buffers.Count > 0) Report($"{_buffers.Count} buffers are not freed when the device is closed (OBJ-3)");
            foreach (var queue in _queues.Where(q => !q.IsDisposed)) Report($"queue {queue.Number} is not destroyed when the device is closed (OBJ-3)");
        }
        base.CloseCore();
    }

    protected override nint AllocateCore(nuint bytes)
    {
        nint address = base.AllocateCore(bytes);
        lock (_lock)
            if (address != 0 && !_buffers.TryAdd(address, [])) Report($"0x{address:x} was given twice (MEM-3)");
        return address;
    }

    protected override void FreeCore(nint address)
    {
        lock (_lock)
        {
            if (!_buffers.Remove(address, out var accesses)) Report($"0x{address:x} is freed, and is no buffer (MEM-4)");
            foreach (var access in accesses ?? [])
                if (!IsOver(access) && !_queues[access.Queue].HasFailed) Report($"free of 0x{address:x} is not ordered after: {access} (MEM-4)");
        }
        base.FreeCore(address);
    }

    protected override BackendStatus Call(Kernel kernel, CallFrame* frame, QueueAround? queue, Func<BackendStatus> run)
    {
        if (queue is not CheckedQueue on) return run();
        string what = frame->Phase == 0 ? kernel.Operator : $"{kernel.Operator}, phase {frame->Phase}";
        on.Enter();
        try
        {
            // KER-24: after these two nothing was enqueued, after all others something may have been.
            return on.Submit(frame->Value, what, run, status => status is not (BackendStatus.Declined or BackendStatus.OutOfMemory), Accesses(frame, what, on.Number));
        }
        finally
        {
            on.Leave();
        }
    }

    private static List<(nint, Access)> Accesses(CallFrame* frame, string what, int queue)
    {
        var accesses = new List<(nint, Access)>();
        for (int i = 0; i < frame->InputCount + frame->OutputCount; i++)
        {
            bool writes = i >= frame->InputCount;
            var tensor = writes ? frame->Outputs[i - frame->InputCount] : frame->Inputs[i];
            if (tensor == null || tensor->Data == null || new TensorArg(tensor).Elements == 0) continue;
            accesses.Add(((nint)tensor->Data, Access.Of(what, queue, frame->Value, writes, tensor)));
        }
        if (frame->WorkspaceBytes > 0)
            accesses.Add(((nint)frame->Workspace, Access.Bytes($"{what}'s workspace", queue, frame->Value, true, frame->WorkspaceOffset, frame->WorkspaceBytes)));
        return accesses;
    }

    private bool IsOver(Access access) => _seen[access.Queue] >= access.Value;

    private void Report(string text)
    {
        if (Violations.Count < 100) Violations.Enqueue(text);
    }

    // Compares with everything remembered of the memory, and forgets on the way what lies before all that can come.
    private void Check(List<Access> earlier, Access access, Clock clock)
    {
        Checked++;
        int kept = 0;
        for (int i = 0; i < earlier.Count; i++)
        {
            var old = earlier[i];
            if (IsOver(old)) continue;
            bool isOrdered = clock[old.Queue] >= old.Value;
            if (!isOrdered && (access.Writes || old.Writes) && access.Overlaps(old)) Report($"not ordered: {old}, and then {access}");
            // Who is ordered after a write is ordered after all that it covers and came before it; the same for a queue's own later read.
            bool isCovered = isOrdered && access.Covers(old) && (access.Writes || (!old.Writes && old.Queue == access.Queue));
            if (!isCovered) earlier[kept++] = old;
        }
        earlier.RemoveRange(kept, earlier.Count - kept);
    }

    private void Note(nint address, Access access, Clock clock)
    {
        if (!_buffers.TryGetValue(address, out var earlier))
        {
            Report($"{access}: 0x{address:x} is no buffer of the device (MEM-3)");
            return;
        }
        Check(earlier, access, clock);
        earlier.Add(access);
    }

    private void NoteHost(Access access, Clock clock)
    {
        Check(_hostMemory, access, clock);
        _hostMemory.Add(access);
    }
}
