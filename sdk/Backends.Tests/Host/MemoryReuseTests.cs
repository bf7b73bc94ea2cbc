using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>Memory that goes from one tensor to the next takes nothing of the first one along (MEM-4, KER-24).</summary>
public sealed unsafe class MemoryReuseTests
{
    [Fact]
    public void Who_comes_late_with_a_disposed_tensor_does_not_get_the_next_owners_memory()
    {
        var (host, device) = TestHost.With(new TokenDevice());
        using (host)
        {
            var old = device.Tensor(1f);
            bool admitted = true, next = false;
            var (seen, go) = (new ManualResetEventSlim(), new ManualResetEventSlim());
            var late = new Thread(() =>
            {
                var share = DeviceShare.Of(device);
                share.Enter();
                var held = old.Held!;
                seen.Set();
                go.Wait();
                admitted = held.Admit(old, share);
                share.Leave();
            });
            late.Start();
            seen.Wait(TestContext.Current.CancellationToken);
            var storage = old.Storage;
            old.Dispose();
            var young = device.Tensor(2f);
            Assert.Same(storage, young.Storage);
            var third = new Thread(() => next = young.ToScalar<float>() == 2);    // it is used by several threads from now on
            third.Start();
            third.Join();
            go.Set();
            late.Join();
            Assert.Equal((false, true), (admitted, next));
        }
    }

    [Fact]
    public void What_was_lost_in_a_larger_tensor_does_not_keep_a_smaller_one_from_being_healed()
    {
        var (host, device) = TestHost.With(new KernelDevice(kernels => kernels.Add(new Kernel
        {
            Operator = "neg", Types = [DType.F32], Accepts = Accepts.Contiguous | Accepts.InPlace, MaxRank = 8, Name = "fails", Run = &Fail,
        })));
        using (host)
        {
            var large = device.Tensor(1f, 2f, 3f, 4f);
            var storage = large.Storage;
            Lose(large);
            large.Dispose();
            device.Allocator.Quarantine.Drain();
            var small = device.Tensor(1f);
            Assert.Same(storage, small.Storage);
            Lose(small);
            small.CopyBytesFrom(new byte[4]);
            Assert.Equal(0, small.ToScalar<float>());
        }
    }

    private static void Lose(Tensor tensor)
    {
        Assert.Throws<DeviceOperationException>(() => Ops.Neg(tensor, into: tensor));
        Assert.Throws<DeviceOperationException>(() => tensor.ToArray<float>());
    }

    private static void Fail(CallFrame* frame) => throw new BackendException(BackendStatus.DeviceError, "smoke");
}
