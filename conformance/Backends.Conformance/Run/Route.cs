namespace Backends.Conformance;

/// <summary>Who computed, in the words of reports: <c>native</c>, <c>decomposed</c> (every part native), <c>fallback</c> (any part), <c>host</c> (views, contiguous copies, results without elements).</summary>
internal static class Route
{
    public const string Native = "native", Decomposed = "decomposed", Fallback = "fallback", Host = "host";

    /// <summary>A call's route. Copies that the host made for a kernel do not change it: the kernel computed.</summary>
    public static string Of(CallRecord record) => record.Way switch
    {
        Way.Native => Native,
        Way.Host => Host,
        Way.Decomposed => record.Parts.Any(p => Of(p) == Fallback) ? Fallback : Decomposed,
        _ => Fallback,
    };

    /// <summary>The parts of a decomposition with their ways, for example <c>exp:native</c>.</summary>
    public static IReadOnlyList<string>? Parts(CallRecord record) =>
        record.Way == Way.Decomposed ? [.. record.Parts.Select(p => $"{p.Operator}:{Of(p)}")] : null;
}
