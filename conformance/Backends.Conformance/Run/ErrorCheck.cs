namespace Backends.Conformance;

/// <summary>A case of the aspect <c>errors</c>: the typed error comes, and nothing is changed by the call.</summary>
internal static class ErrorCheck
{
    public static CaseResult Run(BenchCall call)
    {
        string wanted = call.Case.Error!;
        try
        {
            call.Invoke();
        }
        catch (BackendException error) when (error.Id == wanted)
        {
            foreach (var (name, reading, _) in call.Readings())
                if (reading.Changed || reading.Outside is not null) return Failed(call, $"{wanted} came, but {name} was changed") with { Damaged = reading.Outside is not null };
            return Bench.Verdict(call, Verdict.Pass, null);
        }
        catch (BackendException other)
        {
            return Failed(call, $"expected {wanted}, came {other.Id} {other.What}");
        }
        return Failed(call, $"expected {wanted}, came a result");
    }

    private static CaseResult Failed(BenchCall call, string reason) => Bench.Verdict(call, Verdict.Fail, reason);
}
