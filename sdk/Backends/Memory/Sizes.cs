using System.Globalization;

namespace Backends;

/// <summary>Byte counts as people write and read them.</summary>
internal static class Sizes
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Text(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1 << 20 => $"{bytes / 1024.0:0.0} KiB",
        < 1 << 30 => $"{bytes / 1048576.0:0.0} MiB",
        _ => $"{bytes / 1073741824.0:0.0} GiB",
    };

    /// <summary>4096, 64KiB, 64MiB, 2GiB: 1 or more; null when it is none of these.</summary>
    public static long? Parse(string text)
    {
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        int unit = digits == text.Length ? 0 : Array.FindIndex(s_units, u => u.Equals(text[digits..].Trim(), StringComparison.OrdinalIgnoreCase));
        return unit >= 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 && number <= long.MaxValue >> 10 * unit
            ? number << 10 * unit : null;
    }
}
