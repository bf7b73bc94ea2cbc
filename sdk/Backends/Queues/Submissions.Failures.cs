using Backends.Plugins;

namespace Backends;

// How a failure is found, and what it takes along (QUE-12 to 15); all of it inside the gate.
internal sealed unsafe partial class Submissions
{
    // Sees to it that all that was submitted is reached, or that the wait for it says why not.
    private void AskFor(Timeline on)
    {
        try
        {
            on.Signal();
            on.Plugin.Flush();
        }
        catch (Exception error) when (HaveFailed(error))
        {
            // Its queue failed before the signal came.
        }
    }

    // Something threw that touches several queues: because one of them had failed, or all?
    private bool HaveFailed(Exception error)
    {
        NoteLoss(error);
        return FindFailures() || _device.IsLost;
    }

    private bool FindFailures()
    {
        bool found = false;
        foreach (var on in _timelines.ToArray()) found |= FindFailure(on);
        return found;
    }

    // A submission threw: because its queue had failed?
    private bool HasFailed(Timeline on, Exception? error)
    {
        NoteLoss(error);
        return FindFailure(on) || _device.IsLost;
    }

    private void NoteLoss(Exception? error)
    {
        if (error is BackendException { Status: BackendStatus.DeviceLost }) _device.Lose(error.Message, "a submission");
    }

    // A wait says that the queue failed; one that then has no failure to show breaks the contract, and has failed all the same.
    private void FailedAt(Timeline on, ulong value)
    {
        if (!FindFailure(on)) Fail(on, new QueueFailure(value, BackendStatus.Internal, 0, "the queue's wait failed, and its Failure is null (QUE-13)"));
    }

    // Takes note of a queue's failure: what it wrote since is lost, and so is what waited for that (QUE-13 to 15).
    private bool FindFailure(Timeline on)
    {
        if (on.Failure is not null) return true;
        if (on.AskFailure() is not { } failure) return false;
        Fail(on, failure);
        return true;
    }

    private void Fail(Timeline on, QueueFailure failure)
    {
        var (op, text) = on.Recent.Of(failure.Value);
        string words = failure.VendorCode == 0 ? failure.Text : $"{failure.Text} (vendor code {failure.VendorCode})";
        bool lost = failure.Status == BackendStatus.DeviceLost || _device.IsLost;
        Exception cause = lost ? _device.Lose(words, text) : new DeviceOperationException($"{_device.Name}: {text} failed on queue {on.Queue.Number} at {failure.Value}.",
            $"{words} ({failure.Status})", "tensors written since are invalid; the queue works again") { Device = _device.Name, Operator = op };
        on.Fail(failure.Value, cause);
        on.Queue.Report(cause);
        if (ReferenceEquals(on.Queue.Timeline, on)) on.Queue.Timeline = null;
        // What it did well may rest on a queue that failed before it, and the other way about: all are known before the first of them is forgotten.
        _failing++;
        FindFailures();
        CarryOn(on, failure.Value, cause);
        if (--_failing == 0) _timelines.RemoveAll(t => t.Failure is not null);
        on.Release(all: true);
        on.End();
    }

    private void CarryOn(Timeline failed, ulong from, Exception cause)
    {
        foreach (var on in _timelines)
        {
            if (!on.Carry(failed, from, cause, out ulong first)) continue;
            on.Queue.Report(cause);
            CarryOn(on, first, cause);
        }
    }
}
