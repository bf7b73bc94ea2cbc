using System.Runtime.CompilerServices;
using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends;

/// <summary>A kernel in the device's table, with what the fast path asks of it laid open; the next one for the same operator and dtypes hangs behind.</summary>
internal sealed unsafe class Candidate(Operator op, Kernel record, Candidate? next)
{
    private readonly delegate*<CallFrame*, void> _managed = record.Run;
    private readonly delegate* unmanaged[Cdecl]<CallFrame*, int> _native = record.RunNative;

    public readonly Kernel Record = record;
    public readonly Candidate? Next = next;

    /// <summary>A bit for each input that an output may be (KER-12).</summary>
    public readonly uint InPlaceInputs = record.Accepts.HasFlag(Accepts.InPlace)
        ? op.Schema.InPlace.Aggregate(0u, (mask, pair) => mask | 1u << IndexOf(op, pair.Input)) : 0;

    /// <summary>Takes every plain call: no predicate, no rank limit below 8, this version of the declaration.</summary>
    public readonly bool IsSimple = record.When == null && record.WhenNative == null && record.MaxRank >= 8
        && record.MinVersion <= op.Schema.Version && record.Version >= op.Schema.Version;

    /// <summary>Whether it computes this version of the declaration, for calls that use nothing newer than itself (KER-20).</summary>
    public bool IsOfVersion(Operator declared) => Record.MinVersion <= declared.Schema.Version;

    public Accepts LayoutClass => (Accepts)((int)Record.Accepts & Kernel.LayoutMask);

    public bool Takes(Accepts ability) => Record.Accepts.HasFlag(ability);

    /// <summary>Runs the kernel. What goes wrong comes back as a status and an exception with the vendor's words: it never tears the host.</summary>
    public BackendStatus Run(CallFrame* frame, out Exception? error)
    {
        error = null;
        if (_managed == null)
        {
            int returned = _native(frame);
            return returned == (int)BackendStatus.Ok ? BackendStatus.Ok : Failed(returned, out error);
        }
        try
        {
            _managed(frame);
            return BackendStatus.Ok;
        }
        catch (BackendException e)
        {
            error = e;
            // Whoever throws has not succeeded, whatever status stands in it.
            return e.Status == BackendStatus.Ok ? BackendStatus.Internal : NativeFailure.Status((int)e.Status);
        }
#pragma warning disable CA1031 // a vendor's code may throw anything: it becomes this call's failure
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
            return BackendStatus.Internal;
        }
    }

    // The words are taken now: the next call into a native plugin forgets them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BackendStatus Failed(int returned, out Exception? error)
    {
        var failure = NativeFailure.Taken("the kernel", returned);
        error = failure;
        return failure.Status;
    }

    /// <summary>Asks the predicate, which sees metadata alone (KER-5).</summary>
    public bool Approves(CallFrame* frame)
    {
        if (Record.When == null) return Record.WhenNative == null || Record.WhenNative(frame) != 0;
        try
        {
            return Record.When(frame);
        }
#pragma warning disable CA1031 // a vendor's code may throw anything
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new DeviceOperationException($"{op.Name}: the predicate of kernel {Record.Name} failed.", e.Message, "report it to the plugin's vendor: a predicate answers yes or no", e) { Operator = op.Name };
        }
    }

    private static int IndexOf(Operator op, string input)
    {
        for (int i = 0; i < op.Schema.Tensors.Count; i++)
            if (op.Schema.Tensors[i].Name == input) return i;
        throw new ArgumentException($"'{input}' is no input of '{op.Name}'.", nameof(input));
    }
}
