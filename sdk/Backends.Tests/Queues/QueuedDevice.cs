using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>Who moves a <see cref="QueuedDevice"/>'s work forward.</summary>
internal enum Pace
{
    /// <summary>The test, by <see cref="QueuedDevice.Run"/>; a host's wait runs what it needs, queue by queue.</summary>
    ByHand,
    /// <summary>Chance, on the caller's thread, after each call and during waits: the same seed gives the same interleaving.</summary>
    ByChance,
    /// <summary>A thread of the device.</summary>
    OwnThread,
}

/// <summary>One submission, as a fault sees it.</summary>
internal readonly record struct Work(int Queue, ulong Value, string Name);

/// <summary>
/// An asynchronous device for tests: queues whose work waits until it is moved, addresses that nobody can touch, failures where a test wants them.
/// Moved by hand or by chance it has no threads, so every interleaving can be had again. It trusts nobody: what the host must not do is in
/// <see cref="Complaints"/>, and a test ends with none.
/// </summary>
internal sealed unsafe partial class QueuedDevice(Pace pace, int seed = 0, DeviceTraits traits = default) : BackendDevice(new DeviceInfo { Name = $"Queued {pace}", Traits = traits })
{
    // Not canonical on any 64-bit machine: whoever touches one is found out.
    private nint _next = unchecked((nint)0x0BAD_0000_0000_0000);
    private readonly Dictionary<nint, Block> _blocks = [];
    private readonly List<QueuedQueue> _queues = [];
    private readonly Random _random = new(seed);
    private Thread? _thread;
    private bool _closing;
    private long _allocations;

    /// <summary>What the host did and must not do.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Every queue that was ever made, by number.</summary>
    public IReadOnlyList<QueuedQueue> Queues => _queues;

    /// <summary>Bytes that fit.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>Makes allocations fail, by their number from 1.</summary>
    public Func<long, bool>? AllocationFails { get; set; }

    /// <summary>Makes a submission throw: nothing is enqueued (QUE-12, KER-24).</summary>
    public Func<Work, BackendException?>? OnSubmit { get; set; }

    /// <summary>Makes work fail late: the queue fails at its value; with <see cref="BackendStatus.DeviceLost"/> the device is lost.</summary>
    public Func<Work, BackendException?>? OnRun { get; set; }

    /// <summary>Takes every submission in order; what is run tells by <see cref="QueuedQueue.Done"/>.</summary>
    public Action<Work>? Submitted { get; set; }

    /// <summary>Takes every copy in order.</summary>
    public Action<CopyRegion>? Copied { get; set; }

    /// <summary>Operators whose kernels it does not have.</summary>
    public string[] Without { get; init; } = [];

    /// <summary>Why the device is lost, or null.</summary>
    public string? Lost { get; private set; }

    /// <summary>Buffers that are not freed yet.</summary>
    public int Buffers
    {
        get { lock (Gate) return _blocks.Count; }
    }

    /// <summary>Bytes in them.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many times memory was asked for.</summary>
    public long Allocations => _allocations;

    /// <summary>Guards everything: a step of work is one whole.</summary>
    internal object Gate { get; } = new();

    internal Pace Pace => pace;

    /// <summary>Runs so many steps of a queue; the rest of them when it is blocked or empty are not made. Gives how many were.</summary>
    public int Run(int queue, int steps = int.MaxValue)
    {
        int made = 0;
        lock (Gate)
            while (made < steps && _queues[queue].TryStep()) made++;
        return made;
    }

    /// <summary>Runs everything that can run.</summary>
    public void RunAll()
    {
        lock (Gate)
            while (TryStepAny()) { }
    }

