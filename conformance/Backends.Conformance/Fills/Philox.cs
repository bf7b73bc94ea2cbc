namespace Backends.Conformance;

/// <summary>
/// The suite's own random bits: Philox 4×32 with ten rounds (Salmon, Moraes, Dror, Shaw, SC 2011). A block of four words depends on a
/// 64-bit key and a 128-bit counter alone, so a case's id gives the same data on every machine, for ever. Devices' generators are judged
/// with it, so no line of it is shared with theirs.
/// </summary>
internal static class Philox
{
    private const ulong FirstMultiplier = 0xD2511F53, SecondMultiplier = 0xCD9E8D57;
    private const uint GoldenRatio = 0x9E3779B9, RootOfThreeLessOne = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The four words of one counter.</summary>
    public static (uint W0, uint W1, uint W2, uint W3) Block(ulong key, ulong counter, ulong counterHigh = 0)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = (uint)counterHigh, c3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong first = FirstMultiplier * c0, second = SecondMultiplier * c2;
            (c0, c1, c2, c3) = ((uint)(second >> 32) ^ c1 ^ k0, (uint)second, (uint)(first >> 32) ^ c3 ^ k1, (uint)first);
            k0 += GoldenRatio;
            k1 += RootOfThreeLessOne;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>Word <paramref name="index"/> of the endless sequence of a key: word i mod 4 of counter i / 4.</summary>
    public static uint Word(ulong key, ulong index)
    {
        var block = Block(key, index >> 2);
        return (index & 3) switch { 0 => block.W0, 1 => block.W1, 2 => block.W2, _ => block.W3 };
    }

    /// <summary>The first words of a key's sequence.</summary>
    public static uint[] Words(ulong key, int count, ulong counterHigh = 0)
    {
        uint[] words = new uint[count];
        for (int i = 0; i < count; i += 4)
        {
            var block = Block(key, (ulong)i >> 2, counterHigh);
            words[i] = block.W0;
            if (i + 1 < count) words[i + 1] = block.W1;
            if (i + 2 < count) words[i + 2] = block.W2;
            if (i + 3 < count) words[i + 3] = block.W3;
        }
        return words;
    }
}
