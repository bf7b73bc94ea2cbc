using Backends.Reference;

namespace Backends.Conformance;

/// <summary>Hands a finished call to the judge and writes its findings as a case's result.</summary>
internal static unsafe class Judging
{
    public static CaseResult Decide(BenchCall call)
    {
        var c = call.Case;
        var inputs = new Operand?[c.Shapes.Count];
        for (int i = 0; i < inputs.Length; i++)
            if (c.IsGiven(i)) inputs[i] = new Operand(c.InputType(i), c.Shapes[i], call.InputBefore(i));
        var outputs = new Operand[c.Operator.Schema.Outputs.Count];
        for (int i = 0; i < outputs.Length; i++) outputs[i] = new Operand(call.ResultType(i), call.ResultShape(i), call.ResultBytes(i));
        if (c.Operator.Schema.Phases == 1 && DeclaredCall.Outputs(c) is var shapes && shapes.All(s => s.Elements == 0)) return Empty(call, outputs, shapes);
        Indexing.TakeOutside();
        var found = Judge.Decide(c.Operator, call.Attributes.Pointer, inputs, outputs, c.Fill);
        // The oracle has just met the same indices (KER-25). A class is none.
        bool isOutside = Indexing.TakeOutside();
        if (isOutside ? call.ReportsFaults && !call.ToldFault : call.ToldFault)
            return Bench.Verdict(call, Verdict.Fail, isOutside ? "an index leads outside, and the kernel, which reports faults, did not tell (KER-25)" : "a fault is told, and no index leads outside (KER-25)");
        string? reason = found.Passed ? found.Vacuous : found.Reason;
        var result = Bench.Verdict(call, !found.Passed ? Verdict.Fail : found.Vacuous is not null ? Verdict.Vacuous : Verdict.Pass, reason) with
        {
            Margin = found.Margin, Ulp = double.IsNaN(found.Ulps) ? null : found.Ulps, At = found.At,
            Bound = found.Bound is { } bound ? new BoundText(bound.Kind.ToString(), bound.Value) : null,
        };
        // Numbers of one element only where they explain something: a file of thousands of passes stays small.
        return found.Passed ? result : result with
        {
            Expected = found.Expected, Actual = found.Actual, ExpectedBits = found.ExpectedBits, ActualBits = found.ActualBits,
            Derivation = found.Bound?.Derivation, Anchor = found.Bound?.Anchor,
            Where = outputs[found.Output].Elements == 0 ? null
                : $"{c.Operator.Schema.Outputs[found.Output].Name}[{string.Join(", ", found.At ?? [])}] of {outputs[found.Output].DType.Name}{outputs[found.Output].Shape}; {found.Bad:N0} of {found.Elements:N0} elements are wrong; inputs unchanged, guards intact",
        };
    }

    // Without elements there is nothing to compute, for the oracle neither: dtype and shape are the answer.
    private static CaseResult Empty(BenchCall call, Operand[] outputs, Shape[] shapes)
    {
        for (int i = 0; i < outputs.Length; i++)
            if (outputs[i].Shape != shapes[i] || outputs[i].DType != call.Case.OutputType(i))
                return Bench.Verdict(call, Verdict.Fail, $"expected {call.Case.OutputType(i).Name}{shapes[i]}, came {outputs[i].DType.Name}{outputs[i].Shape}");
        return Bench.Verdict(call, Verdict.Pass, null);
    }
}
