using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance.Tests.Faults;

/// <summary>A kernel with one fault, or one that differs from ours and is right.</summary>
/// <param name="Name">What is wrong with it, in words.</param>
/// <param name="Operator">Which operator it computes.</param>
/// <param name="Types">For which dtypes, as ids write them, separated by blanks: <c>f32 f16</c>; <c>*</c> for all.</param>
/// <param name="By">What must find it: an aspect, a fill or a verdict; empty where several may.</param>
/// <param name="Body">The kernel.</param>
internal sealed record Fault(string Name, string Operator, string Types, string By, Action<Call> Body)
{
    public bool Has(string types) => Types == "*" || Types.Split(' ').Contains(types);
}

/// <summary>A device in host memory with one planted operator; all of its records claim what the reference's claim.</summary>
internal sealed unsafe class FaultyDevice(Fault fault) : HostMemoryDevice(new DeviceInfo { Name = "Faulty" })
{
    // Kernels run on the thread of their call, and tests of several faults on several threads.
    [ThreadStatic]
    private static (Fault Fault, Operator Operator, nint Right) s_planted;

    private static readonly IReadOnlyList<Kernel> s_reference = new ReferenceDevice().Open(DeviceInfo.NoOptions).Kernels;

    protected override void AddKernels(KernelList kernels)
    {
        var op = CoreOperators.All.First(o => o.Name == fault.Operator);
        var right = s_reference.FirstOrDefault(k => k.Operator == op.Name);
        s_planted = (fault, op, right is null ? 0 : (nint)right.Run);
        foreach (var types in new Axes(op).Types.Where(t => fault.Has(string.Join(',', t.Select(d => d.Name)))))
            kernels.Add(new Kernel
            {
                Operator = op.Name, Types = types, Accepts = (right?.Accepts ?? Accepts.AnyStrided) & ~Accepts.ReportsFaults, Name = $"faulty.{op.Name}.{string.Join('.', types.Select(t => t.Name))}", Run = &Enter,
            });
    }

    private static void Enter(CallFrame* frame) =>
        s_planted.Fault.Body(new Call(frame, s_planted.Operator, (delegate*<CallFrame*, void>)s_planted.Right));
}

internal sealed class FaultyBackend(Fault fault) : Backend
{
    public override void Discover(Discovery discovery) => discovery.Offer(new FaultyDevice(fault));
}
