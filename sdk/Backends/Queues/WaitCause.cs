namespace Backends;

/// <summary>Why the host waited for a device: the closed list of QUE-18. Each wait is counted by its cause.</summary>
public enum WaitCause
{
    /// <summary>The app reads: an item, a copy to the host, printing.</summary>
    Read,
    /// <summary>A two-phase operator's size decides what is allocated (KER-28).</summary>
    TwoPhase,
    /// <summary>An operator's inputs go to the device that it falls back to (FAL-3).</summary>
    Fallback,
    /// <summary>A tensor goes to a device of another backend (QUE-9).</summary>
    CrossBackend,
    /// <summary>Memory is short: what is no longer used must be free of the device's work (MEM-9).</summary>
    OutOfMemory,
    /// <summary><see cref="Queue.Synchronize"/>.</summary>
    Synchronize,
    /// <summary>A queue or the device is closed.</summary>
    Close,
}
