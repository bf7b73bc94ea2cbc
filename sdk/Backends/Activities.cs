using System.Diagnostics;

namespace Backends;

/// <summary>Activity source <c>Backends</c>: where something lasts. Nobody listens: one look at a field.</summary>
internal static class Activities
{
    private static readonly ActivitySource s_source = new("Backends");

    /// <summary>Loading, discovery, opening, synchronizing, falling back: <c>backends.open</c> with what it concerns.</summary>
    public static Activity? Start(string what, string subject, string? op = null)
    {
        if (!s_source.HasListeners()) return null;
        var activity = s_source.StartActivity($"backends.{what}");
        activity?.SetTag("backends.subject", subject);
        if (op is not null) activity?.SetTag("backends.operator", op);
        return activity;
    }
}
