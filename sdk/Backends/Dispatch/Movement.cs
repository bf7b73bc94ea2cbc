namespace Backends;

/// <summary>Copies of contiguous elements within a device: bytes that its memory moves, no kernel and never a fallback (MEM-12, FAL-6).</summary>
internal static class Movement
{
    public static bool IsPlain(Call call) =>
        call.Operator == CoreOperators.Copy && call.Inputs[0]!.IsContiguous && (call.Into[0] is not { } target || (target.IsContiguous && !target.MayOverlap(call.Inputs[0]!)));

    public static Tensor Run(Call call)
    {
        var source = call.Inputs[0]!;
        var target = call.TakeOutputs()[0];
        Transfer.Within(source, target);
        return target;
    }
}
