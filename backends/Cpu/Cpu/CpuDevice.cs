using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>The device <c>cpu</c>: plain loops over <c>Vector&lt;T&gt;</c>, one thread. Its kernels are registered in <c>CpuDevice.Kernels.cs</c>.</summary>
internal sealed partial class CpuDevice() : HostMemoryDevice(new DeviceInfo { Name = "Host processor" });
