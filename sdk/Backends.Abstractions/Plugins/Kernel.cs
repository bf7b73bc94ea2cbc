namespace Backends.Plugins;

/// <summary>What a kernel takes beyond the most cautious claim (KER-2, KER-3): the host brings every call into this form.</summary>
[Flags]
public enum Accepts
{
    /// <summary>Contiguous tensors, not in place, no empties, offsets below 2^31.</summary>
    Contiguous = 0,
    /// <summary>Strides zero and above; zero on inputs only.</summary>
    Strided = 3,
    /// <summary>Any strides, negative ones too.</summary>
    AnyStrided = 4,
    /// <summary>An output may be one of the declaration's in-place inputs, exactly.</summary>
    InPlace = 0x10,
    /// <summary>A scalar operand may come as a rank-0 tensor in host memory (KER-17).</summary>
    HostScalars = 0x20,
    /// <summary>Tensors without elements, with null data (KER-15).</summary>
    Empty = 0x40,
    /// <summary>Offsets and sizes of 2^31 and above (KER-19).</summary>
    LargeIndex = 0x80,
    /// <summary>Gives the reference's own bits for a random operator (RND-3).</summary>
    ReferenceStream = 0x100,
    /// <summary>Writes <see cref="CallFrame.Number"/> to <see cref="CallFrame.Fault"/> when an index leads outside; the result is the stated one all the same (KER-25).</summary>
    ReportsFaults = 0x200,
}

/// <summary>How far results repeat (KER-29).</summary>
public enum Determinism
{
    /// <summary>No promise.</summary>
    Varying = 0,
    /// <summary>Same frame, same data: same bits, whatever the load, address or thread count.</summary>
    Bitwise = 1,
    /// <summary>Also independent of the other rows of a batch.</summary>
    BatchInvariant = 2,
}

/// <summary>A kernel's record (KER-1): what it computes, for which dtypes, and what it can take. Usually made from <see cref="KernelAttribute"/>.</summary>
public sealed unsafe class Kernel
{
    /// <summary>Bits of <see cref="Plugins.Accepts"/> that hold the layout class.</summary>
    public const int LayoutMask = 0xF;

    /// <summary>The operator's name.</summary>
    public required string Operator { get; init; }

    /// <summary>One dtype for each free type variable of the declaration.</summary>
    public required IReadOnlyList<DType> Types { get; init; }

    /// <summary>What it takes.</summary>
    public Accepts Accepts { get; init; }

    /// <summary>The highest rank that it takes.</summary>
    public int MaxRank { get; init; } = 8;

    /// <summary>How far its results repeat.</summary>
    public Determinism Determinism { get; init; }

    /// <summary>Candidates are tried from the highest priority down, then in order of registration (KER-4).</summary>
    public int Priority { get; init; }

    /// <summary>The oldest version of the declaration that it computes.</summary>
    public int MinVersion { get; init; } = 1;

    /// <summary>The newest version of the declaration that it computes (KER-20).</summary>
    public int Version { get; init; } = 1;

    /// <summary>Its name in every record and message, unique in the device.</summary>
    public required string Name { get; init; }

    /// <summary>The code, managed: throws <see cref="BackendException"/> to fail. This or <see cref="RunNative"/> is set.</summary>
    public delegate*<CallFrame*, void> Run { get; init; }

    /// <summary>The code, native: gives a <see cref="BackendStatus"/>.</summary>
    public delegate* unmanaged[Cdecl]<CallFrame*, int> RunNative { get; init; }

    /// <summary>Optional, managed: whether it takes this call, from the frame's metadata alone (KER-5).</summary>
    public delegate*<CallFrame*, bool> When { get; init; }

    /// <summary>Optional, native: 0 to decline.</summary>
    public delegate* unmanaged[Cdecl]<CallFrame*, int> WhenNative { get; init; }
}

/// <summary>Declares a kernel: a static method <c>(in ReluArgs args)</c> of a partial class that derives from <see cref="BackendDevice"/>.</summary>
/// <param name="op">The operator's name.</param>
/// <param name="dtypes">One record is made for each of these dtypes.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class KernelAttribute(string op, params DType[] dtypes) : Attribute
{
    /// <summary>The operator's name.</summary>
    public string Operator { get; } = op;

    /// <summary>The dtypes, one record each.</summary>
    public IReadOnlyList<DType> DTypes { get; } = dtypes;

    /// <summary>A combination for an operator with several type variables, for example <c>"f32,f16"</c>, instead of dtypes.</summary>
    public string? Types { get; set; }

    /// <summary>What it takes.</summary>
    public Accepts Accepts { get; set; }

    /// <summary>The name of a method <c>static bool Fits(in ReluArgs args)</c> that says whether it takes a call.</summary>
    public string? When { get; set; }

    /// <summary>The highest rank that it takes.</summary>
    public int MaxRank { get; set; } = 8;

    /// <summary>How far its results repeat.</summary>
    public Determinism Determinism { get; set; }

    /// <summary>Higher ones are tried first.</summary>
    public int Priority { get; set; }
}

/// <summary>Names the class that a plugin's entry creates.</summary>
/// <param name="type">A class that derives from <see cref="Backend"/>, with a public constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BackendPluginAttribute(Type type) : Attribute
{
    /// <summary>The backend's class.</summary>
    public Type Type { get; } = type;
}
