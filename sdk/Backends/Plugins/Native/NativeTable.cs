using System.Runtime.InteropServices;
using System.Text;

namespace Backends.Plugins.Native;

/// <summary>Reads what lies on the plugin's side of the door, once, into the host's own copies (ABI-3, -5, -9).</summary>
internal static unsafe class NativeTable
{
    private const uint Largest = 1 << 16;
    private const int LongestText = 1 << 16;

    /// <summary>Copies a table. Fields that the plugin's table does not have are 0.</summary>
    /// <exception cref="PluginLoadException"><see cref="AbsenceCode.InvalidTable"/>, naming the slot.</exception>
    public static T Read<T>(T* table) where T : unmanaged, INativeTable
    {
        if (table == null) throw Invalid($"table {T.Name} is NULL");
        if (((nuint)table & 7) != 0) throw Invalid($"table {T.Name} is not aligned to 8 bytes");
        uint size = *(uint*)table;
        if (size < T.FirstSize) throw Invalid($"table {T.Name} ends before slot {SlotAt<T>(size)}");
        if (size > Largest || size % 8 != 0) throw Invalid($"table {T.Name} says that it has {size} bytes");
        T copy = default;
        Buffer.MemoryCopy(table, &copy, sizeof(T), Math.Min(size, (uint)sizeof(T)));
        return copy;
    }

    /// <summary>A slot that must not be NULL.</summary>
    public static void Require<T>(void* slot, string name) where T : unmanaged, INativeTable
    {
        if (slot == null) throw Invalid($"table {T.Name}: slot {name} is NULL");
    }

    /// <summary>A text of a table: cut at 64 KiB, invalid UTF-8 replaced. Null for NULL.</summary>
    public static string? Text(byte* text)
    {
        if (text == null) return null;
        int length = 0;
        while (length < LongestText && text[length] != 0) length++;
        if (length == LongestText)
            while (length > LongestText - 4 && (text[length] & 0xC0) == 0x80) length--;   // not in the middle of a character
        return Encoding.UTF8.GetString(text, length);
    }

    /// <summary>The reason for a table that breaks a rule.</summary>
    public static PluginLoadException Invalid(string text) =>
        new(AbsenceCode.InvalidTable, text, "rebuild the plugin with its vendor's backends/backend.h; BK_SIZED fills struct_size");

    // Only for the message: the first field that does not end within the size, in C's spelling.
    private static string SlotAt<T>(uint size) where T : unmanaged
    {
        var fields = typeof(T).GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public);
        for (int i = 0; i < fields.Length; i++)
        {
            int end = i + 1 < fields.Length ? (int)Marshal.OffsetOf<T>(fields[i + 1].Name) : sizeof(T);
            if (end > size) return SnakeCase(fields[i].Name);
        }
        return "?";
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
