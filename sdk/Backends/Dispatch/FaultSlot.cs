using Backends.Plugins;

namespace Backends;

/// <summary>
/// Where a device's kernels report that an index led outside (KER-25): a number in host memory, that of the call. A call that cannot report pays
/// nothing for it, and one that can a counter; the app's next read or wait asks, and throws once.
/// </summary>
/// <remarks>Several faults before one is asked for are one error. Which call it was is known for the last 256 that could report.</remarks>
internal sealed unsafe class FaultSlot(Device device)
{
    private readonly int[] _slot = GC.AllocateArray<int>(1, pinned: true);
    private readonly (int Number, Operator? Operator)[] _calls = new (int, Operator?)[256];
    private int _number;

    /// <summary>Tells a kernel where to report, and notes whose call the number is.</summary>
    public void Offer(CallFrame* frame, Operator? op)
    {
        int number = Interlocked.Increment(ref _number) & int.MaxValue;
        if (number == 0) return;                              // nobody's: it means that all is well
        lock (_calls) _calls[number % _calls.Length] = (number, op);
        frame->Number = number;
        fixed (int* slot = _slot) frame->Fault = slot;        // pinned for good
    }

    /// <summary>A call that another device ran for this one, and that led outside there; null: nobody knows any more which.</summary>
    public void Carry(Operator? op)
    {
        CallFrame frame;
        Offer(&frame, op);
        Volatile.Write(ref _slot[0], frame.Number);
    }

    /// <summary>Whether a fault was reported since this was asked last.</summary>
    public bool Take(out Operator? op)
    {
        op = null;
        if (Volatile.Read(ref _slot[0]) == 0) return false;
        int number = Interlocked.Exchange(ref _slot[0], 0);
        lock (_calls)
            if (_calls[number & 255] is var call && call.Number == number) op = call.Operator;
        return number != 0;
    }

    /// <summary>Throws what was reported.</summary>
    /// <exception cref="DataErrorException">BK4004: an index led outside.</exception>
    public void Throw()
    {
        if (!Take(out var op)) return;
        string argument = op?.Schema.Tensors.FirstOrDefault(t => t.Name == "index")?.Name ?? "an argument";
        throw new DataErrorException($"{device.Name}: {op?.Name ?? "a call"}: {argument} leads outside of its tensor.",
            "an index is negative, or not below the size of its dimension; what is gathered there is 0, what is scattered there is dropped",
            "look at where the indices come from; the results stand, queue and device are good") { Device = device.Name, Operator = op?.Name };
    }
}
