using System.Collections.Concurrent;
using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends;

/// <summary>One usable unit of hardware: tensors are made here, and operators on them run here. Opened when it is first asked for.</summary>
public sealed unsafe partial class Device
{
    private static readonly Lock s_numbers = new();
    private static readonly SortedSet<int> s_freeNumbers = [];
    private static int s_nextNumber;

    private readonly HashSet<(string Op, string DTypes)> _warned = [];
    private Candidate?[][] _fast;
    private Action<CallRecord>? _recorder;
    private long _callNumber;
    private int _queues;
    private readonly OpenedDevice _opened;
    private readonly BackendQueue? _copies;
    private readonly Lock _copying = new();
    private volatile DeviceLostException? _lost;
    private FaultSlot? _faults;
    private readonly FallbackPolicy? _configuredFallback;
    private FallbackPolicy? _fallback;

    internal Device(BackendHost host, DeviceString name, OpenedDevice opened, FoundPlugin found, BackendQueue? queue, HostOptions options)
    {
        (Host, Name, OpenedAs, _opened, Found, Kernels) = (host, name.Name, name.ToString(), opened, found, Demanding(new KernelTable(opened.Kernels), options.Determinism));
        var plugin = opened.Device;
        if (options.IsConfigured) _configuredFallback = options.Fallback;
        else _fallback = options.Fallback;
        Determinism = options.Determinism;
        bool isSynchronous = plugin.Info.Traits.HasFlag(DeviceTraits.Synchronous);
        if (!isSynchronous && queue is null) throw new BackendException(BackendStatus.Internal, "an asynchronous device must give queue 0 when it is opened (DIS-9)");
        lock (s_numbers)
        {
            Number = s_freeNumbers.Count > 0 ? s_freeNumbers.Min : s_nextNumber++;
            s_freeNumbers.Remove(Number);
        }
        Handle = (void*)plugin.Handle;
        Queue0 = new Queue(this, 0);
        if (!isSynchronous) Submissions = new Submissions(this, queue!);
        _fast = Fast(plain: true);                            // asks whether there are submissions
        _copies = queue;
        Allocator = new Allocator(this, Math.Min(options.MemoryLimit, plugin.Info.TotalMemory > long.MaxValue ? long.MaxValue : (long)plugin.Info.TotalMemory), options.CacheLimit);
        Scalars = new ScalarCache(this);
        found.Live.Opened(this);
        // Else the host would have to map (MEM-5), or to wait until nothing submitted uses the memory (QUE-17).
        IsHostAccessible = Submissions is null && plugin.Info.Traits.HasFlag(DeviceTraits.HostAccessible | DeviceTraits.Coherent);
        DLDevice = new DLDevice { Type = IsHostAccessible ? 1 : 12, Id = IsHostAccessible ? 0 : Number };
    }

    /// <summary>The name, for example <c>cpu:0</c>.</summary>
    public string Name { get; }

    /// <summary>What the device says of itself.</summary>
    public DeviceInfo Info => _opened.Slot.Info;

    /// <summary>The plugin that brought it.</summary>
    public PluginInfo PluginInfo => Found.Info;

    /// <summary>What happens to operators without kernel and decomposition; null, the default, means the host's policy. Set here, it stands before
    /// whatever the configuration says (FAL-1).</summary>
    public FallbackPolicy? Fallback
    {
        get => _fallback ?? _configuredFallback;
        set => _fallback = value;
    }

    /// <summary>Policies of single operators, by name: they come before the device's, and before all that the configuration says.</summary>
    public IDictionary<string, FallbackPolicy> FallbackByOperator { get; } = new ConcurrentDictionary<string, FallbackPolicy>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The least class that kernels must have to be candidates (RND-5): option <c>determinism</c> of the device string. What has no such kernel
    /// is decomposed, or falls back.</summary>
    public Determinism Determinism { get; }

    /// <summary>How many calls went which way.</summary>
    public CallCounts Calls { get; } = new();

    /// <summary>What was odd and no fault: unlisted files of the plugin (MAN-3), kernels that were left out, with reasons (KER-7).</summary>
    public IReadOnlyList<string> Notes => [.. Found.Notes, .. Kernels.Notes];

    /// <summary>Takes a record of every call (OBS-5); null, the default, costs nothing.</summary>
    public Action<CallRecord>? Recorder
    {
        get => _recorder;
        set
        {
            // Recorded calls leave the fast path, so that it never has to ask.
            _fast = Fast(plain: value is null && !Allocator.IsClosed && _lost is null);
            _recorder = value;
        }
    }

