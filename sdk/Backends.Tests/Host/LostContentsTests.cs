using Backends.Plugins;
using Xunit;

namespace Backends.Tests.Host;

/// <summary>On a synchronous device, too, a target that a kernel left half written is not read by anybody (KER-24).</summary>
public sealed unsafe class LostContentsTests
{
    private static BackendStatus s_fails;

    [Fact]
    public void What_a_failed_kernel_was_to_write_throws_its_failure_until_it_is_overwritten_whole()
    {
        var (host, test) = TestHost.With(new KernelDevice(list => list.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "test.add", Run = &Add })));
        using (host)
        {
            Tensor a = test.Tensor(1f, 2f), y = test.Tensor(5f, 6f), part = y[..1];
            s_fails = BackendStatus.DeviceError;
            var failure = Assert.Throws<DeviceOperationException>(() => Ops.Add(a, a, into: y));
            Assert.Same(failure, Assert.Throws<DeviceOperationException>(() => y.ToArray<float>()));
            Assert.Same(failure, Assert.Throws<DeviceOperationException>(() => y + a));
            s_fails = BackendStatus.Ok;
            Ops.Add(a[..1], a[..1], into: part);
            Assert.Throws<DeviceOperationException>(() => y.ToArray<float>());
            Ops.Add(a, a, into: y);
            Assert.Equal([2f, 4f], y.ToArray<float>());
            Assert.Equal([3f, 6f], (y + a).ToArray<float>());
        }
    }

    [Fact]
    public void A_kernel_that_finds_no_memory_twice_is_out_of_memory_and_heals_nothing()
    {
        var (host, test) = TestHost.With(new KernelDevice(list => list.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "test.add", Run = &Add })));
        using (host)
        {
            Tensor a = test.Tensor(1f, 2f), y = test.Tensor(5f, 6f);
            s_fails = BackendStatus.OutOfMemory;
            var error = Assert.Throws<OutOfDeviceMemoryException>(() => Ops.Add(a, a, into: y));
            Assert.Equal(("BK4001", "add"), (error.Id, error.Operator));
            Assert.Equal([5f, 6f], y.ToArray<float>());   // nothing was written, so nothing is lost
            s_fails = BackendStatus.DeviceError;
            Assert.Throws<DeviceOperationException>(() => Ops.Add(a, a, into: y));
            s_fails = BackendStatus.OutOfMemory;
            Assert.Throws<OutOfDeviceMemoryException>(() => Ops.Add(a, a, into: y));
            Assert.Throws<DeviceOperationException>(() => y.ToArray<float>());
        }
    }

    private static void Add(CallFrame* frame)
    {
        if (s_fails != BackendStatus.Ok) throw new BackendException(s_fails, "as the test asks");
        var args = new AddArgs(frame);
        for (int i = 0; i < args.Elements; i++) args.Y.AsSpan<float>()[i] = args.A.AsReadOnlySpan<float>()[i] + args.B.AsReadOnlySpan<float>()[i];
    }
}
