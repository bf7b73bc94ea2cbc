using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>A queue of the plugin's, used as the host uses one: values counted from 1 over its submissions, signals only where they are asked for.</summary>
internal sealed class CountedQueue(BackendQueue plugin, Trial trial, bool isTimed)
{
    private const int SlowBytes = 64 << 10;

    private ulong _signalled;
    private nint _slow;

    /// <summary>The queue itself.</summary>
    public BackendQueue Plugin => plugin;

    /// <summary>The last submission's value.</summary>
    public ulong Last { get; private set; }

    /// <summary>Bytes from the host. A source that is not stable may change as soon as this returns (MEM-13).</summary>
    public ulong Upload(HostBlock source, long from, nint target, long to, long bytes, bool isStable = true) =>
        Copy(new CopyRegion { Source = source.Address, SourceOffset = (ulong)from, Target = target, TargetOffset = (ulong)to, Length = (ulong)bytes, FromHost = true, IsStable = isStable });

    /// <summary>Bytes to the host.</summary>
    public ulong Download(nint source, long from, HostBlock target, long to, long bytes) =>
        Copy(new CopyRegion { Source = source, SourceOffset = (ulong)from, Target = target.Address, TargetOffset = (ulong)to, Length = (ulong)bytes, ToHost = true });

    /// <summary>Bytes within the device.</summary>
    public ulong Move(nint source, long from, nint target, long to, long bytes) =>
        Copy(new CopyRegion { Source = source, SourceOffset = (ulong)from, Target = target, TargetOffset = (ulong)to, Length = (ulong)bytes });

    /// <summary>Work that takes a while: who does not wait for what comes behind it is found out.</summary>
    public void Delay(int moves = 8)
    {
        if (_slow == 0) _slow = trial.Allocate(2 * SlowBytes);
        for (int i = 0; i < moves; i++) Move(_slow, i % 2 * SlowBytes, _slow, (i + 1) % 2 * SlowBytes, SlowBytes);
    }

    /// <summary>Asks for the last value, once.</summary>
    /// <returns>That value.</returns>
    public ulong Signal()
    {
        if (_signalled < Last) plugin.Signal(_signalled = Last);
        return Last;
    }

    /// <summary>What comes later waits for a value that the other queue signals.</summary>
    public void WaitFor(CountedQueue other, ulong value) => plugin.Wait(other.Plugin, value);

    /// <summary>Waits until everything submitted so far is done; it must end well.</summary>
    public void Drain()
    {
        ulong value = Signal();
        if (value == 0 || !isTimed) return;
        plugin.Flush();
        var result = plugin.HostWait(value, Trial.Patience);
        if (result != WaitResult.Reached) throw trial.Fail($"value {value} was signalled, and HostWait gives {result} {Why(result)}");
    }

    /// <summary>Whether nothing of it runs any more.</summary>
    public bool TryDrain()
    {
        if (!isTimed || Last == 0 || plugin.Failure is not null) return true;
        ulong value = Signal();
        plugin.Flush();
        return plugin.HostWait(value, Trial.Patience) != WaitResult.TimedOut;
    }

    private string Why(WaitResult result) => plugin.Failure is { } failure ? $"({failure.Text})"
        : result == WaitResult.TimedOut ? $"after {Trial.Patience.TotalSeconds:0} s, Reached {plugin.Reached()} (QUE-5, QUE-6)" : "though Failure is null (QUE-13)";

    private ulong Copy(CopyRegion region)
    {
        if (isTimed) Last++;
        plugin.Copy(region with { Value = Last });
        return Last;
    }
}
