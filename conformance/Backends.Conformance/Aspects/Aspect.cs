namespace Backends.Conformance;

/// <summary>One thing to prove about every operator: which cases, as a query over its axes. How a case is judged follows from the case itself.</summary>
internal abstract class Aspect
{
    /// <summary>All of them, in the order in which a run takes them.</summary>
    public static IReadOnlyList<Aspect> All { get; } = [new Values(), new Layouts(), new Special(), new InPlace(), new DTypeClaims(), new Errors()];

    /// <summary>The name in ids.</summary>
    public abstract string Name { get; }

    /// <summary>The cases, without seeds.</summary>
    /// <param name="axes">What the declaration leaves open.</param>
    /// <param name="count">About how many; a profile says it.</param>
    public abstract IEnumerable<CallCase> Derive(Axes axes, int count);
}
