using Backends.Plugins;

namespace Backends.Tests.Queues;

/// <summary>A host whose device is a <see cref="QueuedDevice"/> under the ordering check. It ends with all in order, nothing leaked, nobody complaining.</summary>
internal sealed class QueueBench : IDisposable
{
    private static readonly string[] s_noPlugins = [Path.Combine(AppContext.BaseDirectory, "no-plugins-here")];

    /// <summary>Makes host and device.</summary>
    /// <param name="inner">The device.</param>
    /// <param name="options">Of the device string, for example <c>?memory-limit=1MiB</c>.</param>
    /// <param name="fallback">Whether cpu and reference stand by.</param>
    /// <param name="outside">A further decorator, between the host and the check.</param>
    public QueueBench(QueuedDevice inner, string options = "", bool fallback = false, Func<BackendDevice, BackendDevice>? outside = null)
    {
        (Inner, Check) = (inner, new OrderChecked(inner));
        Host = BackendHost.FromPlugins(fallback ? [] : s_noPlugins).Add("queued", new DevicesBackend(outside?.Invoke(Check) ?? Check));
        Host.Log = Logged.Add;
        Device = Host[$"queued:0{options}"];
    }

    public QueuedDevice Inner { get; }
    public OrderChecked Check { get; }
    public BackendHost Host { get; }
    public Device Device { get; }

    /// <summary>What the host told people.</summary>
    public List<string> Logged { get; } = [];

    /// <summary>Whether the end is checked; a test that breaks the rules on purpose looks itself.</summary>
    public bool IsStrict { get; init; } = true;

    public void Dispose()
    {
        Host.Dispose();
        if (!IsStrict) return;
        Check.Verify();
        Assert.Equal([], Inner.Complaints);
        Assert.Equal(0, Inner.Buffers);
    }
}
