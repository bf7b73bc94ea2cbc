using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backends;

// The price of a call: one element, so that nothing but the way there and back is measured. Rows are medians of rounds that take turns, and each
// is also given as a multiple of malloc+free of the same run: on a shared machine ratios hold where nanoseconds do not.
// A native row appears when folders with native plugins are named: dispatch out/

const int Calls = 200_000, Batch = 4_000, Warmups = 3, Rounds = 25;     // a batch finds room in the queue, and never waits for it
string[] folders = [Path.Combine(AppContext.BaseDirectory, "backends"), .. args];
using var host = BackendHost.FromPlugins(folders);
var cpu = host["cpu"];
Tensor a = cpu.Tensor(1f), b = cpu.Tensor(2f), y = a + b, x = cpu.Tensor(-1f);
var rows = new List<Row>
{
    new("malloc + free, 64 bytes", Malloc),
    new("empty virtual call", VirtualCalls),
    new("add cpu, disposed", n => { for (int i = 0; i < n; i++) Ops.Add(a, b).Dispose(); }),
    new("add cpu, dropped", n => { for (int i = 0; i < n; i++) Ops.Add(a, b); }),
    new("add cpu, into:", n => { for (int i = 0; i < n; i++) Ops.Add(a, b, into: y); }),
    new("relu cpu (managed), disposed", n => { for (int i = 0; i < n; i++) Ops.Relu(x).Dispose(); }),
    new("relu cpu (managed), into:", n => { for (int i = 0; i < n; i++) Ops.Relu(x, into: y); }),
};
if (host.Devices.FirstOrDefault(d => d.PluginInfo.Door == "native") is { } offered)
{
    var native = host[offered.Name];
    Tensor nx = native.Tensor(-1f), ny = native.Tensor(0f);
    rows.Add(new($"relu {native.Name} (native), disposed", n => { for (int i = 0; i < n; i++) Ops.Relu(nx).Dispose(); }));
    rows.Add(new($"relu {native.Name} (native), into:", n => { for (int i = 0; i < n; i++) Ops.Relu(nx, into: ny); }));
}

Measure(rows, Warmups);

// On an asynchronous device what is timed is the submission alone, while the queue works: not its waking, and not the wait for it. Rows of their own
// turn, because sim's thread would take turns with the others on a small machine.
var sim = host["sim:0?max-delay=1"];
Tensor sa = sim.Tensor(1f), sb = sim.Tensor(2f), sy = sa + sb;
var results = new Tensor[Batch];
Action<int> enqueue = n => { for (int i = 0; i < n; i++) Ops.Add(sa, sb, into: sy); };
List<Row> queued =
[
    new("enqueue add on sim, into:", enqueue) { Before = () => enqueue(Batch / 2), After = sim.Synchronize },
    new("enqueue add on sim, disposed", n => { for (int i = 0; i < n; i++) Ops.Add(sa, sb).Dispose(); }) { Before = () => enqueue(Batch / 2), After = sim.Synchronize },
    new("enqueue add on sim, kept", n => { for (int i = 0; i < n; i++) results[i] = Ops.Add(sa, sb); })
    {
        Before = () => enqueue(Batch / 2),
        After = () =>
        {
            sim.Synchronize();
            foreach (var result in results) result.Dispose();
        },
    },
];
Measure(queued, 40 * Warmups);                         // short rounds: as many calls as above until the code is compiled for good
rows.AddRange(queued);

double malloc = rows[0].Median;
Console.WriteLine($"{"1 element",-38}{"median ns",10}{"least",8}{"x malloc",10}");
foreach (var row in rows) Console.WriteLine($"{row.Name,-38}{row.Median,10:0.0}{row.Least,8:0.0}{row.Median / malloc,10:0.00}");
Console.WriteLine($"{Rounds} rounds of {Calls:N0} calls (sim: {Batch:N0}), {Environment.ProcessorCount} cores, .NET {Environment.Version}");

static void Measure(List<Row> rows, int warmups)
{
    for (int round = 0; round < warmups + Rounds; round++)
        foreach (var row in rows) row.Time(row.After is null ? Calls : Batch, keep: round >= warmups);
}

static unsafe void Malloc(int calls)
{
    for (int i = 0; i < calls; i++) NativeMemory.Free(NativeMemory.Alloc(64));
}

static void VirtualCalls(int calls)
{
    Callee callee = Environment.TickCount64 >= 0 ? new Derived() : new Other();
    for (int i = 0; i < calls; i++) callee.Call();
}

internal sealed class Row(string name, Action<int> body)
{
    private readonly List<double> _times = [];

    public string Name { get; } = name;
    /// <summary>What is due before a round and is no part of it.</summary>
    public Action? Before { get; init; }

    /// <summary>The same, after it; such a row has a batch of its own.</summary>
    public Action? After { get; init; }

    public double Median => _times.Order().ElementAt(_times.Count / 2);
    public double Least => _times.Min();

    public void Time(int calls, bool keep)
    {
        Before?.Invoke();
        long start = Stopwatch.GetTimestamp();
        body(calls);
        double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        After?.Invoke();
        if (keep) _times.Add(time / calls);
    }
}

internal abstract class Callee
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public abstract void Call();
}

internal sealed class Derived : Callee
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void Call() { }
}

internal sealed class Other : Callee
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void Call() { }
}
