using Backends.Plugins;

namespace Backends.Tests.Host;

public sealed class DispatchTests : IDisposable
{
    private readonly BackendHost _host = TestHost.Create();
    private Device Cpu => _host["cpu"];

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Broadcasting_stretches_sizes_of_one()
    {
        var a = Cpu.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
        Assert.Equal([11, 22, 33, 14, 25, 36], (a + Cpu.Tensor(10f, 20f, 30f)).ToArray<float>());
        Assert.Equal([11, 12, 13, 24, 25, 26], (a + Cpu.Tensor([10f, 20f], [2, 1])).ToArray<float>());
        var error = Assert.Throws<ShapeException>(() => a + Cpu.Tensor(1f, 2f));
        Assert.Equal("BK2001", error.Id);
        Assert.Contains("[2, 3]", error.Message);
    }

    [Fact]
    public void A_dim_that_x_lacks_is_the_operators_own_error_and_reaches_no_kernel()
    {
        Assert.Equal("softmax: dim 3 is outside -1..0.", Assert.Throws<OperatorArgumentException>(() => Cpu.Zeros([2]).Softmax(dim: 3)).What);
        var (host, device) = TestHost.With(new MoodyDevice());
        using (host) Assert.Equal("BK2005", Assert.Throws<OperatorArgumentException>(() => device.Tensor(1f, 2f).Softmax(dim: 3)).Id);
    }

    [Theory]
    [InlineData(DType.I8, DType.U8, DType.I16)]
    [InlineData(DType.I32, DType.F16, DType.F16)]
    [InlineData(DType.F16, DType.BF16, DType.F32)]
    [InlineData(DType.U32, DType.I32, DType.I64)]
    [InlineData(DType.F32, DType.F64, DType.F64)]
    public void Operands_meet_in_their_common_dtype(DType a, DType b, DType common)
    {
        Assert.Equal(common, (Cpu.Full([2], 1, a) + Cpu.Full([2], 1, b)).DType);
        Assert.Equal(common, (Cpu.Full([2], 1, b) + Cpu.Full([2], 1, a)).DType);
    }

    [Fact]
    public void Dtypes_without_a_common_one_are_refused()
    {
        Assert.Throws<DTypeException>(() => Cpu.Full([1], 1, DType.U64) + Cpu.Full([1], 1, DType.I64));
        var error = Assert.Throws<DTypeException>(() => Cpu.Full([1], 1, DType.I32).Exp());
        Assert.Contains("f16 bf16 f32 f64", error.Why);
    }

    [Fact]
    public void Results_of_nothing_are_what_the_declaration_says()
    {
        Assert.Equal([0, 0], Cpu.Empty([2, 0]).Sum(dim: 1).ToArray<float>());
        Assert.Equal([0, 0, 0, 0], Cpu.Empty([2, 0]).MatMul(Cpu.Empty([0, 2])).ToArray<float>());
        Assert.Equal(0, (Cpu.Empty([0, 3]) + 1).Elements);
        Assert.Throws<OperatorArgumentException>(() => Cpu.Empty([2, 0]).AMax(dim: 1));
        Assert.Equal([0, 2], (long[])[.. Cpu.Empty([0, 3]).Nonzero().Shape]);
        Assert.Equal("BK2005", Assert.Throws<OperatorArgumentException>(() => _host["reference"].Empty([0]).AMax()).Id);
    }

    [Fact]
    public void An_in_place_result_keeps_its_shape_and_dtype()
    {
        var a = Cpu.Zeros([3, 1]);
        Assert.Equal("BK2002", Assert.Throws<ShapeException>(() => a.AddInPlace(Cpu.Zeros([3, 4]))).Id);
        var i = Cpu.Zeros([2], DType.I32);
        Assert.Throws<DTypeException>(() => i.AddInPlace(Cpu.Zeros([2])));
        Assert.Throws<InvalidTensorException>(() => Ops.Add(Cpu.Zeros([2, 3]), Cpu.Zeros([2, 3]), into: Cpu.Zeros([3]).Expand([2, 3])));
    }

