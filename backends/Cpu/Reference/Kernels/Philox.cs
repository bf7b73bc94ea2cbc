namespace Backends.Reference;

/// <summary>Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as 1, 2, 3; SC 2011): ten rounds over four words.</summary>
internal static class Philox
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57, WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    /// <summary>The four words of a counter, under a key.</summary>
    public static uint[] Words(uint[] counter, uint[] key)
    {
        uint[] c = [.. counter], k = [.. key];
        for (int round = 0; round < 10; round++)
        {
            ulong a = (ulong)MultiplierA * c[0], b = (ulong)MultiplierB * c[2];
            c = [(uint)(b >> 32) ^ c[1] ^ k[0], (uint)b, (uint)(a >> 32) ^ c[3] ^ k[1], (uint)a];
            k = [k[0] + WeylA, k[1] + WeylB];
        }
        return c;
    }

    /// <summary>The words of a generator's n-th counter: the key is its seed, the counter is 64 bits long.</summary>
    public static uint[] Words(ulong seed, ulong n) => Words([(uint)n, (uint)(n >> 32), 0, 0], [(uint)seed, (uint)(seed >> 32)]);
}
