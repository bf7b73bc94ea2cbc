namespace Backends.Tests.Host;

/// <summary>Sizes, strides and states at which arithmetic wraps around, or memory is no longer there: each is a typed error, none reaches memory.</summary>
public sealed class BoundsTests : IDisposable
{
    private readonly BackendHost _host = TestHost.Create();
    private Device Cpu => _host["cpu"];

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_shape_of_more_elements_than_memory_can_have_is_refused()
    {
        Assert.Throws<ShapeException>(() => Cpu.Empty([1L << 62]));
        Assert.Throws<ShapeException>(() => Cpu.Empty([1L << 32, 1L << 32]));
        Assert.Throws<ShapeException>(() => Cpu.Tensor(1f).Expand([1L << 61]));
        Assert.Throws<ShapeException>(() => Cpu.Tensor([1f], [1, 1]).Expand([1L << 40, 1]) + Cpu.Tensor([1f], [1, 1]).Expand([1, 1L << 40]));
        Assert.Equal(0, Cpu.Empty([1L << 40, 1L << 40, 0]).Elements);
    }

    [Fact]
    public void A_result_of_more_bytes_than_memory_has_is_short_of_memory()
    {
        var endless = Cpu.Tensor(1f).Expand([1L << 58]);
        Assert.Throws<OutOfDeviceMemoryException>(() => endless.Exp());
        Assert.Throws<ArgumentException>(() => endless.CopyBytesTo(new byte[4]));
    }

    [Theory]
    [InlineData(3, long.MaxValue / 2, 0)]
    [InlineData(2, long.MinValue, 0)]
    [InlineData(5, 1L << 62, 0)]
    [InlineData(1, 1, 1L << 62)]
    [InlineData(1, 1, long.MinValue)]
    public void Strides_and_offsets_that_wrap_around_stay_outside(long size, long stride, long offset)
    {
        var a = Cpu.Tensor(1f, 2f);
        Assert.Equal("BK2006", Assert.Throws<InvalidTensorException>(() => a.AsStrided([size], [stride], offset)).Id);
    }

    [Fact]
    public void A_step_longer_than_the_dimension_takes_one_element()
    {
        var a = Cpu.Tensor(1f, 2f, 3f);
        Assert.Equal([1], a.Slice(0, 0, 3, long.MaxValue).ToArray<float>());
        Assert.Equal([3], a.Slice(0, -1, -4, -long.MaxValue).ToArray<float>());
    }

    [Fact]
    public void A_target_whose_elements_interlock_is_refused()
    {
        var a = Cpu.Zeros([9]);
        var same = a.AsStrided([3, 3], [1, 1]);
        Assert.Equal("BK2006", Assert.Throws<InvalidTensorException>(() => Ops.Add(Cpu.Zeros([3, 3]), 1, into: same)).Id);
        Ops.Add(Cpu.Zeros([3, 3]), 1, into: a.AsStrided([3, 3], [1, 3]));
        Assert.Equal(9, a.Sum().ToScalar<float>());
    }

    [Fact]
    public void Tensors_of_a_closed_host_are_neither_read_nor_written()
    {
        var a = Cpu.Tensor(1f, 2f);
        var device = Cpu;
        _host.Dispose();
        device.Recorder = null;
        Assert.Throws<ObjectDisposedException>(() => a.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => a.Read<float>().Span.Length);
        Assert.Throws<ObjectDisposedException>(() => a.CopyBytesFrom(new byte[8]));
        Assert.Throws<ObjectDisposedException>(() => a += a);
        Assert.Throws<ObjectDisposedException>(() => Ops.Relu(a, into: a));
        Assert.Throws<ObjectDisposedException>(() => a + 1);
        a.Dispose();
    }
}
