namespace Backends.Tests.Queues;

/// <summary>How much of a test is tried: a tenth with every change, all of it where BACKENDS_NIGHTLY is set, as eng/nightly does.</summary>
internal static class Effort
{
    private static readonly bool s_isNightly = Environment.GetEnvironmentVariable("BACKENDS_NIGHTLY") is { Length: > 0 };

    public static int Of(int full) => s_isNightly ? full : full / 10;
}
