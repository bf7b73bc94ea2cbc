using System.Buffers.Binary;
using System.Text;

namespace Backends.Plugins.Native;

/// <summary>
/// The dynamic section of a shared library of Linux: what it is called and what it needs. A reader of files that nobody vouches for: every place is
/// checked before it is read, and whatever is not a 64-bit little-endian ELF file (ABI-10) gives null.
/// </summary>
/// <param name="Soname">The name by which others need it; empty: none.</param>
/// <param name="Needed">The libraries that it needs, by their sonames.</param>
/// <param name="RunPath">Folders that are searched for them first, <c>$ORIGIN</c> being the library's own.</param>
internal sealed record ElfImage(string Soname, IReadOnlyList<string> Needed, IReadOnlyList<string> RunPath)
{
    private const int LoadSegment = 1, DynamicSegment = 2;
    private const int TagNeeded = 1, TagStrings = 5, TagSoname = 14, TagRPath = 15, TagRunPath = 29;
    private const int MostSegments = 256, MostTags = 4096, LongestText = 4096;

    /// <summary>Reads a file; null if it is none, or cannot be read.</summary>
    public static ElfImage? Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Reads what a stream holds.</summary>
    public static ElfImage? Read(Stream file)
    {
        Span<byte> header = stackalloc byte[64];
        if (!At(file, 0, header) || !header.StartsWith("\u007FELF\u0002\u0001"u8)) return null;
        ulong table = Long(header, 32);
        int size = Short(header, 54), count = Short(header, 56);
        if (size < 56 || count > MostSegments) return null;
        var loads = new List<(ulong Address, ulong Offset, ulong Size)>();
        (ulong Offset, ulong Size) dynamic = default;
        Span<byte> segment = stackalloc byte[56];
        for (int i = 0; i < count; i++)
        {
            if (!At(file, table + (ulong)(i * size), segment)) return null;
            int kind = BinaryPrimitives.ReadInt32LittleEndian(segment);
            if (kind == LoadSegment) loads.Add((Long(segment, 16), Long(segment, 8), Long(segment, 32)));
            if (kind == DynamicSegment) dynamic = (Long(segment, 8), Long(segment, 32));
        }
        return Tags(file, loads, dynamic);
    }

    private static ElfImage? Tags(Stream file, List<(ulong Address, ulong Offset, ulong Size)> loads, (ulong Offset, ulong Size) dynamic)
    {
        ulong strings = 0, soname = 0, paths = 0;
        var needed = new List<ulong>();
        Span<byte> entry = stackalloc byte[16];
        for (ulong i = 0; i < Math.Min(dynamic.Size / 16, MostTags); i++)
        {
            if (!At(file, dynamic.Offset + i * 16, entry)) return null;
            ulong value = Long(entry, 8);
            switch (Long(entry, 0))
            {
                case 0: i = MostTags; break;   // the end, wherever the section ends
                case TagNeeded: needed.Add(value); break;
                case TagStrings: strings = value; break;
                case TagSoname: soname = value; break;
                case TagRunPath: paths = value; break;
                case TagRPath when paths == 0: paths = value; break;   // the older kind, which the newer overrides
            }
        }
        var segment = loads.Find(l => strings >= l.Address && strings - l.Address < l.Size);
        ulong start = strings - segment.Address + segment.Offset;
        string Name(ulong index) => index == 0 || segment.Size == 0 ? "" : Text(file, start + index);
        return new ElfImage(Name(soname), [.. needed.Select(Name).Where(n => n.Length > 0)], Name(paths).Split(':', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Text(Stream file, ulong at)
    {
        if (at >= (ulong)file.Length) return "";
        byte[] bytes = new byte[Math.Min(LongestText, file.Length - (long)at)];
        file.Position = (long)at;
        file.ReadExactly(bytes);
        int end = Array.IndexOf(bytes, (byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(bytes, 0, end);
    }

    private static bool At(Stream file, ulong offset, Span<byte> bytes)
    {
        if (offset > long.MaxValue || (long)offset > file.Length - bytes.Length) return false;
        file.Position = (long)offset;
        file.ReadExactly(bytes);
        return true;
    }

    private static ulong Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
