using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>Operators of lists and of several results (KER-16): what their kernels get, and what a wrong call is told.</summary>
public sealed unsafe class ListTests : IDisposable
{
    private static string s_seen = "";
    private readonly BackendHost _host;
    private readonly Device _device;

    public ListTests()
    {
        s_seen = "";
        (_host, _device) = TestHost.With(new KernelDevice(k =>
        {
            k.Add(new Kernel { Operator = "concat", Types = [DType.F32], Name = "test.concat", Accepts = Accepts.AnyStrided, Run = &Concat });
            k.Add(new Kernel { Operator = "sort", Types = [DType.F32], Name = "test.sort", Run = &Sort });
        }));
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_kernel_gets_the_members_one_after_another_with_their_number()
    {
        Ops.Concat([_device.Zeros([2, 3]), _device.Zeros([1, 3]), _device.Zeros([4, 3])]);

        Assert.Equal("list 3: [2,3] [1,3] [4,3]", s_seen);
    }

    [Fact]
    public void Members_without_elements_are_dropped()
    {
        Ops.Concat([_device.Zeros([0, 3]), _device.Zeros([1, 3]), _device.Zeros([0, 3])]);

        Assert.Equal("list 1: [1,3]", s_seen);
    }

    [Fact]
    public void Of_members_that_are_all_empty_no_kernel_hears()
    {
        var y = Ops.Concat([_device.Zeros([0, 3]), _device.Zeros([0, 3])]);

        Assert.Equal("", s_seen);
        Assert.Equal(Shape.Create([0, 3]), y.Shape);
    }

    [Fact]
    public void Members_are_promoted_to_one_dtype()
    {
        var y = Ops.Concat([_device.Zeros([1], DType.F16), _device.Zeros([2])]);

        Assert.Equal(("list 2: [1] [2]", DType.F32), (s_seen, y.DType));
    }

    [Fact]
    public void A_list_without_members_is_refused() =>
        Assert.Contains("concat: no tensor", Assert.Throws<OperatorArgumentException>(() => Ops.Concat([])).What);

    [Fact]
    public void Data_that_find_an_operator_by_name_must_give_its_tensors()
    {
        using var attributes = new AttributeValues(CoreOperators.Sort, new Dictionary<string, string>());
        var error = Assert.Throws<OperatorArgumentException>(() => Ops.Invoke(CoreOperators.Sort, _device, [null], attributes));
        Assert.Contains("sort: x is absent", error.What);
        error = Assert.Throws<OperatorArgumentException>(() => Ops.Invoke(CoreOperators.Sort, _device, [], attributes));
        Assert.Contains("sort: 0 tensors", error.What);
    }

    [Fact]
    public void Members_that_do_not_fit_are_named() =>
        Assert.Contains("[2, 3] and [2, 4]", Assert.Throws<ShapeException>(() => Ops.Concat([_device.Zeros([2, 3]), _device.Zeros([2, 4])])).What);

    [Fact]
    public void Members_on_two_devices_are_refused() =>
        Assert.Throws<DeviceMismatchException>(() => Ops.Concat([_device.Zeros([1]), _host["cpu"].Zeros([1])]));

    [Fact]
    public void Two_results_come_in_the_order_of_the_schema()
    {
        var (values, indices) = _device.Tensor([3f, 1, 2], [3]).Sort();

        Assert.Equal([1f, 2, 3], values.ToArray<float>());
        Assert.Equal([1L, 2, 0], indices.ToArray<long>());
    }

    [Fact]
    public void Lists_and_two_results_fall_back_as_any_call()
    {
        var x = Ops.Concat([_device.Tensor([3.0, 1], [2]), _device.Tensor([2.0], [1])]);
        var (values, indices) = x.Sort(descending: true);

        Assert.Equal([3.0, 2, 1], values.ToArray<double>());
        Assert.Equal([0L, 2, 1], indices.ToArray<long>());
    }

    private static void Concat(CallFrame* frame)
    {
        var xs = new ConcatArgs(frame).Xs;
        var shapes = new List<string>();
        for (int i = 0; i < xs.Count; i++) shapes.Add($"[{string.Join(",", xs[i].Shape.ToArray())}]");
        s_seen = $"list {frame->ListLengths[0]}: {string.Join(" ", shapes)}";
    }

    private static void Sort(CallFrame* frame)
    {
        var args = new SortArgs(frame);
        int i = 0;
        foreach (var (value, index) in args.X.AsSpan<float>().ToArray().Select((v, n) => (v, n)).OrderBy(p => p.v))
        {
            args.Values.AsSpan<float>()[i] = value;
            args.Indices.AsSpan<long>()[i++] = index;
        }
    }
}
