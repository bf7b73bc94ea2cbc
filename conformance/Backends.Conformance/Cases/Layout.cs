namespace Backends.Conformance;

/// <summary>How a tensor of a case lies in memory. The words of ids: <c>layout=b.transposed</c>.</summary>
internal enum Layout
{
    /// <summary>Row-major without gaps, at an aligned address. Ids leave it out.</summary>
    Contiguous,
    /// <summary>The last two dimensions change places in memory.</summary>
    Transposed,
    /// <summary>Every second element of each row belongs to the tensor; those between are guards.</summary>
    EveryOther,
    /// <summary>Rows stand further apart than they are long, as in a part of a larger matrix.</summary>
    Padded,
    /// <summary>Begins some elements into its storage.</summary>
    Offset,
    /// <summary>Begins at an address that is aligned to the element and to nothing more (KER-11).</summary>
    Unaligned,
    /// <summary>The first dimension longer than 1 has stride 0; inputs only.</summary>
    Expanded,
    /// <summary>Every dimension runs backwards.</summary>
    Reversed,
}
