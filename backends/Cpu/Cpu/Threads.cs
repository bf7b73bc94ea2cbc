using System.Runtime.ExceptionServices;
using Backends.Plugins;

namespace Backends.Cpu;

/// <summary>
/// A device's threads: as many as the option <c>threads</c> says, less the caller's own; they begin when the device is opened and end when it is
/// closed (OBJ-7). Work is a range of numbers that may be cut anywhere without another result: outputs are divided, never a sum's order, so that
/// results are the same bits for any number of threads (KER-29).
/// </summary>
/// <remarks>
/// One call at a time has the threads; a second one meanwhile computes alone, which costs time but no wait, and cannot lock up. Threads sleep
/// between calls: on a machine with other work nobody spins.
/// </remarks>
internal sealed unsafe class Threads : IDisposable
{
    private const int PartsEach = 4;      // a thread that is held up leaves its parts to the others

    private readonly Thread[] _workers;
    private readonly SemaphoreSlim _start = new(0), _end = new(0);
    private readonly Lock _gate = new();
    private CallFrame* _frame;
    private delegate*<CallFrame*, long, long, void> _part;
    private long _count, _step, _next;
    private Exception? _failure;
    private volatile bool _closed;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Threads in all, 1 or more.</param>
    public Threads(int count)
    {
        _workers = new Thread[count - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Thread(Work, 1 << 20) { IsBackground = true, Name = $"cpu kernel {i + 1}" };
            _workers[i].Start();
        }
    }

    /// <summary>Threads, the caller's among them.</summary>
    public int Count => _workers.Length + 1;

    /// <summary>Those of them that have not ended.</summary>
    public int Alive => _workers.Count(w => w.IsAlive);

    /// <summary>Computes 0 to count, in one go below the grain, else in parts at the same time.</summary>
    /// <param name="frame">The call, and through it the device.</param>
    /// <param name="count">How much there is.</param>
    /// <param name="grain">How much is worth a part.</param>
    /// <param name="part">Computes from one number up to another.</param>
    public static void Split(CallFrame* frame, long count, long grain, delegate*<CallFrame*, long, long, void> part)
    {
        if (count < 2 * grain || CpuDevice.Of(frame) is not { Threads: { _workers.Length: > 0 } threads } || !threads._gate.TryEnter()) part(frame, 0, count);
        else threads.Run(frame, count, grain, part);
    }

    /// <summary>Ends the threads; no call is in flight (OBJ-3).</summary>
    public void Dispose()
    {
        _closed = true;
        if (_workers.Length > 0) _start.Release(_workers.Length);
        foreach (var worker in _workers) worker.Join();
        _start.Dispose();
        _end.Dispose();
    }

    private void Run(CallFrame* frame, long count, long grain, delegate*<CallFrame*, long, long, void> part)
    {
        try
        {
            _frame = frame;
            _part = part;
            (_count, _next) = (count, 0);
            _step = Math.Max(grain, (count + Count * PartsEach - 1) / (Count * PartsEach));
            int helpers = (int)Math.Min(_workers.Length, (count - 1) / _step);
            _start.Release(helpers);
            Compute();
            for (int i = 0; i < helpers; i++) _end.Wait();
            if (Interlocked.Exchange(ref _failure, null) is { } failure) ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Compute()
    {
        try
        {
            for (long from; (from = Interlocked.Add(ref _next, _step) - _step) < _count;) _part(_frame, from, Math.Min(_count, from + _step));
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void Work()
    {
        while (true)
        {
            _start.Wait();
            if (_closed) return;
            Compute();
            _end.Release();
        }
    }
}
