namespace Backends.Conformance;

/// <summary>What happens in a run, in order. Listeners (log, bar, report) stand outside and change nothing.</summary>
internal abstract record RunEvent;

/// <summary>A worker has opened the device.</summary>
internal sealed record DeviceOpened(DeviceFacts Device) : RunEvent;

/// <summary>A case has its verdict.</summary>
/// <param name="Case">Which.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Worker">Which worker ran it, from 1.</param>
/// <param name="Attempt">The how many-th attempt, from 1.</param>
internal sealed record CaseFinished(Case Case, CaseResult Result, int Worker, int Attempt) : RunEvent;

/// <summary>The device cannot be used: no case was run.</summary>
internal sealed record DeviceRefused(string Text) : RunEvent;
