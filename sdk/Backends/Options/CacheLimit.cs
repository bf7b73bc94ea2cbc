using System.Globalization;

namespace Backends;

/// <summary>How much freed memory of a device is kept for reuse: a share of what the host may take of it, or a number of bytes.</summary>
public readonly record struct CacheLimit
{
    // Where a device's memory is unknown, shares are of this.
    private const long Unknown = 4L << 30;
    private readonly double _share;
    private readonly long _bytes;

    private CacheLimit(double share, long bytes) => (_share, _bytes) = (share, bytes);

    /// <summary>25 %.</summary>
    public static CacheLimit Default { get; } = OfShare(0.25);

    /// <summary>A share.</summary>
    /// <param name="share">From 0, nothing is kept, to 1.</param>
    public static CacheLimit OfShare(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return new(share, 0);
    }

    /// <summary>A number of bytes.</summary>
    /// <param name="bytes">0, nothing is kept, or more.</param>
    public static CacheLimit OfBytes(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return new(0, bytes);
    }

    /// <summary>Reads <c>25%</c>, <c>64MiB</c> or <c>0</c>.</summary>
    public static bool TryParse(string text, out CacheLimit limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        limit = Default;
        if (text.EndsWith('%'))
        {
            if (!double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) || !(percent <= 100)) return false;   // NaN% is a number to it
            limit = OfShare(percent / 100);
            return true;
        }
        if (text != "0" && Sizes.Parse(text) is null) return false;
        limit = OfBytes(Sizes.Parse(text) ?? 0);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _bytes > 0 || _share == 0 ? Sizes.Text(_bytes) : $"{(_share * 100).ToString("0.##", CultureInfo.InvariantCulture)}%";

    /// <summary>In bytes, on a device of which the host may take so many.</summary>
    internal long On(long memory) => _share > 0 ? (long)(_share * Math.Min(memory == long.MaxValue ? Unknown : memory, long.MaxValue / 2)) : _bytes;
}
