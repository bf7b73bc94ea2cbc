using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>KER-25: an index that leads outside gives the stated result, and is told once, at the next read or wait.</summary>
public sealed unsafe class FaultReportTests : IDisposable
{
    private readonly BackendHost _host;
    private readonly Device _device;

    public FaultReportTests()
    {
        (_host, _device) = TestHost.With(new KernelDevice(k =>
            k.Add(new Kernel { Operator = "gather", Types = [DType.F32, DType.I64], Name = "test.gather", Accepts = Accepts.ReportsFaults, Run = &Report })));
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_read_tells_operator_and_argument_once_and_what_is_outside_is_0()
    {
        var reference = _host["reference"];
        var y = reference.Tensor<float>([1, 2, 3], [3]).Gather(reference.Tensor<long>([2, 3, -1, 0], [4]), dim: 0);

        var told = Assert.Throws<DataErrorException>(() => y.ToArray<float>());

        Assert.Equal(("BK4004", "gather", "reference:0", BackendStatus.DataError), (told.Id, told.Operator, told.Device, told.Status));
        Assert.Contains("gather: index leads outside", told.Message, StringComparison.Ordinal);
        Assert.Equal([3, 0, 0, 1], y.ToArray<float>());
    }

    [Fact]
    public void What_is_scattered_outside_is_dropped_and_told_at_a_wait()
    {
        var reference = _host["reference"];
        var y = reference.Tensor<float>([1, 2, 3], [3]).ScatterAdd(reference.Tensor<int>([0, 0, 3], [3]), reference.Tensor<float>([10, 20, 40], [3]), dim: 0);

        Assert.Throws<DataErrorException>(reference.Synchronize);
        reference.Synchronize();

        Assert.Equal([31, 2, 3], y.ToArray<float>());
    }

    [Fact]
    public void A_class_that_is_not_there_is_no_fault()
    {
        var reference = _host["reference"];

        Assert.Equal([0, 0, 0, 1], reference.Tensor<long>([-100, 1], [2]).OneHot(2).ToArray<float>());
    }

    [Fact]
    public void A_kernel_s_report_is_told_on_its_device_and_on_no_other()
    {
        var y = _device.Zeros([3]).Gather(_device.Tensor<long>([0, 1, 2], [3]), dim: 0);

        _host["reference"].Synchronize();

        Assert.Throws<DataErrorException>(() => y.ToArray<float>());
    }

    [Fact]
    public void A_call_that_falls_back_is_told_on_the_device_that_was_asked()
    {
        var y = _device.Tensor<double>([1, 2, 3], [3]).Gather(_device.Tensor<long>([5], [1]), dim: 0);

        _host["reference"].Synchronize();

        Assert.Equal(_device.Name, Assert.Throws<DataErrorException>(() => y.ToArray<double>()).Device);
        Assert.Equal([0], y.ToArray<double>());
    }

    [Fact]
    public void A_fallback_does_not_take_along_what_its_device_has_to_tell_its_own_user()
    {
        var target = _host[_device.Explain("gather", DType.F64, DType.I64).Kernel];
        var own = target.Tensor<double>([1, 2], [2]).Gather(target.Tensor<long>([7], [1]), dim: 0);

        var y = _device.Tensor<double>([1, 2, 3], [3]).Gather(_device.Tensor<long>([2], [1]), dim: 0);

        Assert.Equal([3], y.ToArray<double>());
        Assert.Throws<DataErrorException>(() => own.ToArray<double>());
    }

    [Fact]
    public void A_device_that_is_lost_takes_no_fallback()
    {
        _host["cpu"].Lose("pulled out", "a test");

        Assert.Equal("reference:0", _device.Explain("relu", DType.F32).Kernel);
        Assert.Equal([2], _device.Tensor(2f).Relu().ToArray<float>());
    }

    [Fact]
    public void A_frame_of_a_kernel_that_reports_nothing_has_no_slot()
    {
        s_slot = -1;
        var (host, device) = TestHost.With(new KernelDevice(k => k.Add(new Kernel { Operator = "gather", Types = [DType.F32, DType.I64], Name = "test.silent", Run = &Look })));
        using (host) device.Zeros([3]).Gather(device.Tensor<long>([0], [1]), dim: 0);

        Assert.Equal(0, s_slot);
    }

    private static long s_slot;

    private static void Report(CallFrame* frame) => Interlocked.Exchange(ref *(int*)frame->Fault, frame->Number);

    private static void Look(CallFrame* frame) => s_slot = (long)frame->Fault + frame->Number;
}