    /// <summary>Loses the device: all that was submitted and not yet done fails (QUE-22).</summary>
    public void Lose(string text)
    {
        lock (Gate)
        {
            Lost ??= text;
            foreach (var queue in _queues) queue.Fail(new BackendException(BackendStatus.DeviceLost, Lost));
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>Fails a queue where it stands, for a reason that is not its work's.</summary>
    public void Fail(int queue, string text)
    {
        lock (Gate)
        {
            _queues[queue].Fail(new BackendException(BackendStatus.DeviceError, text));
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>Chance moves some work, where it is chance that does.</summary>
    internal void Stir()
    {
        if (pace == Pace.OwnThread) Monitor.PulseAll(Gate);
        if (pace != Pace.ByChance) return;
        for (int steps = _random.Next(4); steps > 0 && TryStepAny(); steps--) { }
    }

    internal bool TryStepAny()
    {
        int first = pace == Pace.ByHand ? 0 : _random.Next(_queues.Count);
        for (int i = 0; i < _queues.Count; i++)
            if (_queues[(first + i) % _queues.Count].TryStep()) return true;
        return false;
    }

    internal void Complain(string text) => Complaints.Enqueue(text);

    internal void ThrowIfLost()
    {
        if (Lost is not null) throw new BackendException(BackendStatus.DeviceLost, Lost);
    }

    /// <summary>Where an address's bytes are; a host address, or one that was freed, is refused.</summary>
    internal Block Find(nint address, ulong offset, ulong length)
    {
        if (!_blocks.TryGetValue(address, out var block)) throw new BackendException(BackendStatus.InvalidArgument, $"0x{address:x} is no buffer of this device");
        if (offset + length > block.Bytes) throw new BackendException(BackendStatus.InvalidArgument, $"{offset}+{length} leads outside of a buffer of {block.Bytes} bytes");
        return block;
    }

    protected override void OpenCore(IReadOnlyDictionary<string, string> options)
    {
        if (pace != Pace.OwnThread) return;
        _thread = new Thread(Work) { IsBackground = true, Name = "queued device" };
        _thread.Start();
    }

    protected override void CloseCore()
    {
        lock (Gate)
        {
            _closing = true;
            Monitor.PulseAll(Gate);
        }
        _thread?.Join();
    }

    protected override nint AllocateCore(nuint bytes)
    {
        lock (Gate)
        {
            ThrowIfLost();
            if (AllocationFails?.Invoke(++_allocations) == true || Bytes + (long)bytes > Limit) return 0;
            nint address = _next;
            _next += (nint)(bytes + 0xFFFF) & ~0xFFF;
            byte* memory = (byte*)NativeMemory.Alloc(bytes);
            new Span<byte>(memory, (int)Math.Min(bytes, 4096)).Fill(0xFE);   // no number that any test expects
            _blocks.Add(address, new Block(memory, bytes));
            Bytes += (long)bytes;
            return address;
        }
    }

    protected override void FreeCore(nint address)
    {
        lock (Gate)
        {
            if (!_blocks.Remove(address, out var block))
            {
                Complain($"0x{address:x} is freed twice, or never was");
                return;
            }
            if (block.Users > 0) Complain($"0x{address:x} is freed while {block.Users} submissions use it (MEM-4)");
            Bytes -= (long)block.Bytes;
            if (block.Users == 0) NativeMemory.Free(block.Memory);
        }
    }

    protected override BackendQueue CreateQueueCore()
    {
        lock (Gate)
        {
            ThrowIfLost();
            // A queue may hold work back until it is flushed, or begin at once (QUE-5).
            var queue = new QueuedQueue(this, _queues.Count, isEager: pace == Pace.ByHand || _random.Next(2) == 0);
            _queues.Add(queue);
            return queue;
        }
    }

    private void Work()
    {
        lock (Gate)
            while (!_closing)
            {
                if (!TryStepAny()) Monitor.Wait(Gate);
                else if (_random.Next(4) == 0) Monitor.Wait(Gate, 0);   // lets somebody in between two steps
            }
    }
}

/// <summary>A buffer: its bytes, and how much submitted work names it.</summary>
internal sealed unsafe class Block(byte* memory, nuint bytes)
{
    public byte* Memory => memory;
    public nuint Bytes => bytes;
    public int Users { get; set; }
}

/// <summary>A backend of devices given by the test.</summary>
internal sealed class DevicesBackend(params BackendDevice[] devices) : Backend
{
    public override void Discover(Discovery discovery)
    {
        foreach (var device in devices) discovery.Offer(device);
    }
}
