using Backends.Plugins;

namespace Backends.Tests.Host;

/// <summary>A plugin that several hosts of a test share, as if they had found it in one folder. What happens to its backends is counted.</summary>
internal sealed class Shared
{
    private readonly LivePlugin _live;
    private int _alive;

    public Shared() => _live = new LivePlugin("test", _ =>
    {
        Loads++;
        return new LoadedPlugin(_ => new Counted(this));
    });

    /// <summary>What its backend answers when it is asked.</summary>
    public Action<Discovery> OnDiscover { get; set; } = d => d.Offer(new ScriptedDevice(_ => { }));

    public int Loads { get; private set; }
    public int Begun { get; private set; }
    public int Ended { get; private set; }
    public int MostAlive { get; private set; }
    public HostServices Services => _live.Services;

    public BackendHost NewHost()
    {
        var host = TestHost.Create().Join(new FoundPlugin(new PluginInfo("test", "1.0.0", "managed", ""), _live));
        host.Log = _ => { };
        return host;
    }

    private sealed class Counted : Backend
    {
        private readonly Shared _shared;

        public Counted(Shared shared)
        {
            _shared = shared;
            _shared.Begun++;
            _shared.MostAlive = Math.Max(_shared.MostAlive, Interlocked.Increment(ref _shared._alive));
        }

        public override void Discover(Discovery discovery) => _shared.OnDiscover(discovery);

        protected override void Dispose(bool disposing)
        {
            Interlocked.Decrement(ref _shared._alive);
            _shared.Ended++;
            base.Dispose(disposing);
        }
    }
}
