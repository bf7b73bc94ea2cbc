namespace Backends.Tests.Host;

public sealed class TensorTests : IDisposable
{
    private readonly BackendHost _host = TestHost.Create();
    private Device Cpu => _host["cpu"];

    public void Dispose() => _host.Dispose();

    private Tensor Counting(params long[] sizes) => Cpu.Tensor([.. Enumerable.Range(0, (int)Shape.Create(sizes).Elements).Select(i => (float)i)], Shape.Create(sizes));

    [Fact]
    public void Indices_ranges_and_steps_give_views()
    {
        var a = Counting(3, 4);
        Assert.Equal([4, 5, 6, 7], a[1].ToArray<float>());
        Assert.Equal([3, 7, 11], a[.., ^1].ToArray<float>());
        Assert.Equal([0, 2, 4, 6, 8, 10], a[.., (.., 2)].ToArray<float>());
        Assert.Equal([11, 10, 9, 8], a[2, (.., -1)].ToArray<float>());
        Assert.Equal(9, a[2, 1].ToScalar<float>());
        Assert.Equal([8, 4, 0], a[(.., -1), 0].ToArray<float>());
    }

    [Fact]
    public void A_list_pattern_reads_a_shape()
    {
        Assert.True(Counting(2, 3).Shape is [2, var columns] && columns == 3);
    }

    [Fact]
    public void Slice_follows_pythons_clamping()
    {
        var a = Counting(5);
        Assert.Equal([1, 2, 3], a.Slice(0, 1, 4).ToArray<float>());
        Assert.Equal([3, 4], a.Slice(0, -2).ToArray<float>());
        Assert.Equal([4, 3, 2, 1, 0], a.Slice(0, step: -1).ToArray<float>());
        Assert.Equal([3, 1], a.Slice(0, 3, 0, -2).ToArray<float>());
        Assert.Empty(a.Slice(0, 4, 2).ToArray<float>());
        Assert.Equal([0, 1, 2, 3, 4], a.Slice(0, -99, 99).ToArray<float>());
    }

    [Fact]
    public void Permute_transpose_reshape_expand_squeeze_look_at_the_same_elements()
    {
        var a = Counting(2, 3);
        Assert.Equal([0, 3, 1, 4, 2, 5], a.Transpose().ToArray<float>());
        Assert.Equal([0, 3, 1, 4, 2, 5], a.Transpose().Reshape(6).ToArray<float>());
        Assert.Equal(new Shape(), a.Reshape(-1)[0].Shape);
        Assert.Equal([0, 1, 2, 0, 1, 2], a[0].Expand([2, 3]).ToArray<float>());
        Assert.Equal([1, 2, 3], (long[])[.. a.Unsqueeze(0).Shape]);
        Assert.Equal([2, 3], (long[])[.. a.Unsqueeze(-1).Squeeze(2).Shape]);
        a.Reshape(6)[0] = Cpu.Tensor(9f)[0];
        Assert.Equal(9, a[0, 0].ToScalar<float>());
    }

    [Fact]
    public void In_place_operators_write_to_the_storage_that_views_share()
    {
        var a = Counting(2, 2);
        var row = a[1];
        int version = a.Version;
        a += 1;
        row *= 2;
        Assert.Equal([1, 2, 6, 8], a.ToArray<float>());
        Assert.True(a.Version >= version + 2);
        a[0] += 10;
        Assert.Equal([11, 12, 6, 8], a.ToArray<float>());
        a[.., 0] = a[.., 1];
        Assert.Equal([12, 12, 8, 8], a.ToArray<float>());
    }

    [Fact]
    public void A_target_that_overlaps_an_input_gets_what_the_old_values_give()
    {
        var a = Counting(6);
        using Tensor low = a[..4], high = a[2..];
        Ops.Add(low, high, into: high);
        Assert.Equal([0, 1, 2, 4, 6, 8], a.ToArray<float>());
        var b = Counting(4);
        using var reversed = b[(.., -1)];
        Ops.Copy(reversed, into: b);
        Assert.Equal([3, 2, 1, 0], b.ToArray<float>());
    }

    [Fact]
    public void A_scalar_never_widens_a_tensor()
    {
        Assert.Equal(DType.F16, (Cpu.Zeros([2], DType.F16) * 2.0).DType);
        Assert.Equal(DType.I8, (Cpu.Zeros([2], DType.I8) + 1).DType);
        Assert.Equal(DType.F32, (Cpu.Zeros([2], DType.I32) * 0.5).DType);
        Assert.Equal([3f, 1f], (5 - Cpu.Tensor(2f, 4f)).ToArray<float>());
    }

    [Fact]
    public void Printing_aligns_and_cuts()
    {
        Assert.Equal("f32[2, 3] cpu:0\n[[ 1.0000, -2.5000,     NaN],\n [ 0.3333,     Inf,  4.0000]]",
            Cpu.Tensor([1f, -2.5f, float.NaN, 1 / 3f, float.PositiveInfinity, 4f], [2, 3]).ToString());
        string big = Counting(512, 10).ToString();
        Assert.Contains("...", big);
        Assert.Equal(8, big.Split('\n').Length);
        Assert.Equal("i64[2] cpu:0\n[1, 2]", Cpu.Tensor(1L, 2L).ToString());
        Assert.Equal("f32[] cpu:0\n 1.5000", Cpu.Full([], 1.5).ToString());
        Assert.Equal("f32[0, 3] cpu:0\n[]", Cpu.Zeros([0, 3]).ToString());
        Assert.Equal("f32[2, 0] cpu:0\n[[],\n []]", Cpu.Zeros([2, 0]).ToString());
        Assert.Contains("0.100000001", Cpu.Tensor(0.1f).ToString("G9"));
    }

    [Fact]
    public void Reading_never_converts_and_spans_need_contiguous_memory()
    {
        var a = Counting(2, 3);
        var wrong = Assert.Throws<DTypeException>(() => a.ToArray<double>());
        Assert.Contains("x.To(DType.F64)", wrong.Remedy);
        Assert.Equal("Reading double from f32.", wrong.What);
        var byteless = Assert.Throws<DTypeException>(() => Cpu.Zeros([2], DType.F8E4M3).ToArray<byte>());
        Assert.Contains("x.To(DType.F32)", byteless.Remedy);
        var strided = Assert.Throws<InvalidTensorException>(() => a.Transpose().Read<float>());
        Assert.Equal("BK2006", strided.Id);
        using var view = a.Read<float>();
        Assert.Equal(6, view.Span.Length);
    }

    [Fact]
    public void A_negative_index_says_how_to_count_from_the_end()
    {
        var a = Counting(2, 3);
        Assert.Equal("write ^1", Assert.Throws<OperatorArgumentException>(() => a[-1]).Remedy);
        Assert.Equal(a[1].ToArray<float>(), a[^1].ToArray<float>());
    }

    [Fact]
    public void The_only_element_of_a_cast_is_what_the_cast_says()
    {
        Assert.Equal(2, Cpu.Tensor(2.7f).To(DType.I32).ToScalar<int>());
        var a = Counting(2);
        using var same = a.To(DType.F32);
        Assert.NotSame(a, same);
        same.Dispose();
        Assert.Equal([0, 1], a.ToArray<float>());
    }
}
