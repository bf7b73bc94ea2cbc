using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>Which kernel is chosen and which is never called, and that a choice is made before anything is copied or allocated.</summary>
public sealed unsafe class SelectionTests
{
    private static Kernel Record(string op, string name, Accepts accepts = Accepts.Contiguous, int priority = 0, DType dtype = DType.F32) =>
        new() { Operator = op, Types = [dtype], Name = name, Accepts = accepts, Priority = priority, Run = &Nothing };

    private static void Nothing(CallFrame* frame) { }
    private static void Decline(CallFrame* frame) => throw new BackendException(BackendStatus.Declined, "not today");
    private static void SpoilAndFail(CallFrame* frame)
    {
        *(float*)new TensorArg(frame->Outputs[0]).Data = 99;
        throw new BackendException(BackendStatus.DeviceError, "lane 2 is stuck");
    }

    private static void FailWithOk(CallFrame* frame) => throw new BackendException(BackendStatus.Ok, "all is well");
    private static void FailWithUnknown(CallFrame* frame) => throw new BackendException((BackendStatus)77, "from the future");
    private static bool Throws(CallFrame* frame) => throw new InvalidOperationException("no table");

    private static void Add(CallFrame* frame)
    {
        var args = new AddArgs(frame);
        var y = args.Y.AsSpan<float>();
        for (int i = 0; i < y.Length; i++) y[i] = args.A.AsReadOnlySpan<float>()[i] + args.B.AsReadOnlySpan<float>()[i];
    }

    [Fact]
    public void A_kernel_of_32_bit_offsets_gets_no_input_beyond_them()
    {
        var (host, test) = TestHost.With(new ScriptedDevice(k =>
        {
            k.Add(Record("sum", "narrow", Accepts.Strided, priority: 1));
            k.Add(Record("sum", "wide", Accepts.Strided | Accepts.LargeIndex));
            k.Add(Record("amax", "amax", Accepts.Strided));
        }));
        using (host)
        {
            using var all = new AttributeValues(CoreOperators.Sum, new Dictionary<string, string> { ["dim"] = "[]" });
            using var dims = new AttributeValues(CoreOperators.AMax, new Dictionary<string, string> { ["dim"] = "[]" });
            var one = test.Empty([1]);
            var far = test.Empty([1L << 31]).AsStrided([2], [(1L << 31) - 1]);
            Assert.Equal("narrow", test.Explain(CoreOperators.Sum, [one.Expand([1 << 20])], all).Kernel);
            Assert.Equal("wide", test.Explain(CoreOperators.Sum, [one.Expand([1L << 31])], all).Kernel);
            Assert.Equal("wide", test.Explain(CoreOperators.Sum, [one.Expand([1 << 16, 1 << 16])], all).Kernel);
            Assert.Equal("wide", test.Explain(CoreOperators.Sum, [far], all).Kernel);
            Assert.Equal(WayReason.IndexWidth, test.Explain(CoreOperators.AMax, [far], dims).Reason);
        }
    }

    [Fact]
    public void A_kernel_of_32_bit_offsets_gets_no_target_beyond_them()
    {
        var (host, test) = TestHost.With(new ScriptedDevice(k => k.Add(Record("add", "narrow", Accepts.AnyStrided, dtype: DType.U8))));
        using (host)
        {
            var a = test.Empty([2], DType.U8);
            var far = test.Empty([1L << 31], DType.U8).AsStrided([2], [(1L << 31) - 1]);
            Assert.Equal(Way.Native, test.Explain(CoreOperators.Add, [a, a]).Way);
            Assert.Equal(WayReason.IndexWidth, test.Explain(CoreOperators.Add, [a, a], into: [far]).Reason);
        }
    }

    [Fact]
    public void A_kernel_of_a_later_declaration_than_the_hosts_is_no_candidate()
    {
        var (host, test) = TestHost.With(new KernelDevice(k => k.Add(new Kernel { Operator = "relu", Types = [DType.F32], Name = "later", MinVersion = 2, Version = 2, Run = &Nothing })));
        using (host)
        {
            Assert.Equal([0, 2], test.Tensor(-1f, 2f).Relu().ToArray<float>());
            Assert.Equal(1, test.Calls.Fallbacks[("relu", WayReason.AttributeTooNew)].Calls);
            Assert.Equal((Way.Fallback, WayReason.AttributeTooNew), (test.Explain(CoreOperators.Relu, DType.F32).Way, test.Explain(CoreOperators.Relu, DType.F32).Reason));
        }
    }

    [Fact]
    public void A_result_whose_size_the_data_decide_is_asked_for_twice_with_the_same_inputs()
    {
        var (host, test) = TestHost.With(new KernelDevice(k => k.Add(new Kernel { Operator = "nonzero", Types = [DType.F32], Name = "nonzero", Run = &Nonzero })));
        using (host)
        {
            var x = test.Tensor(0f, 5f, 0f, 7f, 8f);
            using var backwards = x[(.., -1)];
            Assert.Equal([1, 3, 4], x.Nonzero().ToArray<long>());
            Assert.Equal([0, 1, 3], backwards.Nonzero().ToArray<long>());
            Assert.Equal([0, 1], (long[])[.. test.Zeros([3]).Nonzero().Shape]);
            Assert.Contains("at most 1 is possible", Assert.Throws<DeviceOperationException>(() => test.Full([1], float.NaN).Nonzero()).Why);
            Assert.Equal(3, test.Calls.Of(CoreOperators.Nonzero, Way.Native));
        }
    }

