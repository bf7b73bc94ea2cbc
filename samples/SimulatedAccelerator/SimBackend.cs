using System.Diagnostics;
using System.Text.RegularExpressions;

[assembly: BackendPlugin(typeof(Sim.SimBackend))]

namespace Sim;

/// <summary>Two accelerators made of software, as little forgiving as hardware: memory that the host cannot touch (SimMemory.cs), queues that
/// work later, on threads of their own (SimQueue.cs), kernels that only write down what to do (SimKernels.cs), failures that come late, on demand.</summary>
public sealed class SimBackend : Backend
{
    public override void Discover(Discovery discovery) => new List<SimDevice> { new(0), new(1) }.ForEach(discovery.Offer);
}

/// <summary>One accelerator. <c>seed</c> and <c>max-delay</c>, in microseconds, say how long work waits, <c>fault</c> what goes wrong.</summary>
internal sealed partial class SimDevice(int number) : BackendDevice(new DeviceInfo
{
    Name = $"Simulated accelerator {number}", Kind = DeviceKind.Cpu,   // it computes on the host's processor: `auto` never takes it for an accelerator
    Uuid = new Guid(0x51D, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)number),   // the same in every process
    Options = ["seed", "max-delay", "fault"],
    TotalMemory = SimMemory.Size, LargestAllocation = SimMemory.Size, Alignment = SimMemory.Alignment,
    Traits = DeviceTraits.LinearAddresses,                    // neither synchronous nor the host's to touch
})
{
    private (string Kind, int Queue, ulong At) _fault;
    private int _queues, _allocations;
    public string Name { get; } = $"sim:{number}";
    public SimMemory Memory { get; private set; } = null!;
    public int Seed { get; private set; }
    public long MaxDelay { get; private set; }                // in ticks of the stopwatch
    public volatile QueueFailure? Loss;                       // null while the device is there
    public event Action? Lost;

    // Options first: what cannot be opened leaves nothing (DIS-9). A device that was closed may be opened again, and is as new.
    protected override void OpenCore(IReadOnlyDictionary<string, string> options)
    {
        Seed = int.Parse(Option(options, "seed", "1", @"\d{1,9}"));
        MaxDelay = int.Parse(Option(options, "max-delay", "20", @"\d{1,6}")) * Stopwatch.Frequency / 1_000_000;
        string[] fault = Option(options, "fault", "none@0", @"(none|error|lost|memory)@(q\d{1,9}:)?\d{1,18}").Split('@', 'q', ':');
        _fault = (fault[0], fault.Length > 2 ? int.Parse(fault[^2]) : 0, ulong.Parse(fault[^1]));
        (Loss, _queues, _allocations, Memory) = (null, 0, 0, new SimMemory(Name));
    }

    private static string Option(IReadOnlyDictionary<string, string> options, string name, string usual, string form) =>
        Regex.IsMatch(options.GetValueOrDefault(name, usual), $@"^{form}\z") ? options.GetValueOrDefault(name, usual)
        : throw new BackendException(BackendStatus.InvalidArgument, $"option {name}={options[name]} makes no sense; write for example seed=2, max-delay=0, fault=error@37 (submission 37 of queue 0), fault=error@q1:37, fault=lost@37, fault=memory@5 (every 5th allocation)");

    protected override void CloseCore() => Memory.Dispose();
    protected override void FreeCore(nint address) => Memory.Free(address);
    protected override BackendQueue CreateQueueCore() => new SimQueue(this, Interlocked.Increment(ref _queues) - 1);
    protected override nint AllocateCore(nuint bytes)
    {
        Refuse(Loss);
        return _fault is { Kind: "memory", At: > 0 } && (ulong)Interlocked.Increment(ref _allocations) % _fault.At == 0 ? 0 : Memory.Allocate(bytes);
    }

    /// <summary>Why work fails whose turn has come, or null. With the device all its queues fail, sleeping ones too; freeing and closing go on (QUE-22).</summary>
    public QueueFailure? Strikes(int queue, ulong value)
    {
        bool struck = value != 0 && value == _fault.At && queue == _fault.Queue;
        if (struck && _fault.Kind == "error") return new QueueFailure(value, BackendStatus.DeviceError, 0, $"{Name} had a unit fault, as the option asks");
        if (!struck || _fault.Kind != "lost" || Loss is not null) return Loss;
        Loss = new QueueFailure(value, BackendStatus.DeviceLost, 0, $"{Name} fell off the bus, as the option asks");
        Lost?.Invoke();
        return Loss;
    }

    public static void Refuse(QueueFailure? failure) => _ = failure is null ? 0 : throw new BackendException(failure.Status, failure.Text);
}
