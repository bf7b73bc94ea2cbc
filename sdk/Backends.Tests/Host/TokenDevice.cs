using System.Runtime.InteropServices;
using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>
/// A synchronous device whose addresses are tokens, not pointers (MEM-3): whoever dereferences one, or adds to one, is found out. It has queue 0
/// for the copies, and one kernel, neg-free and plain: add for f32, contiguous, through the tokens.
/// </summary>
internal sealed unsafe class TokenDevice() : BackendDevice(new DeviceInfo { Name = "Tokens", Traits = DeviceTraits.Synchronous })
{
    private const nint Step = 1 << 20;
    private readonly Dictionary<nint, byte[]> _buffers = [];
    private nint _next = 0x1000;

    /// <summary>Allocations beyond this many bytes do not fit.</summary>
    public long Limit { get; set; } = long.MaxValue;

    public int Buffers => _buffers.Count;

    public byte[] this[nint token] => _buffers.TryGetValue(token, out byte[]? bytes) ? bytes : throw new InvalidOperationException($"0x{token:x} is no token of this device");

    protected override nint AllocateCore(nuint bytes)
    {
        if (_buffers.Values.Sum(b => (long)b.Length) + (long)bytes > Limit) return 0;
        _buffers.Add(_next += Step, new byte[bytes]);
        return _next;
    }

    protected override void FreeCore(nint address)
    {
        if (!_buffers.Remove(address)) throw new InvalidOperationException($"0x{address:x} is freed twice");
    }

    protected override BackendQueue CreateQueueCore() => new TokenQueue(this);

    protected override void AddKernels(KernelList kernels) =>
        kernels.Add(new Kernel { Operator = "add", Types = [DType.F32], Name = "tokens.add.f32", Run = &Add });

    private static void Add(CallFrame* frame)
    {
        var args = new AddArgs(frame);
        var device = (TokenDevice)args.Device;
        var (a, b, y) = (device.Elements(args.A), device.Elements(args.B), device.Elements(args.Y));
        for (int i = 0; i < (int)args.Elements; i++) y.Span[i] = a.Span[i] + b.Span[i];
    }

    private Slice Elements(TensorArg tensor) => new(this[(nint)tensor.Descriptor->Data], (int)tensor.Descriptor->ByteOffset);

    private readonly struct Slice(byte[] buffer, int offset)
    {
        public Span<float> Span => MemoryMarshal.Cast<byte, float>(buffer.AsSpan(offset));
    }

    private sealed class TokenQueue(TokenDevice device) : SynchronousQueue
    {
        protected override void CopyCore(in CopyRegion region)
        {
            var source = region.FromHost ? new Span<byte>((byte*)region.Source + region.SourceOffset, (int)region.Length) : device[region.Source].AsSpan((int)region.SourceOffset, (int)region.Length);
            var target = region.ToHost ? new Span<byte>((byte*)region.Target + region.TargetOffset, (int)region.Length) : device[region.Target].AsSpan((int)region.TargetOffset, (int)region.Length);
            source.CopyTo(target);
        }
    }
}

/// <summary>A backend of one device, given in code.</summary>
internal sealed class SingleDeviceBackend(BackendDevice device) : Backend
{
    public override void Discover(Discovery discovery) => discovery.Offer(device);
}

/// <summary>A host with cpu and reference from their plugin folders, and devices under test beside them.</summary>
internal static class TestHost
{
    public static BackendHost Create() => BackendHost.FromPlugins();

    public static (BackendHost Host, Device Device) With(BackendDevice device)
    {
        var host = Create().Add("test", new SingleDeviceBackend(device));
        host.Log = _ => { };
        return (host, host["test"]);
    }
}
