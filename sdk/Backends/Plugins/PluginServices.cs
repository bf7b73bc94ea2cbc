using System.Collections.Concurrent;
using Backends.Plugins.Native;

namespace Backends.Plugins;

/// <summary>
/// One plugin's way to the host. What it logs goes into a bounded queue without a lock and is delivered by a thread of the pool, entry by entry and in
/// order, to every host that the plugin serves; what does not fit is counted and told afterwards (OBS-1).
/// </summary>
internal sealed unsafe class PluginServices : HostServices, IThreadPoolWorkItem
{
    /// <summary>Entries that may wait for delivery.</summary>
    public const int Room = 1024;

    private readonly Lazy<nint> _table;
    private readonly LivePlugin _plugin;
    private readonly ConcurrentQueue<PluginLogEntry> _entries = new();
    private readonly Lock _delivering = new();
    private int _waiting, _scheduled;
    private long _dropped;

    public PluginServices(LivePlugin plugin) => (_plugin, _table) = (plugin, new Lazy<nint>(() => (nint)NativeHost.Make(this)));

    /// <summary>The same for a native plugin.</summary>
    public BkHost* Table => (BkHost*)_table.Value;

    /// <inheritdoc/>
    public override void Log(PluginLogLevel level, int eventId, string text)
    {
        if (Interlocked.Increment(ref _waiting) > Room)
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Increment(ref _dropped);
            return;
        }
        _entries.Enqueue(new PluginLogEntry(_plugin.Name, (PluginLogLevel)Math.Clamp((int)level, (int)PluginLogLevel.Trace, (int)PluginLogLevel.Critical), eventId, text ?? ""));
        Schedule();
    }

    /// <summary>Delivers what waits, before a host leaves; gives up on a sink that hangs.</summary>
    public void Flush()
    {
        if (!_delivering.TryEnter(TimeSpan.FromSeconds(1))) return;
        try
        {
            DeliverAll();
        }
        finally
        {
            _delivering.Exit();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_delivering) DeliverAll();
        Interlocked.Exchange(ref _scheduled, 0);
        // One that came meanwhile saw the delivery under way: it is not left behind.
        if (!_entries.IsEmpty) Schedule();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void DeliverAll()
    {
        while (_entries.TryDequeue(out var entry))
        {
            Interlocked.Decrement(ref _waiting);
            Deliver(entry);
        }
        long dropped = Interlocked.Exchange(ref _dropped, 0);
        if (dropped > 0) Deliver(new PluginLogEntry(_plugin.Name, PluginLogLevel.Warning, 0, $"{dropped} log entries were dropped: they come faster than they are taken"));
    }

    private void Deliver(in PluginLogEntry entry)
    {
        foreach (var host in _plugin.Hosts)
            try
            {
                host.Deliver(entry);
            }
#pragma warning disable CA1031 // a sink that fails concerns nobody else (OBS-1)
            catch (Exception)
#pragma warning restore CA1031
            {
            }
    }
}