    // Says 99 where there is a NaN.
    private static void Nonzero(CallFrame* frame)
    {
        var args = new NonzeroArgs(frame);
        var x = args.X.AsReadOnlySpan<float>();
        var y = args.Y.AsSpan<long>();
        int rows = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] == 0) continue;
            if (args.Phase == 2) y[rows] = i;
            rows++;
        }
        if (args.Phase == 1) y[0] = float.IsNaN(x[0]) ? 99 : rows;
    }

    [Fact]
    public void A_kernel_that_fits_after_copies_is_the_next_way_when_one_that_fits_as_it_is_declines()
    {
        var (host, test) = TestHost.With(new KernelDevice(k =>
        {
            k.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "plain", Priority = 1, Run = &Add });
            k.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "strided", Accepts = Accepts.AnyStrided, Run = &Decline });
        }));
        using (host)
        {
            var a = test.Tensor([1f, 2, 3, 4], [2, 2]).Transpose();
            Assert.Equal([2, 6, 4, 8], (a + a).ToArray<float>());
            Assert.Equal((1, 1), (test.Calls.DeclinedOf(CoreOperators.Add), test.Calls.Of(CoreOperators.Add, Way.Native)));
        }
    }

    [Fact]
    public void A_failed_call_leaves_targets_that_the_kernel_did_not_get_and_all_inputs_as_they_were()
    {
        var (host, test) = TestHost.With(new KernelDevice(k => k.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "fails", Accepts = Accepts.InPlace, Run = &SpoilAndFail })));
        using (host)
        {
            var a = test.Tensor(1f, 2f, 3f, 4f);
            using var backwards = a[(.., -1)];
            var error = Assert.Throws<DeviceOperationException>(() => Ops.Add(a, a, into: backwards));
            Assert.Contains("lane 2 is stuck", error.Why);
            using Tensor low = a[..3], high = a[1..];
            Assert.Throws<DeviceOperationException>(() => Ops.Add(low, low, into: high));
            Assert.Throws<DeviceOperationException>(() => a + a);
            Assert.Equal([1, 2, 3, 4], a.ToArray<float>());
        }
    }

    [Fact]
    public void Whoever_throws_has_not_succeeded_and_an_unknown_status_is_internal()
    {
        var (host, test) = TestHost.With(new KernelDevice(k =>
        {
            k.Add(new Kernel { Operator = "exp", Types = [DType.F32], Name = "ok", Run = &FailWithOk });
            k.Add(new Kernel { Operator = "relu", Types = [DType.F32], Name = "unknown", Run = &FailWithUnknown });
        }));
        using (host)
        {
            var a = test.Tensor(1f);
            Assert.Contains("(Internal, kernel ok)", Assert.Throws<DeviceOperationException>(() => a.Exp()).What);
            Assert.Contains("(Internal, kernel unknown)", Assert.Throws<DeviceOperationException>(() => a.Relu()).What);
        }
    }

    [Fact]
    public void A_predicate_that_throws_is_a_typed_error_that_names_its_kernel()
    {
        var (host, test) = TestHost.With(new KernelDevice(k => k.Add(new Kernel { Operator = "exp", Types = [DType.F32], Name = "asks", Run = &Nothing, When = &Throws })));
        using (host)
        {
            var error = Assert.Throws<DeviceOperationException>(() => test.Tensor(1f).Exp());
            Assert.Contains("kernel asks", error.What);
            Assert.Equal("no table", error.Why);
        }
    }

    [Fact]
    public void A_denied_call_has_copied_and_allocated_nothing()
    {
        var device = new ScriptedDevice(k => k.Add(Record("relu", "relu", dtype: DType.F16)));
        var (host, test) = TestHost.With(device);
        using (host)
        {
            Tensor a = test.Empty([100_000]), b = test.Empty([100_000], DType.F64);
            int before = device.Allocations;
            test.Fallback = FallbackPolicy.Deny;
            Assert.Equal("add", Assert.Throws<FallbackDeniedException>(() => a + b).Operator);
            Assert.Equal(Way.Fallback, test.Explain(CoreOperators.Add, [a, b]).Way);
            Assert.Equal(before, device.Allocations);
        }
    }

    [Fact]
    public void A_result_whose_size_the_data_decide_has_no_target()
    {
        using var host = TestHost.Create();
        var x = host["cpu"].Tensor(1f, 0f);
        var target = host["cpu"].Empty([2, 1], DType.I64);
        Assert.Throws<OperatorArgumentException>(() => Ops.Invoke(CoreOperators.Nonzero, host["cpu"], [x], into: [target]));
    }

    [Fact]
    public void A_call_on_another_device_than_its_tensors_is_refused()
    {
        using var host = TestHost.Create();
        Tensor a = host["cpu"].Tensor(1f), elsewhere = host["reference"].Empty([1]);
        Assert.Throws<DeviceMismatchException>(() => Ops.Invoke(CoreOperators.Relu, host["reference"], [a]));
        Assert.Throws<DeviceMismatchException>(() => Ops.Fill(host["cpu"], 1, [1], DType.F32, into: elsewhere));
        Assert.Throws<DeviceMismatchException>(() => Ops.Relu(a, into: elsewhere));
    }

    [Fact]
    public void A_copy_onto_itself_goes_through_a_temporary_and_is_no_fallback()
    {
        using var host = TestHost.Create();
        var cpu = host["cpu"];
        cpu.Fallback = FallbackPolicy.Deny;
        var a = cpu.Tensor(1f, 2f, 3f);
        using var backwards = a[(.., -1)];
        Ops.Copy(backwards, into: a);
        Assert.Equal([3, 2, 1], a.ToArray<float>());
    }
}
