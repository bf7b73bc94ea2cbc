using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Samples.Tests.SimulatedAccelerator;

/// <summary>A simulated device without a host: opened, with one queue, and a way to call its kernels and copies by frames and regions.</summary>
internal sealed unsafe class SimBench : IDisposable
{
    private readonly IReadOnlyList<Kernel> _kernels;
    private readonly Dictionary<BackendQueue, ulong> _values = [];

    public SimBench(string options = "max-delay=2", int number = 0)
    {
        var discovery = new Discovery();
        new Sim.SimBackend().Discover(discovery);
        Device = discovery.Offers[number];
        _kernels = Device.Open(options.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('=', 2)).ToDictionary(o => o[0], o => o[1])).Kernels;
        Queue = NewQueue();
    }

    public BackendDevice Device { get; }

    public BackendQueue Queue { get; }

    public BackendQueue NewQueue()
    {
        var queue = Device.CreateQueue()!;
        _values.Add(queue, 0);
        return queue;
    }

    /// <summary>A buffer with these numbers in it.</summary>
    public nint Put(params float[] numbers)
    {
        nint address = Device.Allocate((nuint)numbers.Length * 4);
        Put(Queue, address, numbers);
        Assert.Equal(WaitResult.Reached, Finish(Queue));
        return address;
    }

    /// <summary>Copies numbers into a buffer, from a source that is gone when the call returns.</summary>
    public ulong Put(BackendQueue queue, nint address, float[] numbers)
    {
        float[] passing = [.. numbers];
        ulong value;
        fixed (float* source = passing) value = Copy(queue, new CopyRegion { Source = (nint)source, FromHost = true, Target = address, Length = (ulong)passing.Length * 4 });
        Array.Fill(passing, float.NaN);
        return value;
    }

    public float[] Read(nint address, int count, BackendQueue? queue = null)
    {
        float* target = (float*)NativeMemory.AllocZeroed((nuint)count, 4);
        try
        {
            Copy(queue ?? Queue, new CopyRegion { Source = address, Target = (nint)target, ToHost = true, Length = (ulong)count * 4 });
            Assert.Equal(WaitResult.Reached, Finish(queue ?? Queue));
            return new Span<float>(target, count).ToArray();
        }
        finally
        {
            NativeMemory.Free(target);
        }
    }

    public ulong Copy(BackendQueue queue, CopyRegion region)
    {
        queue.Copy(region with { Value = _values[queue] + 1 });
        return ++_values[queue];
    }

    /// <summary>y = op(a, b), over vectors that begin at the buffers' starts.</summary>
    public ulong Call(BackendQueue queue, string op, int count, nint y, params nint[] inputs)
    {
        long size = count, stride = 1;
        DLTensor* tensors = stackalloc DLTensor[inputs.Length + 1];
        DLTensor** pointers = stackalloc DLTensor*[inputs.Length + 1];
        for (int i = 0; i <= inputs.Length; i++)
        {
            tensors[i] = new DLTensor { Data = (void*)(i < inputs.Length ? inputs[i] : y), Rank = 1, Type = DLDataType.From(DType.F32), Shape = &size, Strides = &stride };
            pointers[i] = tensors + i;
        }
        var frame = new CallFrame { StructSize = (uint)sizeof(CallFrame), OperatorVersion = 1, InputCount = inputs.Length, OutputCount = 1, Inputs = pointers, Outputs = pointers + inputs.Length, Elements = count, Device = (void*)Device.Handle, Queue = (void*)queue.Handle, Value = _values[queue] + 1 };
        _kernels.Single(k => k.Operator == op).Run(&frame);
        // Nothing of a frame outlives its call (KER-9).
        new Span<byte>(tensors, sizeof(DLTensor) * (inputs.Length + 1)).Fill(0xA5);
        return ++_values[queue];
    }

    /// <summary>Counts on without a submission.</summary>
    public void Skip(BackendQueue queue, ulong to) => _values[queue] = to;

    public ulong Signal(BackendQueue queue)
    {
        Unless(queue, () => queue.Signal(_values[queue]));
        queue.Flush();
        return _values[queue];
    }

    /// <summary>A submission that a queue may refuse because it has failed already: it fails when it likes.</summary>
    public static void Unless(BackendQueue failed, Action submission)
    {
        try
        {
            submission();
        }
        catch (BackendException) when (failed.Failure is not null)
        {
        }
    }

    public WaitResult Finish(BackendQueue queue) => queue.HostWait(Signal(queue), TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        foreach (var queue in _values.Keys) queue.Dispose();
        Device.Close();
    }
}