    [Fact]
    public void Nothing_moves_between_devices_unasked()
    {
        var error = Assert.Throws<DeviceMismatchException>(() => Cpu.Tensor(1f) + _host["reference"].Tensor(1f));
        Assert.Equal("BK2004", error.Id);
        Assert.Equal(3, (Cpu.Tensor(1f) + _host["reference"].Tensor(2f).To(Cpu)).ToScalar<float>());
    }

    [Fact]
    public void Softmax_decomposes_and_its_parts_are_recorded()
    {
        var records = new List<CallRecord>();
        var x = Cpu.Tensor([1f, 2, 3, 4], [2, 2]);
        var device = Cpu;
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            var t = test.Tensor([1f, 2, 3, 4], [2, 2]);
            test.Recorder = records.Add;
            var y = t.Softmax();
            test.Recorder = null;
            var call = Assert.Single(records);
            Assert.Equal(Way.Decomposed, call.Way);
            Assert.Equal(["amax", "sub", "exp", "sum", "div"], call.Parts.Select(p => p.Operator));
            Assert.All(call.Parts, p => Assert.Equal(Way.Fallback, p.Way));
            Assert.Equal(x.Softmax().ToArray<float>(), y.ToArray<float>());
        }
        GC.KeepAlive(device);
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void A_decomposition_of_16_bit_floats_rounds_once(DType dtype)
    {
        var x = Cpu.Uniform([4, 33], seed: 3).To(dtype);
        var expected = x.To(DType.F32).Softmax().To(dtype);
        Assert.Equal(expected.To(DType.F32).ToArray<float>(), x.Softmax().To(DType.F32).ToArray<float>());
    }

