using Backends.Plugins;
using Backends.Tests.Queues;
using Xunit;

namespace Backends.Tests.Host;

/// <summary>A plugin that throws where it must not is not called again; its devices are lost, and everybody else goes on (OBJ-16).</summary>
public class FaultedPluginTests
{
    [Fact]
    public void A_free_that_throws_loses_the_plugins_devices_and_no_other()
    {
        var faulty = new ScriptedDevice(_ => { }, new DeviceInfo { Name = "Faulty", Traits = DeviceTraits.Synchronous }) { OnFree = new InvalidOperationException("the heap is broken") };
        var sibling = new ScriptedDevice(_ => { }, new DeviceInfo { Name = "Sibling", Traits = DeviceTraits.Synchronous });
        var host = TestHost.Create().Add("test", new DevicesBackend(faulty, sibling));
        host.Log = _ => { };
        using (host)
        {
            Device first = host["test:0"], second = host["test:1"];
            first.Empty([1 << 20]).Dispose();
            Assert.False(first.IsLost);
            first.Allocator.MakeRoom();   // what is kept goes back to the plugin
            Assert.True(first.IsLost);
            Assert.True(second.IsLost);
            var error = Assert.Throws<DeviceLostException>(() => second.Empty([1]));
            Assert.Equal("BK4003", error.Id);
            Assert.Contains("Free never throws, and threw InvalidOperationException: the heap is broken", error.Why);
            var absence = Assert.Single(host.Absences, a => a.Code == AbsenceCode.Faulted);
            Assert.Equal("test", absence.Subject);
            Assert.Equal([2f], (host["cpu"].Tensor(1f) + 1).ToArray<float>());
        }
        Assert.Equal((0, 0), (faulty.Closed, sibling.Closed));
    }

    [Fact]
    public void A_log_that_throws_does_not_keep_the_other_devices_open()
    {
        var faulty = new ScriptedDevice(_ => { }, new DeviceInfo { Name = "Faulty", Traits = DeviceTraits.Synchronous }) { OnClose = new InvalidOperationException("it sticks") };
        var sibling = new ScriptedDevice(_ => { }, new DeviceInfo { Name = "Sibling", Traits = DeviceTraits.Synchronous });
        var host = TestHost.Create().Add("test", new DevicesBackend(faulty, sibling));
        Assert.NotSame(host["test:0"], host["test:1"]);
        host.Log = _ => throw new InvalidOperationException("the disk is full");
        host.Dispose();
        Assert.Equal((1, 1), (faulty.Closed, sibling.Closed));
    }

    [Fact]
    public void A_call_on_a_tensor_of_a_faulted_plugin_says_why()
    {
        bool broken = false;
        var kernels = new ThrowingFree(() => broken);
        var (host, test) = TestHost.With(kernels);
        using (host)
        {
            var x = test.Tensor(1f, 2f);
            Assert.Equal([2f, 4f], (x + x).ToArray<float>());
            broken = true;
            test.Empty([1 << 20]).Dispose();
            test.Allocator.MakeRoom();
            Assert.Contains("breaks its contract", Assert.Throws<DeviceLostException>(() => x + x).Why);
            Assert.Throws<DeviceLostException>(() => x.ToArray<float>());
        }
    }

    [Fact]
    public void A_queue_whose_Reached_throws_is_asked_once()
    {
        var device = new QueuedDevice(Pace.ByHand);
        var (host, test) = TestHost.With(new ReachedThrows(device));
        using (host)
        {
            using var second = test.CreateQueue();
            var x = test.Tensor(1f, 2f);
            using (second.Use()) Assert.Throws<DeviceLostException>(() => (x + x).ToArray<float>());
            Assert.Contains(host.Absences, a => a.Code == AbsenceCode.Faulted && a.Text.Contains("Reached"));
            Assert.Throws<DeviceLostException>(test.Synchronize);
        }
    }

    private sealed unsafe class ThrowingFree(Func<bool> throws) : HostMemoryDevice(new DeviceInfo { Name = "Throws" })
    {
        protected override void FreeCore(nint address)
        {
            if (throws()) throw new InvalidOperationException("the heap is broken");
            base.FreeCore(address);
        }

        protected override void AddKernels(KernelList list) => list.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "test.add", Run = &Add });

        private static void Add(CallFrame* frame)
        {
            var args = new AddArgs(frame);
            for (int i = 0; i < args.Elements; i++) args.Y.AsSpan<float>()[i] = args.A.AsReadOnlySpan<float>()[i] + args.B.AsReadOnlySpan<float>()[i];
        }
    }

    private sealed class ReachedThrows(BackendDevice inner) : DeviceAround(inner)
    {
        protected override QueueAround Around(BackendQueue queue) => new Faulty(queue);

        private sealed class Faulty(BackendQueue inner) : QueueAround(inner)
        {
            protected override ulong ReachedCore() => throw new InvalidOperationException("no such event");
        }
    }
}
