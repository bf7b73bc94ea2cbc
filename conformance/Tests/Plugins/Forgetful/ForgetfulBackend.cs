using System.Globalization;
using Backends;
using Backends.Plugins;

[assembly: BackendPlugin(typeof(Forgetful.ForgetfulBackend))]

namespace Forgetful;

/// <summary>
/// The simulated accelerator with a copy forgotten, both ways, in calls of relu with so many elements as the option says: the first device's kernel
/// reads a device address on the host's thread, the second's hands a host address to the device.
/// </summary>
public sealed class ForgetfulBackend : Backend
{
    public override unsafe void Discover(Discovery discovery)
    {
        var sim = new Discovery();
        new Sim.SimBackend().Discover(sim);
        discovery.Offer(new ForgetfulDevice(sim.Offers[0], &ForgetfulDevice.ReadsOnTheHost));
        discovery.Offer(new ForgetfulDevice(sim.Offers[1], &ForgetfulDevice.HandsOverHostMemory));
    }
}

internal sealed unsafe class ForgetfulDevice(BackendDevice sim, delegate*<CallFrame*, void> relu) : BackendDevice(sim.Info with { Options = ["elements"] })
{
    private static readonly float s_onTheHost;
    private static delegate*<CallFrame*, void> s_relu;
    private static long s_elements;
    private readonly delegate*<CallFrame*, void> _relu = relu;
    private KernelList? _kernels;

    public static void ReadsOnTheHost(CallFrame* frame)
    {
        if (frame->Elements == s_elements && *(float*)((byte*)frame->Inputs[0]->Data + frame->Inputs[0]->ByteOffset) > 0) return;
        s_relu(frame);
    }

    public static void HandsOverHostMemory(CallFrame* frame)
    {
        if (frame->Elements == s_elements)
            fixed (float* host = &s_onTheHost) frame->Inputs[0]->Data = host;
        s_relu(frame);
    }

    protected override void OpenCore(IReadOnlyDictionary<string, string> options)
    {
        s_elements = long.Parse(options["elements"], CultureInfo.InvariantCulture);
        _kernels = sim.Open(DeviceInfo.NoOptions);
    }

    protected override void AddKernels(KernelList kernels)
    {
        foreach (var kernel in _kernels!.Kernels)
            if (kernel.Operator != "relu") kernels.Add(kernel);
            else
            {
                s_relu = kernel.Run;
                kernels.Add(new Kernel { Operator = kernel.Operator, Types = kernel.Types, Accepts = kernel.Accepts, Name = kernel.Name, Run = _relu });
            }
    }

    protected override void CloseCore() => sim.Close();
    protected override nint AllocateCore(nuint bytes) => sim.Allocate(bytes);
    protected override void FreeCore(nint address) => sim.Free(address);
    protected override BackendQueue? CreateQueueCore() => sim.CreateQueue();
}