    [Fact]
    public void Policies_allow_or_deny_a_fallback_and_count_it()
    {
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            var a = test.Tensor(1f, -2f);
            Assert.Equal([1, 0], a.Relu().ToArray<float>());
            Assert.Equal(1, test.Calls.Of(CoreOperators.Relu, Way.Fallback));
            Assert.Equal(new FallbackCount(1, 8, 8, TimeSpan.Zero), test.Calls.Fallbacks[("relu", WayReason.NoKernel)]);
            test.Fallback = FallbackPolicy.Deny;
            var error = Assert.Throws<FallbackDeniedException>(() => a.Relu());
            Assert.Equal("BK2008", error.Id);
            Assert.Contains("no kernel", error.Why);
            Assert.Equal([2, -4], (a + a).ToArray<float>());
            Assert.Equal(1, test.Calls.Of(CoreOperators.Add, Way.Native));
        }
    }

    [Fact]
    public void A_call_that_nobody_takes_ends_in_an_error_not_in_circles()
    {
        // Beyond rank 8 no kernel of cpu takes it, and the reference alone is left.
        var deep = Cpu.Zeros([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
        Cpu.Fallback = FallbackPolicy.Allow;
        Assert.Equal([1, 1], (deep + 1).Exp().Sum(dim: 9).Shape.AsSpan()[..2].ToArray());
        Assert.Throws<DTypeException>(() => deep.Cast(DType.None));
    }

    [Fact]
    public void A_warning_comes_once_for_each_operator_and_dtype()
    {
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            var lines = new List<string>();
            host.Log = lines.Add;
            var a = test.Tensor(1f);
            for (int i = 0; i < 3; i++) a.Relu();
            Assert.Single(lines, l => l.Contains("relu f32 falls back (no kernel)", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Tensors_in_memory_that_is_no_pointer_are_read_written_and_computed_with()
    {
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            var a = test.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);
            Assert.Equal([1, 4, 2, 5, 3, 6], a.Transpose().ToArray<float>());
            a[.., 1] = test.Tensor(20f, 50f);
            Assert.Equal([1, 20, 3, 4, 50, 6], a.ToArray<float>());
            a += a.Transpose().Contiguous().Reshape(2, 3);
            Assert.Equal([2, 24, 23, 54, 53, 12], a.ToArray<float>());
            Assert.Throws<InvalidTensorException>(() => a.Read<float>());
            Assert.Equal([[0, 1]], [test.Tensor([0f, 5f], [1, 2]).Nonzero().ToArray<long>()]);
        }
    }

    [Fact]
    public void What_is_explained_is_what_is_done()
    {
        var (host, test) = TestHost.With(new TokenDevice());
        using (host)
        {
            Assert.Equal("native tokens.add.f32", test.Explain(CoreOperators.Add, DType.F32).ToString());
            Assert.Equal("fallback: cpu:0  because: no kernel for this dtype", test.Explain(CoreOperators.Add, DType.F64).ToString());
            Assert.Equal("decomposed: amax sub exp sum div  because: no kernel", test.Explain(CoreOperators.Softmax, DType.F32).ToString());
            var strided = test.Tensor([1f, 2, 3, 4], [2, 2]).Transpose();
            Assert.Equal("native tokens.add.f32 (after copies)", test.Explain(CoreOperators.Add, [strided, strided]).ToString());
        }
    }

    [Fact]
    public void A_kernel_that_throws_fails_its_call_alone()
    {
        var (host, test) = TestHost.With(new MoodyDevice());
        using (host)
        {
            var a = test.Tensor(1f);
            var error = Assert.Throws<DeviceOperationException>(() => a.Exp());
            Assert.Equal("BK4002", error.Id);
            Assert.Contains("channel 3: DMA timeout", error.Why);
            Assert.Contains("exp f32 [1]", error.What);
            Assert.Contains("no reason", Assert.Throws<DeviceOperationException>(() => a.Relu()).Why);
            Assert.Equal(2, (a + 1).ToScalar<float>());
        }
    }

    [Fact]
    public void A_kernel_that_declines_is_passed_over_and_one_whose_When_says_no_is_never_called()
    {
        var (host, test) = TestHost.With(new MoodyDevice());
        using (host)
        {
            var a = test.Tensor(3f);
            Assert.Equal(6, (a + a).ToScalar<float>());
            Assert.Equal(1, test.Calls.Fallbacks[("add", WayReason.Declined)].Calls);
            Assert.Equal(9, (a * a).ToScalar<float>());
            Assert.Equal(1, test.Calls.Fallbacks[("mul", WayReason.Predicate)].Calls);
            Assert.Contains(test.Notes, n => n.Contains("'rleu'", StringComparison.Ordinal));
        }
    }

    private sealed unsafe class MoodyDevice() : HostMemoryDevice(new DeviceInfo { Name = "Moody" })
    {
        protected override void AddKernels(KernelList kernels)
        {
            kernels.Add(new Kernel { Operator = "exp", Types = [DType.F32], Name = "moody.exp", Run = &Fail });
            kernels.Add(new Kernel { Operator = "relu", Types = [DType.F32], Name = "moody.relu", Run = &Throw });
            kernels.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "moody.add", Run = &Decline });
            kernels.Add(new Kernel { Operator = "mul", Types = [DType.F32], Name = "moody.mul", Run = &Throw, When = &Never });
            kernels.Add(new Kernel { Operator = "softmax", Types = [DType.F32], Name = "moody.softmax", Run = &Throw });
            kernels.Add(new Kernel { Operator = "rleu", Types = [DType.F32], Name = "moody.rleu", Run = &Throw });
        }

        private static bool Never(CallFrame* frame) => false;
        private static void Fail(CallFrame* frame) => throw new BackendException(BackendStatus.DeviceError, "channel 3: DMA timeout");
        private static void Decline(CallFrame* frame) => throw new BackendException(BackendStatus.Declined, "not today");
        private static void Throw(CallFrame* frame) => throw new InvalidOperationException("no reason");
    }
}
