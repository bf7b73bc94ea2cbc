namespace Backends.Plugins.Native;

/// <summary>
/// Reads kernel records (KER-1). Zero is the most cautious claim (KER-2), and what a newer plugin claims beyond this host's words is not
/// used. Whether operator and dtypes exist is the kernel table's question, for both doors alike.
/// </summary>
internal static unsafe class NativeKernel
{
    private const int KnownAbilities = (int)(Accepts.InPlace | Accepts.HostScalars | Accepts.Empty | Accepts.LargeIndex | Accepts.ReferenceStream | Accepts.ReportsFaults);
    private const int MostTypes = 16;
    private const int HighestRank = 16;   // KER-10

    /// <summary>Whether a size can lead from one entry to the next.</summary>
    public static bool IsStride(uint size) => size is > 0 and <= 1 << 16 && size % 8 == 0;

    /// <summary>The record of an entry.</summary>
    /// <param name="entry">Where it lies.</param>
    /// <param name="stride">The first entry's size.</param>
    /// <param name="backend">The head of a name that is not given.</param>
    /// <param name="names">The names so far; takes this one.</param>
    /// <exception cref="PluginLoadException">Why the record is refused.</exception>
    public static Kernel Read(BkKernel* entry, uint stride, string backend, HashSet<string> names)
    {
        var record = NativeTable.Read(entry);
        if (record.StructSize != stride) throw NativeTable.Invalid($"struct_size is {record.StructSize}, the first entry's is {stride}");
        NativeTable.Require<BkKernel>(record.Op, "op");
        NativeTable.Require<BkKernel>(record.Run, "run");
        if (record.MaxRank is < 0 or > HighestRank) throw NativeTable.Invalid($"table bk_kernel: slot max_rank is {record.MaxRank}");
        int min = record.MinVersion == 0 ? 1 : record.MinVersion, version = record.Version == 0 ? min : record.Version;
        if (min < 1 || version < min) throw NativeTable.Invalid($"table bk_kernel: versions {min} to {version} are no range");
        string op = NativeTable.Text(record.Op)!;
        var types = Types(record);
        return new Kernel
        {
            Operator = op,
            Types = types,
            Accepts = Known(record.Accepts),
            MaxRank = record.MaxRank == 0 ? 8 : record.MaxRank,
            MinVersion = min,
            Version = version,
            Determinism = record.Determinism is >= 0 and <= (int)Determinism.BatchInvariant ? (Determinism)record.Determinism : Determinism.Varying,
            Priority = record.Priority,
            Name = Name(record, $"{backend}.{op}.{string.Join('.', types.Select(t => t.Name))}", names),
            RunNative = record.Run,
            WhenNative = record.Predicate,
        };
    }

    private static DType[] Types(in BkKernel record)
    {
        if (record.Types == null) return [Type(record.Dtype)];
        if (record.TypeCount is < 1 or > MostTypes) throw NativeTable.Invalid($"table bk_kernel: slot type_count is {record.TypeCount}");
        var types = new DType[record.TypeCount];
        for (int i = 0; i < types.Length; i++) types[i] = Type(record.Types[i]);
        return types;
    }

    private static DType Type(int dtype) =>
        Enum.IsDefined((DType)dtype) && dtype != 0 ? (DType)dtype : throw NativeTable.Invalid($"table bk_kernel: slot dtype (or types) holds {dtype}, which is no dtype");

    // Each layout class includes the ones before it (KER-3), so an unknown one stands for the nearest known below.
    private static Accepts Known(int accepts)
    {
        int layout = accepts & Kernel.LayoutMask;
        return (Accepts)(accepts & KnownAbilities) | (layout >= (int)Accepts.AnyStrided ? Accepts.AnyStrided : layout == (int)Accepts.Strided ? Accepts.Strided : Accepts.Contiguous);
    }

    private static string Name(in BkKernel record, string otherwise, HashSet<string> names)
    {
        string? given = NativeTable.Text(record.Name);
        if (given is not null && names.Contains(given)) throw NativeTable.Invalid($"table bk_kernel: the name '{given}' is taken by an earlier record");
        string name = given ?? otherwise;
        for (int number = 2; !names.Add(name); number++) name = $"{otherwise}.{number}";
        return name;
    }
}
