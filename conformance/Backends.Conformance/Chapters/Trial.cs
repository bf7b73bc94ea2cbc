using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>
/// What a check works with: the device from the app's side and from the plugin's, random numbers that its seed alone decides, memory and queues
/// that are given back when it ends, and the words for what it sees.
/// </summary>
internal sealed unsafe class Trial(BackendHost host, Device device, ChapterCase c) : IDisposable
{
    /// <summary>The longest that a check waits for what must come in bounded time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<CountedQueue> _queues = [];
    private readonly HashSet<nint> _buffers = [];
    private readonly HashSet<HostBlock> _blocks = [];
    private readonly List<IDisposable> _owned = [];
    private CountedQueue? _mover;
    private Tensor? _busy;
    private ulong _drawn;

    /// <summary>Where the device comes from; the reference is there, too.</summary>
    public BackendHost Host => host;

    /// <summary>The device as an app has it.</summary>
    public Device Device => device;

    /// <summary>The device as the host has it.</summary>
    public BackendDevice Plugin => device.Plugin;

    /// <summary>How often, as the id says.</summary>
    public int Count => c.Count;

    /// <summary>A number below <paramref name="end"/>, the next one of the seed's.</summary>
    public int Next(int end) => (int)(Philox.Word(c.Seed, _drawn++) % (uint)end);

    /// <summary>A number from <paramref name="from"/> to below <paramref name="end"/>.</summary>
    public int Next(int from, int end) => from + Next(end - from);

