using Xunit;

namespace Backends.Conformance.Tests;

/// <summary>The suite's generator against the vectors that Random123 publishes for philox4x32-10 (kat_vectors).</summary>
public class PhiloxTests
{
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x299f31d0a4093822UL, 0x85a308d3243f6a88UL, 0x0370734413198a2eUL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_words(ulong key, ulong counter, ulong high, uint w0, uint w1, uint w2, uint w3) =>
        Assert.Equal((w0, w1, w2, w3), Philox.Block(key, counter, high));

    [Fact]
    public void A_word_is_found_without_those_before_it()
    {
        uint[] words = Philox.Words(7, 1_001);
        for (int i = 0; i < words.Length; i++) Assert.Equal(words[i], Philox.Word(7, (ulong)i));
    }
}
