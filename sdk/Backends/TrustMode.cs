namespace Backends;

/// <summary>Which plugins may load (MAN-6).</summary>
public enum TrustMode
{
    /// <summary>All that keep their manifest: accidents and damaged installs are found, intent is not.</summary>
    Off,
    /// <summary>Only those that the trust file pins, from folders that nobody else can write.</summary>
    Required,
}
