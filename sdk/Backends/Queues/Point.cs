namespace Backends;

/// <summary>A place on a timeline: "everything up to this value". The empty point is always over.</summary>
internal record struct Point(Timeline? Timeline, ulong Value)
{
    /// <summary>Whether nothing up to here touches memory any more: reached, or failed (QUE-13).</summary>
    public bool IsOver => Timeline is null || Timeline.IsOver(Value);

    /// <summary>Why what was submitted here failed; null where it did not, as far as is known.</summary>
    public Exception? Failure => Timeline?.FailureAt(Value);
}
