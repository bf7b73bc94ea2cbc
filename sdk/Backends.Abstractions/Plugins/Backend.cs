namespace Backends.Plugins;

/// <summary>A vendor's code for a kind of device: the root that a plugin's entry creates (OBJ-1).</summary>
public abstract class Backend : IDisposable
{
    /// <summary>What may be called on the host; given before the first <see cref="Discover"/>.</summary>
    public HostServices Host { get; set; } = HostServices.None;

    /// <summary>Says which devices there are, and why others are not (DIS-2, DIS-3).</summary>
    /// <remarks>Starts no device, takes no device memory, never fails for lack of a driver: absence is an answer. May be called again.</remarks>
    public abstract void Discover(Discovery discovery);

    /// <summary>Ends the backend; its devices are closed before.</summary>
    protected virtual void Dispose(bool disposing) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>Takes a backend's answers during <see cref="Backend.Discover"/>.</summary>
public sealed class Discovery
{
    private readonly List<BackendDevice> _offers = [];
    private readonly List<Absence> _absences = [];

    /// <summary>The devices offered, in order: their place is their number.</summary>
    public IReadOnlyList<BackendDevice> Offers => _offers;

    /// <summary>What was seen and is not offered.</summary>
    public IReadOnlyList<Absence> Absences => _absences;

    /// <summary>Offers a device; it stays closed until somebody asks for it.</summary>
    public void Offer(BackendDevice device) => _offers.Add(device ?? throw new ArgumentNullException(nameof(device)));

    /// <summary>Says that something is not offered, and why.</summary>
    /// <param name="subject">For example <c>acme:0</c>.</param>
    /// <param name="text">For example <c>no card in slot 0</c>.</param>
    /// <param name="code">The kind of reason.</param>
    /// <param name="remedy">What the reader can do.</param>
    public void Reject(string subject, string text, AbsenceCode code = AbsenceCode.NoDevice, string remedy = "") =>
        _absences.Add(new Absence(code, subject, text, remedy));
}
