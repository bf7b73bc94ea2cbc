namespace Backends;

/// <summary>What every error of Backends says: which (<see cref="Id"/>), what, why, and what to do about it.</summary>
/// <remarks>Each id has a page in docs/diagnostics. A plugin throws this class itself: <c>new BackendException(BackendStatus.DeviceError, "channel 3: DMA timeout")</c>.</remarks>
public class BackendException : Exception
{
    /// <summary>What a kernel or device throws; the host adds device, operator and shapes.</summary>
    /// <param name="status">Which kind of failure.</param>
    /// <param name="text">What happened, in the vendor's words.</param>
    public BackendException(BackendStatus status, string text) : base(text)
    {
        (Id, Status, What, Why, Remedy) = ("BK4002", status, text, text, "");
    }

    /// <summary>Makes an error in the form that all of them have.</summary>
    /// <param name="id">For example <c>BK2001</c>.</param>
    /// <param name="what">What could not be done, with its culprit; a sentence.</param>
    /// <param name="why">The reason.</param>
    /// <param name="remedy">What the reader can do.</param>
    /// <param name="inner">The cause, if an exception was it.</param>
    public BackendException(string id, string what, string why, string remedy, Exception? inner = null)
        : base($"{id} {what}\n  why      {why}\n  remedy   {remedy}", inner)
    {
        (Id, What, Why, Remedy) = (id, what, why, remedy);
        if (inner is BackendException cause) Status = cause.Status;
    }

    /// <summary>The error's number, for example <c>BK2001</c>.</summary>
    public string Id { get; }

    /// <summary>What could not be done.</summary>
    public string What { get; }

    /// <summary>The reason.</summary>
    public string Why { get; }

    /// <summary>What the reader can do; empty for a plugin's own report.</summary>
    public string Remedy { get; }

    /// <summary>The plugin's status, where one caused this.</summary>
    public BackendStatus Status { get; } = BackendStatus.Internal;

    /// <summary>The device, for example <c>cuda:0</c>, or null.</summary>
    public string? Device { get; init; }

    /// <summary>The operator, or null.</summary>
    public string? Operator { get; init; }
}

/// <summary>BK2001, BK2002: shapes do not fit.</summary>
public sealed class ShapeException(string what, string why, string remedy, string id = "BK2001") : BackendException(id, what, why, remedy);

/// <summary>BK2003: a dtype that the operator, or the read, does not take.</summary>
public sealed class DTypeException(string what, string why, string remedy) : BackendException("BK2003", what, why, remedy);

/// <summary>BK2005: an argument that is no tensor is outside what the operator takes.</summary>
public sealed class OperatorArgumentException(string what, string why, string remedy) : BackendException("BK2005", what, why, remedy);
