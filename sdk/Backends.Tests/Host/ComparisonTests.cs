using Xunit;

namespace Backends.Tests.Host;

/// <summary>Comparisons as operators of C#, what they give, and what chooses by them.</summary>
public sealed class ComparisonTests : IDisposable
{
    private readonly BackendHost _host = TestHost.Create();

    private Device Cpu => _host["cpu"];

    public void Dispose() => _host.Dispose();

    private Tensor Numbers(params float[] values) => Cpu.Tensor(values);

    [Fact]
    public void Less_and_greater_compare_element_by_element_and_give_truth_values()
    {
        Tensor a = Numbers(1, 2, 3, float.NaN), b = Numbers(2, 2, 2, 2);
        Assert.Equal(DType.Bool, (a < b).DType);
        Assert.Equal([true, false, false, false], (a < b).ToArray<bool>());
        Assert.Equal([true, true, false, false], (a <= b).ToArray<bool>());
        Assert.Equal([false, false, true, false], (a > 2).ToArray<bool>());
        Assert.Equal([true, true, false, false], (2 >= a).ToArray<bool>());
        Assert.Equal([false, true, false, false], a.Eq(b).ToArray<bool>());
        Assert.Equal([true, false, true, true], a.Ne(2).ToArray<bool>());
    }

    [Fact]
    public void A_fraction_is_compared_with_integers_as_it_is()
    {
        var a = Cpu.Tensor([1, 2, 3]);
        Assert.Equal([true, true, false], (a < 2.5).ToArray<bool>());
        Assert.Equal([false, true, false], a.Eq(2).ToArray<bool>());
    }

    [Fact]
    public void Integers_and_floats_are_compared_in_their_common_dtype() =>
        Assert.Equal([true, false], (Cpu.Tensor([1, 3]) < Numbers(1.5f, 2.5f)).ToArray<bool>());

    [Fact]
    public void Truth_values_are_joined_and_turned_round()
    {
        Tensor a = Cpu.Tensor([false, false, true, true]), b = Cpu.Tensor([false, true, false, true]);
        Assert.Equal([false, false, false, true], (a & b).ToArray<bool>());
        Assert.Equal([false, true, true, true], (a | b).ToArray<bool>());
        Assert.Equal([false, true, true, false], (a ^ b).ToArray<bool>());
        Assert.Equal([true, true, false, false], (!a).ToArray<bool>());
    }

    [Fact]
    public void Numbers_are_no_truth_values_until_they_are_compared()
    {
        var a = Numbers(0, 1);
        Assert.Throws<DTypeException>(() => a & a);
        Assert.Throws<DTypeException>(() => Ops.Where(a, a, a));
    }

    [Fact]
    public void Where_chooses_by_a_condition_that_is_broadcast()
    {
        Tensor a = Cpu.Tensor([1f, 2, 3, 4], [2, 2]), y = Ops.Where(Cpu.Tensor([true, false]), a, Cpu.Tensor(-1f));
        Assert.Equal([1, -1, 3, -1], y.ToArray<float>());
        Assert.Equal([0, 2, 0, 4], Ops.Where(a > 0 & Cpu.Tensor([true, false]), 0, a).ToArray<float>());
        Assert.Equal(DType.F16, Ops.Where(Cpu.Tensor([true, false]), a.To(DType.F16), 0.1).DType);
        Assert.Equal(DType.F32, Ops.Where(Cpu.Tensor([true, false]), Cpu.Tensor([1, 2]), Numbers(0.5f, 0.5f)).DType);
    }

    [Fact]
    public void A_clamp_needs_one_bound_and_widens_nothing()
    {
        Assert.Equal([0, 0.5f, 7], Numbers(-3, 0.5f, 7).Clamp(low: 0).ToArray<float>());
        var bytes = Cpu.Tensor([0, 100, 255]).To(DType.U8).Clamp(-5, 200.7);
        Assert.Equal(DType.U8, bytes.DType);
        Assert.Equal([0, 100, 200], bytes.ToArray<byte>());
        Assert.Equal([2, 2], Numbers(1, 9).Clamp(5, 2).ToArray<float>());
    }

    [Fact]
    public void A_minus_sign_turns_every_element() => Assert.Equal([-1, 2], (-Numbers(1, -2)).ToArray<float>());
}