    /// <summary>The device string that it was opened by, options and all.</summary>
    internal string OpenedAs { get; }
    internal FoundPlugin Found { get; }
    internal int Number { get; }
    internal BackendHost Host { get; }
    internal BackendDevice Plugin => _opened.Device;
    internal KernelTable Kernels { get; }
    internal Allocator Allocator { get; }

    /// <summary>The way onto its queues; null on a synchronous device.</summary>
    internal Submissions? Submissions { get; }
    internal Queue Queue0 { get; }

    /// <summary>Why the device is lost; null while it works.</summary>
    internal DeviceLostException? Lost => _lost;
    internal ScalarCache Scalars { get; }
    internal void* Handle { get; }
    internal DLDevice DLDevice { get; }
    internal bool IsHostAccessible { get; }

    /// <summary>The table of host services that frames carry.</summary>
    internal void* HostServices => Plugin is NativeDevice native ? native.Services : NativeHost.Table;

    /// <summary>A tensor whose elements are not yet written.</summary>
    public Tensor Empty(Shape shape, DType dtype = DType.F32)
    {
        ThrowIfUnusable();
        return NewTensor(DeviceShare.Of(this), Layout.Contiguous(shape), dtype);
    }

    /// <summary>A tensor of zeros.</summary>
    public Tensor Zeros(Shape shape, DType dtype = DType.F32) => Full(shape, 0, dtype);

    /// <summary>A tensor of one value.</summary>
    public Tensor Full(Shape shape, Scalar value, DType dtype = DType.F32) => Ops.Fill(this, value, shape, dtype);

    /// <summary>A tensor of these elements, in row-major order; the dtype follows from the elements.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public Tensor Tensor<T>(ReadOnlySpan<T> elements, Shape shape) where T : unmanaged
    {
        var dtype = ElementTypes.Of<T>();
        if (dtype == DType.None) throw new DTypeException($"Tensor<{typeof(T).Name}>.", "no dtype has such elements", "float, double, long, int, bool, Half, BFloat16, ...");
        if (shape.Elements != elements.Length) throw new ShapeException($"Tensor: {elements.Length} elements for {shape}.", $"the shape has {shape.Elements}", "correct one of them");
        var tensor = Empty(shape, dtype);
        fixed (T* p = elements) Transfer.FromHost((byte*)p, tensor);
        return tensor;
    }

    /// <summary>A tensor of these elements; the dtype follows from them.</summary>
    public Tensor Tensor<T>(T[] elements, Shape shape) where T : unmanaged => Tensor((ReadOnlySpan<T>)elements, shape);

    /// <summary>A vector of these elements.</summary>
    public Tensor Tensor<T>(params ReadOnlySpan<T> elements) where T : unmanaged => Tensor(elements, [elements.Length]);

