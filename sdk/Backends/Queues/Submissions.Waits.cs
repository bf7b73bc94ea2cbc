using Backends.Plugins;

namespace Backends;

// Where the host waits for a device, each time for a cause (QUE-18), outside the gate; and how queues end.
internal sealed unsafe partial class Submissions
{
    /// <summary>Waits for a point that was signalled, and throws what went wrong up to it.</summary>
    public void Await(Point point, WaitCause cause)
    {
        if (point.Timeline is not { } on) return;
        Interlocked.Increment(ref _waits[(int)cause]);
        bool reached = on.HostWait(point.Value);
        Enter();
        try
        {
            if (!reached) FailedAt(on, point.Value);
            else if (!on.IsSettled(point.Value)) FindFailures();
            on.Release();
        }
        finally
        {
            Leave();
        }
        if (on.FailureAt(point.Value) is not { } failure) return;
        on.Queue.Met(failure);
        throw failure;
    }

    /// <summary>Waits for everything submitted to a queue.</summary>
    public void Synchronize(Queue queue, WaitCause cause)
    {
        Point point;
        Enter();
        try
        {
            if (queue.Timeline is not { } on) return;
            AskFor(on);
            point = new Point(on, on.Submitted);
        }
        finally
        {
            Leave();
        }
        Await(point, cause);
    }

    /// <summary>Waits for all queues, then throws the first failure that nobody has met.</summary>
    public void SynchronizeAll()
    {
        if (_device.Lost is { } lost) throw lost;
        Drain(WaitCause.Synchronize);
        foreach (var queue in Queues()) queue.ThrowUnreported();
    }

    /// <summary>Waits for all queues; a failure is left to its queue's next wait.</summary>
    public void Drain(WaitCause cause)
    {
        foreach (var queue in Queues())
            try
            {
                Synchronize(queue, cause);
            }
            catch (BackendException failure) when (failure.Id is "BK4002" or "BK4003")
            {
                queue.Report(failure);
            }
    }

    /// <summary>Waits for a queue's work, then ends it (QUE-16). What nobody was told of its failures, the device's next wait tells.</summary>
    public void End(Queue queue)
    {
        try
        {
            Synchronize(queue, WaitCause.Close);
            queue.ThrowUnreported();
        }
        catch (BackendException failure) when (failure.Id is "BK4002" or "BK4003")
        {
            _device.Queue0.Report(failure);
        }
        finally
        {
            Enter();
            var on = queue.Timeline;
            queue.Timeline = null;
            _queues.Remove(queue);
            if (on is not null) _timelines.Remove(on);
            Leave();
            on?.End();
        }
    }

    /// <summary>Ends all queues; what they held is let go. Who submits from now on is told that the device is closed.</summary>
    public void Close(Action<string, Action> end)
    {
        Enter();
        _isClosed = true;
        Leave();
        if (!_device.IsLost) end($"queues of {_device.Name}", () => Drain(WaitCause.Close));
        Enter();
        Timeline[] all = [.. _timelines];
        _timelines.Clear();
        foreach (var on in all) on.Queue.Timeline = null;
        Leave();
        foreach (var on in all)
        {
            end(on.Queue.ToString(), on.End);
            on.Release(all: true);
        }
    }
}
