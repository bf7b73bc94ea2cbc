using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>Memory as the plugin gives it (MEM-2, MEM-3, MEM-4, MEM-8) and as the host hands it on (MEM-1, MEM-9, MEM-10).</summary>
internal static class MemoryChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("MEM-2", "sizes", Sizes) { Count = 40, IsRandom = true },
        new("MEM-2", "alignment", Alignment),
    ];

    private static readonly long[] s_sizes = [1, 2, 3, 7, 255, 256, 257, 4095, 4096, 4097, 65_535, 65_537, 1 << 20, (1 << 20) + 1];

    private static void Alignment(Trial t)
    {
        uint alignment = t.Plugin.Info.Alignment;
        t.Must(alignment >= 256 && (alignment & (alignment - 1)) == 0, $"the device says alignment {alignment}");
    }

    private static void Sizes(Trial t)
    {
    }
}
