using Backends.Plugins;

namespace Backends.Conformance.Tests.Chapters;

/// <summary>What may be wrong with calls of kernels.</summary>
internal static unsafe class CallFaults
{
    private static readonly float[] s_scratch = new float[1 << 20];

    public static IEnumerable<ChapterFault> All =>
    [
        Calls("sums are lost", "threads/QUE-6/readers", () => (op, _, run) => op == "add" ? BackendStatus.Ok : run()),
        Calls("each 5th call is lost", "queues/QUE-9/other-backend", Losing(5)),
        Calls("each 500th call is lost", "queues/QUE-3/many-calls", Losing(500)),
        Calls("each 5th call is lost", "errors/KER-24/on-a-queue", Losing(5)),
        Calls("each 5th call is lost", "threads/OBJ-4/dropped", Losing(5)),
        Calls("each 5th call is lost", "memory/MEM-9/undisposed", Losing(5)),
        Calls("each 5th call is lost", "memory/MEM-9/exhausted", Losing(5)),
        Calls("each 5th call is lost", "memory/MEM-10/work-under-way", Losing(5)),
        Calls("add declines what its record claims", "kernels/KER-6/never-declines", Declining),
        Calls("add declines what its record claims", "capability/CAP-3/predicted-is-taken", Declining),
        Calls("add declines what its record claims", "capability/CAP-3/counted", Declining),
        Calls("add declines what its record claims", "queues/QUE-18/calls-never-wait", Declining),
        Calls("add declines what its record claims", "kernels/KER-21/returns-at-once", Declining),
        Calls("phase 2 writes nothing", "kernels/KER-28/two-phase", () => (_, phase, run) => phase == 2 ? BackendStatus.Ok : run()),
        Calls("phase 1 writes nothing", "kernels/KER-28/nothing-found", () => (_, phase, run) => phase == 1 ? BackendStatus.Ok : run()),
        Calls("each 7th call is lost", "kernels/KER-9/inputs-dropped", Losing(7)),
        new("strides are not looked at", "kernels/KER-4/layouts", () => new FaultyMemory { Add = &Dense, Accepts = Accepts.AnyStrided }),
        new("the result is cleared before the operands are read", "kernels/KER-12/aliased-inputs", () => new FaultyMemory { Add = &Clearing, Accepts = Accepts.InPlace }),
        new("the result is cleared before the operands are read", "kernels/KER-12/partly-overlapping", () => new FaultyMemory { Add = &Clearing, Accepts = Accepts.InPlace }),
        new("calls share a scratch buffer", "threads/KER-22/large-calls", () => new FaultyMemory { Add = &Sharing }),
        new("calls share a scratch buffer", "threads/QUE-11/one-queue", () => new FaultyMemory { Add = &Sharing }),
        new("calls share a scratch buffer", "threads/QUE-11/own-queues", () => new FaultyMemory { Add = &Sharing }),
        new("calls share a scratch buffer", "threads/MEM-4/disposed-elsewhere", () => new FaultyMemory { Add = &Sharing }),
        Calls("strided copies are lost", "fallback/FAL-4/in-place", () => (op, _, run) => op == "copy" ? BackendStatus.Ok : run()),
        new("the first byte written back is lost", "fallback/FAL-6/never", () => new Faulty { Queue = q => new FaultyQueue(q) { Copies = Losing } }),
    ];

    private static ChapterFault Calls(string name, string found, Func<Func<string, int, Func<BackendStatus>, BackendStatus>> call) => new(name, found, () => new Faulty { Kernel = call() });

    private static Func<Func<string, int, Func<BackendStatus>, BackendStatus>> Losing(int each) => () =>
    {
        int calls = 0;
        return (_, _, run) => Interlocked.Increment(ref calls) % each == 0 ? BackendStatus.Ok : run();
    };

    private static Func<string, int, Func<BackendStatus>, BackendStatus> Declining() => (op, _, run) => op == "add" ? BackendStatus.Declined : run();

    private static void Losing(CopyRegion r, Action<CopyRegion> copy) => copy(r.ToHost && r.Length > 4 ? r with { SourceOffset = r.SourceOffset + 4, TargetOffset = r.TargetOffset + 4, Length = r.Length - 4 } : r);

    private static void Dense(CallFrame* frame)
    {
        float* a = (float*)new TensorArg(frame->Inputs[0]).Data, b = (float*)new TensorArg(frame->Inputs[1]).Data, y = (float*)new TensorArg(frame->Outputs[0]).Data;
        for (long i = 0; i < frame->Elements; i++) y[i] = a[i] + b[i];
    }

    private static void Clearing(CallFrame* frame)
    {
        new TensorArg(frame->Outputs[0]).AsSpan<float>().Clear();
        Dense(frame);
    }

    private static void Sharing(CallFrame* frame)
    {
        float* a = (float*)new TensorArg(frame->Inputs[0]).Data, b = (float*)new TensorArg(frame->Inputs[1]).Data;
        for (long i = 0; i < frame->Elements; i++) s_scratch[i] = a[i] + b[i];
        Thread.Yield();
        s_scratch.AsSpan(0, (int)frame->Elements).CopyTo(new TensorArg(frame->Outputs[0]).AsSpan<float>());
    }
}
