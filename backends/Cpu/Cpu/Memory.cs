using System.Runtime.CompilerServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>A call's memory.</summary>
internal static unsafe class Memory
{
    /// <summary>The logically first element (KER-11).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static E* First<E>(DLTensor* tensor) where E : unmanaged => (E*)((byte*)tensor->Data + tensor->ByteOffset);
}
