using System.Runtime.InteropServices;

namespace Backends.Plugins.Native;

/// <summary>What a device string asks for, as <c>bk_options</c>: it and its texts live until this is disposed.</summary>
internal sealed unsafe class NativeOptions : IDisposable
{
    private readonly BkOptions* _table;

    public NativeOptions(IReadOnlyDictionary<string, string> options)
    {
        uint count = (uint)options.Count;
        _table = (BkOptions*)NativeMemory.AllocZeroed((nuint)(sizeof(BkOptions) + 2 * count * sizeof(byte*)));
        _table->StructSize = (uint)sizeof(BkOptions);
        _table->Count = count;
        _table->Names = (byte**)(_table + 1);
        _table->Values = _table->Names + count;
        int i = 0;
        foreach (var (name, value) in options)
        {
            _table->Names[i] = (byte*)Marshal.StringToCoTaskMemUTF8(name);
            _table->Values[i++] = (byte*)Marshal.StringToCoTaskMemUTF8(value);
        }
    }

    public BkOptions* Table => _table;

    public void Dispose()
    {
        for (uint i = 0; i < 2 * _table->Count; i++) Marshal.FreeCoTaskMem((nint)_table->Names[i]);
        NativeMemory.Free(_table);
    }
}
