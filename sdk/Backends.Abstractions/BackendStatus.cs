namespace Backends;

/// <summary>How a call into a plugin ended (KER-23). Append-only, int32 in C; an unknown value counts as <see cref="Internal"/>.</summary>
public enum BackendStatus
{
    /// <summary>Done, or enqueued.</summary>
    Ok = 0,
    /// <summary>The kernel does not take this call; nothing was written, the host goes on to the next way.</summary>
    Declined = 1,
    /// <summary>An argument is outside what the operator takes.</summary>
    InvalidArgument = 2,
    /// <summary>Memory is short; nothing was written, the call may be repeated.</summary>
    OutOfMemory = 3,
    /// <summary>The kernel could not be built; permanent.</summary>
    BuildFailed = 4,
    /// <summary>A value of the data leads outside the operator's domain, for example an index.</summary>
    DataError = 5,
    /// <summary>The device failed at this call.</summary>
    DeviceError = 6,
    /// <summary>The device is gone.</summary>
    DeviceLost = 7,
    /// <summary>It took too long.</summary>
    Timeout = 8,
    /// <summary>Not supported.</summary>
    Unsupported = 9,
    /// <summary>Any other failure.</summary>
    Internal = 10,
}
