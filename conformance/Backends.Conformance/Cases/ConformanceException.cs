namespace Backends.Conformance;

/// <summary>BK5001: what was asked of the suite selects or names nothing.</summary>
public sealed class ConformanceException(string what, string why, string remedy) : BackendException("BK5001", what, why, remedy);