    /// <summary>Random bytes, none of them 0.</summary>
    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) bytes[i] = (byte)(1 + Next(255));
        return bytes;
    }

    /// <summary>Small whole numbers.</summary>
    public float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)Next(-99, 100))];

    /// <summary>Gives an asynchronous device work of this thread's queue that nobody waits for, so that what comes next is far from done when its call returns.</summary>
    public void KeepBusy()
    {
        if (!IsTimed) return;
        _busy ??= Own(Device.Zeros([50_000]));
        for (int i = 0; i < 6; i++) Ops.Add(_busy, 1f, into: _busy);
    }

    /// <summary>The device must have a kernel for this, or the check has nothing to look at.</summary>
    public void NeedsKernel(Operator op, params ReadOnlySpan<DType> types)
    {
        if (Device.Explain(op, types).Way != Way.Native) throw new NotHere($"the device has no kernel for {op.Name} {string.Join(',', types.ToArray().Select(d => d.Name))}");
    }

    /// <summary>Which waits the host counted meanwhile, for example <c>Read 1</c>; empty when there was none.</summary>
    public string WaitsDuring(Action calls)
    {
        var before = Device.Waits;
        calls();
        return Words(Device.Waits.ToDictionary(w => w.Key, w => w.Value - before[w.Key]));
    }

    /// <summary>The causes that were counted.</summary>
    public static string Words(IReadOnlyDictionary<WaitCause, long> waits) => string.Join(", ", waits.Where(w => w.Value != 0).Select(w => $"{w.Key} {w.Value}"));

    /// <summary>Says what was seen instead of what the clause promises.</summary>
    public Finding Fail(string seen) => new($"{c.Check.Clause}: {seen}");

    /// <summary>The clause holds, or here is what was seen instead.</summary>
    public void Must(bool holds, string seen)
    {
        if (!holds) throw Fail(seen);
    }

    /// <summary>The call must give a typed error with what, why and remedy.</summary>
    /// <param name="id">Its number; null where any typed one will do.</param>
    /// <param name="what">The call, for the reader.</param>
    /// <param name="call">Makes it.</param>
    public BackendException Refused(string? id, string what, Action call)
    {
        try
        {
            call();
        }
        catch (BackendException error) when (id is null || error.Id == id)
        {
            bool told = error.Id.StartsWith("BK", StringComparison.Ordinal) && error.What.Length > 0 && error.Why.Length > 0 && error.Remedy.Length > 0;
            return told ? error : throw Fail($"{what}: {error.Id} lacks what, why or remedy: {error.Message}");
        }
        catch (BackendException other)
        {
            throw Fail($"{what}: expected {id}, came {other.Id} {other.What}");
        }
        throw Fail($"{what}: expected {id ?? "a typed error"}, came a result");
    }

    /// <summary>The bytes must be these.</summary>
    public void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        int at = expected.CommonPrefixLength(actual);
        if (at == expected.Length) return;
        string late = actual[at] == expected[at] ? ", and was another a moment before: it was written too late" : "";
        throw Fail($"{what}: byte {at} of {expected.Length} is 0x{actual[at]:x2}, expected 0x{expected[at]:x2}{late}");
    }

    /// <summary>The numbers must be these.</summary>
    public void Same(float[] expected, float[] actual, string what)
    {
        int at = expected.AsSpan().CommonPrefixLength(actual);
        if (at < expected.Length) throw Fail($"{what}: element {at} of {expected.Length} is {(at < actual.Length ? actual[at] : "missing")}, expected {expected[at]}");
    }

    /// <summary>Runs something on several threads at once; the first thing that any of them sees is the check's answer.</summary>
    public static void Together(int threads, Action<int> run)
    {
        Exception? first = null;
        var all = new Thread[threads];
        using var start = new Barrier(threads);
        for (int i = 0; i < threads; i++)
        {
            int number = i;
            all[i] = new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    run(number);
                }
#pragma warning disable CA1031 // it is thrown again, on the check's own thread
                catch (Exception seen)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref first, seen, null);
                }
            }) { IsBackground = true };
            all[i].Start();
        }
        foreach (var thread in all) thread.Join();
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Memory from the plugin; it must be there.</summary>
    public nint Allocate(long bytes)
    {
        nint address = TryAllocate(bytes);
        return address != 0 ? address : throw Fail($"{bytes:N0} bytes do not fit, with {_buffers.Count} buffers taken by this case");
    }

    /// <summary>Memory from the plugin, or 0.</summary>
    public nint TryAllocate(long bytes)
    {
        nint address = Plugin.Allocate((nuint)bytes);
        if (address != 0 && !_buffers.Add(address)) throw Fail($"address 0x{address:x} is given a second time while the first buffer lives");
        return address;
    }

    /// <summary>Gives it back.</summary>
    public void Free(nint address)
    {
        _buffers.Remove(address);
        try
        {
            Plugin.Free(address);
        }
#pragma warning disable CA1031 // no exception is right here, whatever its type
        catch (Exception error)
#pragma warning restore CA1031
        {
            throw Fail($"Free never fails (MEM-4), and threw {error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>The most memory that a check takes where it is not about the end of memory.</summary>
    public long Budget => (long)Math.Min(16UL << 20, Math.Min(Plugin.Info.TotalMemory / 4, Plugin.Info.LargestAllocation));

    /// <summary>Writes bytes into a buffer, and returns when they are there.</summary>
    public void Put(nint address, long offset, ReadOnlySpan<byte> content)
    {
        if (IsReachable)
        {
            content.CopyTo(new Span<byte>((byte*)address + offset, content.Length));
            return;
        }
        var block = Block(content.Length);
        content.CopyTo(block.Bytes);
        (_mover ??= Queue()).Upload(block, 0, address, offset, content.Length);
        _mover.Drain();
    }

    /// <summary>Reads bytes of a buffer.</summary>
    public byte[] Get(nint address, long offset, int count)
    {
        if (IsReachable) return new Span<byte>((byte*)address + offset, count).ToArray();
        var block = Block(count);
        (_mover ??= Queue()).Download(address, offset, block, 0, count);
        _mover.Drain();
        return block.Bytes.ToArray();
    }

    /// <summary>Host memory that stays where it is.</summary>
    public HostBlock Block(int bytes, byte fill = 0)
    {
        var block = new HostBlock(bytes, fill);
        _blocks.Add(block);
        return block;
    }

    /// <summary>Host memory with this content.</summary>
    public HostBlock Block(byte[] content)
    {
        var block = Block(content.Length);
        content.CopyTo(block.Bytes);
        return block;
    }

    /// <summary>Gives host memory back before the check ends; no queue uses it any more.</summary>
    public void Drop(HostBlock block)
    {
        _blocks.Remove(block);
        block.Dispose();
    }

    /// <summary>A queue of the check's own, made by the plugin.</summary>
    public CountedQueue Queue()
    {
        var made = Plugin.CreateQueue() ?? throw new NotHere("the device has no queue: its memory is the host's (QUE-10)");
        var queue = new CountedQueue(made, this, IsTimed);
        _queues.Add(queue);
        return queue;
    }

    /// <summary>Destroys a queue before the check ends.</summary>
    public void End(CountedQueue queue)
    {
        _queues.Remove(queue);
        queue.Plugin.Dispose();
    }

    /// <summary>Whether the device's queues have a timeline.</summary>
    public bool IsTimed => !Plugin.Info.Traits.HasFlag(DeviceTraits.Synchronous);

    // Without a queue the memory is the host's own, and what the host does to it is done at once.
    private bool IsReachable => Plugin.Info.Traits.HasFlag(DeviceTraits.Synchronous | DeviceTraits.HostAccessible);

    /// <summary>Something that ends with the check.</summary>
    public T Own<T>(T made) where T : IDisposable
    {
        _owned.Add(made);
        return made;
    }

    /// <summary>Whether the clause was broken: then nothing is given back, for who breaks one may say Reached too early, and still write.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Gives everything back; after a finding nothing: the worker is replaced.</summary>
    public void Dispose()
    {
        if (HasFailed) return;
        foreach (var owned in Enumerable.Reverse(_owned)) owned.Dispose();
        bool quiet = true;
        foreach (var queue in _queues) quiet &= queue.TryDrain();
        if (!quiet) return;
        foreach (var queue in _queues) queue.Plugin.Dispose();
        foreach (nint address in _buffers.ToArray()) Free(address);
        foreach (var block in _blocks) block.Dispose();
    }
}

/// <summary>The clause does not hold.</summary>
internal sealed class Finding(string seen) : Exception(seen);

/// <summary>The device has not what the check needs.</summary>
internal sealed class NotHere(string why) : Exception(why);