    /// <summary>Uniform numbers in [0, 1) from a generator, which moves on by as many counters as the call takes, on every device alike (RND-1).</summary>
    public Tensor Uniform(Shape shape, Generator generator, DType dtype = DType.F32)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var (seed, offset) = generator.Take(CoreOperators.Uniform, shape.Elements, dtype);
        return Uniform(shape, seed, offset, dtype);
    }

    /// <summary>Normal numbers from a generator, which moves on as for <see cref="Uniform(Shape, Generator, DType)"/>.</summary>
    public Tensor Normal(Shape shape, Generator generator, DType dtype = DType.F32)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var (seed, offset) = generator.Take(CoreOperators.Normal, shape.Elements, dtype);
        return Normal(shape, seed, offset, dtype);
    }

    /// <summary>Ones with probability p from a generator, which moves on by a word an element.</summary>
    public Tensor Bernoulli(Shape shape, Generator generator, double p = 0.5, DType dtype = DType.Bool)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var (seed, offset) = generator.Take(CoreOperators.Bernoulli, shape.Elements, dtype);
        return Bernoulli(shape, seed, p, offset, dtype);
    }

    /// <summary>Which way a call would take, asked without calling (CAP-1): contiguous tensors of these dtypes, of a shape for which no predicate says no.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="types">One dtype for each free type variable of its schema.</param>
    public Explanation Explain(Operator op, params ReadOnlySpan<DType> types)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.Kind == OperatorKind.View) return new Explanation(Way.Host, "view", WayReason.None, false);
        var first = Kernels.First(op, Operator.Combination(types));
        var kernel = first;
        while (kernel is not null && (!kernel.IsOfVersion(op) || kernel.Record.Determinism < Determinism)) kernel = kernel.Next;
        if (kernel is not null) return new Explanation(Way.Native, kernel.Record.Name, WayReason.None, false);
        var reason = first is not null ? first.Record.Determinism < Determinism ? WayReason.Determinism : WayReason.AttributeTooNew : Kernels.Count(op) > 0 ? WayReason.DType : WayReason.NoKernel;
        if (op.Kind == OperatorKind.Decomposed) return new Explanation(Way.Decomposed, Decompositions.PartsOf(op), reason, false);
        int combination = Operator.Combination(types);
        var target = Backends.Fallback.TargetsOf(this).FirstOrDefault(d => Backends.Fallback.Repeats(d, op, combination, Determinism));
        return target is null ? new Explanation(Way.Unsupported, "", WayReason.ReferenceMissing, false) : new Explanation(Way.Fallback, target.Name, reason, true);
    }

    /// <summary>The same, of an operator by its name: <c>device.Explain("softmax", DType.F32)</c>.</summary>
    /// <exception cref="OperatorArgumentException">BK2005: there is no such operator.</exception>
    public Explanation Explain(string op, params ReadOnlySpan<DType> types)
    {
        ArgumentNullException.ThrowIfNull(op);
        var found = CoreOperators.All.FirstOrDefault(o => o.Name == op);
        if (found is not null) return Explain(found, types);
        string hint = Names.Nearest(op, CoreOperators.All.Select(o => o.Name)) is { } nearest ? $"did you mean '{nearest}'?" : "operators are written as in docs/operators.md, for example softmax";
        throw new OperatorArgumentException($"There is no operator '{op}'.", hint, "choose one of CoreOperators.All");
    }

    /// <summary>Which way this very call would take: the choice that the call itself would make.</summary>
    public Explanation Explain(Operator op, ReadOnlySpan<Tensor?> inputs, AttributeValues? attributes = null, ReadOnlySpan<Tensor?> into = default)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.Kind == OperatorKind.View) return new Explanation(Way.Host, "view", WayReason.None, false);
        using var call = new Call(op, this, inputs, attributes is null ? null : attributes.Pointer);
        call.Prepare(into);
        var explanation = Detour.Explain(call);
        GC.KeepAlive(attributes);
        return explanation;
    }

    /// <summary>The memory that the host holds of it.</summary>
    public MemoryStatistics Memory => Allocator.Statistics;

    /// <summary>Where this thread's calls on the device go: its queue 0, or that of the innermost <see cref="Queue.Use"/>.</summary>
    public Queue Queue => DeviceShare.Of(this).Queue;

    /// <summary>How often the host waited for the device, by cause (QUE-18); all zero on a synchronous one.</summary>
    public IReadOnlyDictionary<WaitCause, long> Waits => Submissions?.Waits ?? Enum.GetValues<WaitCause>().ToDictionary(c => c, _ => 0L);

    /// <summary>Whether the device is lost: nothing but closing it works any more.</summary>
    public bool IsLost => _lost is not null;

    /// <summary>A queue beside the device's own: its work and theirs run in any order, but where they touch the same tensors.</summary>
    public Queue CreateQueue()
    {
        ThrowIfUnusable();
        return Submissions?.NewQueue() ?? new Queue(this, Interlocked.Increment(ref _queues));
    }

    /// <summary>Waits until everything submitted to the device is done.</summary>
    /// <exception cref="DeviceOperationException">BK4002: something failed since the last wait.</exception>
    /// <exception cref="DeviceLostException">BK4003: the device is lost.</exception>
    /// <exception cref="DataErrorException">BK4004: an index led outside since the last wait or read.</exception>
    public void Synchronize()
    {
        using var activity = Activities.Start("synchronize", Name);
        Submissions?.SynchronizeAll();
        ThrowFault();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Info.Name})";

    /// <summary>Where its kernels report; made for the first call that may.</summary>
    internal FaultSlot Faults => _faults ?? Interlocked.CompareExchange(ref _faults, new FaultSlot(this), null) ?? _faults;

    /// <summary>At a read or wait of the app: throws what kernels reported until then (KER-25).</summary>
    internal void ThrowFault() => _faults?.Throw();

    internal Candidate? FastKernel(Operator op, DType dtype) => _fast[op.Number][(int)dtype];

    internal Tensor NewTensor(DeviceShare share, Layout layout, DType dtype)
    {
        long bytes = Math.Max(1, layout.Elements * dtype.Size);
        int bin = SizeClasses.For(bytes);
        var storage = bin >= 0 ? share.Take(bin) : Allocator.Allocate(bytes);
        if (Submissions is not null) storage.Past.Used = bytes;
        return new Tensor(share.Thread, storage, layout, 0, dtype);
    }

    internal void Record(Operator op, Way way, WayReason reason, string kernel, IReadOnlyList<CallRecord> parts)
    {
        if (_recorder is not { } recorder) return;
        var record = new CallRecord(Interlocked.Increment(ref _callNumber), op.Name, way, reason, kernel, $"{PluginInfo.Name} {PluginInfo.Version}", Name, parts);
        if (ThreadCache.Current.Parts is { } outer) outer.Made.Add(record);
        else recorder(record);
    }

    internal void WarnOnce(Operator op, string dtypes, WayReason reason)
    {
        lock (_warned)
            if (!_warned.Add((op.Name, dtypes))) return;
        Host.Report(HostEventKind.FellBack, Name, $"{op.Name} {dtypes} falls back ({Explanation.Words(reason)}); further ones are only counted");
    }

    /// <summary>On a synchronous device with memory of its own: a copy, done when it returns (QUE-10). One thread at a time.</summary>
    internal void CopyNow(in CopyRegion region)
    {
        var queue = _copies ?? throw new BackendException("BK4002", $"{Name} has no queue.", "its memory is not the host's, and nothing else can copy", "the plugin must create queue 0 (QUE-10)");
        lock (_copying) queue.Copy(region);
    }

    /// <summary>Whether its plugin broke the contract: nothing calls into it any more (OBJ-16).</summary>
    internal bool IsFaulted => Found.Fault is not null;

    internal void ThrowIfUnusable()
    {
        Allocator.ThrowIfClosed();
        if (_lost is { } lost) throw lost;
    }

    internal History? NewHistory() => Submissions is null ? null : new History();

    /// <summary>The device is lost, for the reason that was found first.</summary>
    internal DeviceLostException Lose(string why, string after)
    {
        var lost = new DeviceLostException($"{Name} is lost.", $"{why}, after {after}", "restart the process; other devices go on") { Device = Name };
        var first = Interlocked.CompareExchange(ref _lost, lost, null) ?? lost;
        _fast = Fast(plain: false);
        if (first == lost) Host.Report(HostEventKind.DeviceLost, Name, lost.Why);
        return first;
    }

    // On an asynchronous device nothing is on the synchronous fast path: calls find their queue's.
    private Candidate?[][] Fast(bool plain) => plain && Submissions is null ? Kernels.Fast : [.. Kernels.Fast.Select(row => new Candidate?[row.Length])];

    // Which kernels take every plain call is said once, so that no call has to ask for the class (RND-5).
    private static KernelTable Demanding(KernelTable kernels, Determinism least)
    {
        foreach (var row in kernels.Fast)
            for (int i = 0; i < row.Length; i++)
                if (row[i] is { } kernel && kernel.Record.Determinism < least) row[i] = null;
        return kernels;
    }

    /// <summary>For an asynchronous device: the kernel that takes every plain call, or null, also while calls are recorded.</summary>
    internal Candidate? QueuedKernel(Operator op, DType dtype) => _recorder is null && op.Number < Kernels.Fast.Length ? Kernels.Fast[op.Number][(int)dtype] : null;

    /// <summary>The policy for an operator: its own, else the device's, else the host's (FAL-1).</summary>
    /// <remarks>What code says stands before all that the configuration says, however fine that is.</remarks>
    internal FallbackPolicy PolicyFor(Operator op)
    {
        if (FallbackByOperator.TryGetValue(op.Name, out var own)) return own;
        if ((_fallback ?? Host.FallbackInCode) is { } inCode) return inCode;
        var settings = Host.Settings;
        return settings.FallbackByOperator.TryGetValue(op.Name, out var configured) ? configured : _configuredFallback ?? settings.Fallback;
    }

    // Children before parents, each once, whatever another of them throws (OBJ-3).
    internal void Close(Action<string, Action> end)
    {
        _fast = Fast(plain: false);
        Submissions?.Close(end);
        end($"memory of {Name}", Allocator.Close);
        if (Submissions is null && _copies is { } copies && !IsFaulted) end($"queue of {Name}", copies.Dispose);
        end(Name, () => Found.Live.Close(_opened.Slot));
        Found.Live.Closed(this);
        lock (s_numbers) s_freeNumbers.Add(Number);
    }
}
