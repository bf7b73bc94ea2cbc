using Backends.Plugins;

namespace Backends.Tests.Queues;

// The queue of an OrderChecked device: its clock rises with what is submitted, learns at waits, and teaches the host what it sees reached.
internal sealed unsafe partial class OrderChecked
{
    /// <summary>A queue with its clock.</summary>
    private sealed class CheckedQueue(OrderChecked device, BackendQueue inner, int number) : QueueAround(inner)
    {
        private readonly Clock _clock = new();
        private readonly History _history = new();
        private int _seenVersion;
        private bool _learned, _isDisposed;
        private ulong _submitted, _signalled;
        private int _inside;

        public int Number => number;

        public bool IsDisposed => _isDisposed;

        public bool HasFailed => !_isDisposed && Inner.Failure is not null;

        /// <summary>Records the accesses at the value, if the inner call enqueued.</summary>
        public BackendStatus Submit(ulong value, string what, Func<BackendStatus> run, Func<BackendStatus, bool> isEnqueued, List<(nint Address, Access Access)> accesses)
        {
            lock (device._lock)
            {
                if (value <= _submitted) device.Report($"queue {number}: {what} has value {value} after {_submitted} (QUE-1)");
                LearnWhatTheHostHasSeen();
            }
            // The clock does not change meanwhile: one thread submits at a time, and what the host sees from here on does not count.
            var status = BackendStatus.Internal;
            try
            {
                return status = run();
            }
            catch (BackendException error)
            {
                status = error.Status;
                throw;
            }
            finally
            {
                if (isEnqueued(status) && Inner.Failure is null)
                    lock (device._lock) Record(value, accesses);
            }
        }

        private void Record(ulong value, List<(nint Address, Access Access)> accesses)
        {
            _submitted = Math.Max(_submitted, value);
            _clock[number] = value;
            if (_learned) _history.Add(value, _clock);
            _learned = false;
            foreach (var (address, access) in accesses)
                if (address == 0) device.NoteHost(access, _clock);
                else device.Note(address, access, _clock);
        }

        protected override void CopyCore(in CopyRegion region)
        {
            Enter();
            try
            {
                var copy = region;
                string what = copy.FromHost ? "upload" : copy.ToHost ? "download" : "move";
                var accesses = new List<(nint, Access)>();
                if (!copy.FromHost) accesses.Add((copy.Source, Access.Bytes(what, number, copy.Value, false, copy.SourceOffset, copy.Length)));
                else if (copy.IsStable) accesses.Add((0, Access.Bytes($"{what}'s host source", number, copy.Value, false, (ulong)copy.Source + copy.SourceOffset, copy.Length)));
                if (!copy.ToHost) accesses.Add((copy.Target, Access.Bytes(what, number, copy.Value, true, copy.TargetOffset, copy.Length)));
                else accesses.Add((0, Access.Bytes($"{what}'s host target", number, copy.Value, true, (ulong)copy.Target + copy.TargetOffset, copy.Length)));
                if (copy.FromHost && !copy.IsStable) CheckRead(copy);
                if (copy is { FromHost: false, ToHost: false } && copy.Source == copy.Target && accesses[0].Item2.Overlaps(accesses[1].Item2))
                    device.Report($"queue {number}: a copy whose ranges overlap: {accesses[0].Item2}, {accesses[1].Item2} (MEM-14)");
                Submit(copy.Value, what, () => { Inner.Copy(copy); return BackendStatus.Ok; }, status => status == BackendStatus.Ok, accesses);
            }
            finally
            {
                Leave();
            }
        }

        // Read within the call, by the host: it must have seen the end of all that writes there.
        private void CheckRead(in CopyRegion copy)
        {
            lock (device._lock)
                device.Check(device._hostMemory, Access.Bytes("upload's host source", number, copy.Value, false, (ulong)copy.Source + copy.SourceOffset, copy.Length), device._seen);
        }

        protected override void WaitCore(BackendQueue other, ulong value)
        {
            Enter();
            var queue = (CheckedQueue)other;
            lock (device._lock)
            {
                if (queue._isDisposed) device.Report($"queue {number} waits for {value} of queue {queue.Number}, which is destroyed (QUE-7)");
                if (value > queue._signalled) device.Report($"queue {number} waits for {value} of queue {queue.Number}, which has signalled {queue._signalled} (QUE-7)");
            }
            try
            {
                base.WaitCore(other, value);
                lock (device._lock)
                {
                    if (queue._history.At(value) is { } known) _learned |= _clock.Join(known);
                    if (_clock[queue.Number] >= value) return;
                    _clock[queue.Number] = value;
                    _learned = true;
                }
            }
            finally
            {
                Leave();
            }
        }

        protected override void SignalCore(ulong value)
        {
            Enter();
            try
            {
                base.SignalCore(value);
                lock (device._lock)
                {
                    if (value <= _signalled || value > _submitted) device.Report($"queue {number} signals {value} after {_signalled}, having submitted {_submitted} (QUE-3)");
                    _signalled = Math.Max(_signalled, value);
                }
            }
            finally
            {
                Leave();
            }
        }

        protected override void FlushCore()
        {
            Enter();
            base.FlushCore();
            Leave();
        }

        protected override ulong ReachedCore()
        {
            ulong value = base.ReachedCore();
            lock (device._lock) HostSaw(value);
            return value;
        }

        protected override WaitResult HostWaitCore(ulong value, TimeSpan timeout)
        {
            lock (device._lock)
                if (value > _signalled) device.Report($"the host waits for {value} of queue {number}, which has signalled {_signalled} (QUE-4)");
            var result = base.HostWaitCore(value, timeout);
            lock (device._lock)
            {
                if (result == WaitResult.Reached) HostSaw(value);
                if (result == WaitResult.Failed) HostSawFailure(Inner.Failure!);
            }
            return result;
        }

        protected override QueueFailure? FailureCore()
        {
            var failure = base.FailureCore();
            if (failure is not null)
                lock (device._lock) HostSawFailure(failure);
            return failure;
        }

        protected override void Dispose(bool disposing)
        {
            bool hasFailed = Failure is not null;
            lock (device._lock)
            {
                if (!hasFailed && device._seen[number] < _submitted) device.Report($"queue {number} is destroyed at {device._seen[number]} of {_submitted} (QUE-16)");
                _isDisposed = true;
                HostSaw(ulong.MaxValue);
            }
            base.Dispose(disposing);
        }

        public void Enter()
        {
            if (Interlocked.Increment(ref _inside) > 1) device.Report($"two threads submit to queue {number} at once (QUE-11)");
        }

        public void Leave() => Interlocked.Decrement(ref _inside);

        private void LearnWhatTheHostHasSeen()
        {
            if (_seenVersion == device._seenVersion) return;
            _seenVersion = device._seenVersion;
            _learned |= _clock.Join(device._seen);
        }

        // QUE-13: once a failure is published, what came before it is done, and what came after touches nothing: waits among it, too, held nobody.
        private void HostSawFailure(QueueFailure failure)
        {
            HostSaw(failure.Value - 1);
            if (device._seen[number] == ulong.MaxValue) return;
            device._seen[number] = ulong.MaxValue;
            device._seenVersion++;
        }

        private void HostSaw(ulong value)
        {
            if (value <= device._seen[number]) return;
            if (_history.At(value) is { } known) device._seen.Join(known);
            device._seen[number] = value;
            device._seenVersion++;
            _history.ForgetBefore(value);
        }
    }
}
