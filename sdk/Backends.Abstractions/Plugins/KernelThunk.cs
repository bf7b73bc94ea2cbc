using System.Runtime.InteropServices;

namespace Backends.Plugins;

/// <summary>What generated thunks share.</summary>
public static unsafe class KernelThunk
{
    /// <summary>The device that a managed plugin's frame names.</summary>
    public static BackendDevice Device(CallFrame* frame) => (BackendDevice)GCHandle.FromIntPtr((nint)frame->Device).Target!;

    /// <summary>The queue that a managed plugin's frame names.</summary>
    public static T Queue<T>(CallFrame* frame) where T : BackendQueue => (T)GCHandle.FromIntPtr((nint)frame->Queue).Target!;
}
