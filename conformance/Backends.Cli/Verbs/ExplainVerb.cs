using System.CommandLine;
using Backends.Conformance;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>explain</c>: which way each operator takes on a device, and why; the dispatcher's own choice, asked without calling (CAP-1).</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var device = new Argument<string>("device") { Description = "The device, for example cpu or acme:1." };
        var op = new Argument<string?>("op") { Description = "An operator; without one, all.", Arity = ArgumentArity.ZeroOrOne };
        var dtype = new Option<string?>("--dtype") { Description = "Only for tensors of this dtype, for example f32." };
        dtype.Validators.Add(r =>
        {
            string text = r.Tokens.Count > 0 ? r.Tokens[0].Value : "";
            if (!DTypes.TryParse(text, out _)) r.AddError($"--dtype '{text}' is no dtype; there are: {string.Join(' ', DTypes.All.Select(d => d.Name))}.");
        });
        return VerbOptions.On(new Command("explain", "Says which way operators take on a device, and why.") { device, op, dtype }, (parsed, answer) =>
        {
            string? name = parsed.GetValue(op);
            Operator[] operators = name is null ? [.. CoreOperators.All.OrderBy(o => o.Name, StringComparer.Ordinal)] : [OpsVerb.Find(name)];
            var report = Report(answer.Host[parsed.GetRequiredValue(device)], operators, parsed.GetValue(dtype));
            if (report.Operators.Count == 0) throw new ConformanceException($"{name} is not for {parsed.GetValue(dtype)}.", "its declaration names other dtypes", $"backends ops {name}");
            if (answer.IsJson) answer.Write(report);
            else Print(answer.Text, report, name is not null);
            return ExitCode.Yes;
        });
    }

    private static ExplainReport Report(Device device, Operator[] operators, string? dtype)
    {
        ExplainEntry[] entries = [.. operators.SelectMany(o => Combinations(o).Where(c => dtype is null || c.Any(t => t.Name == dtype)).Select(c => Entry(device, o, c)))];
        int Of(Way way) => entries.Count(e => e.Runs == Word(way));
        return new(1, device.Name, new(Of(Way.Native), Of(Way.Decomposed), Of(Way.Fallback), Of(Way.Unsupported), Of(Way.Host)), entries);
    }

    private static ExplainEntry Entry(Device device, Operator op, DType[] types)
    {
        var explanation = device.Explain(op, types);
        var first = explanation.Way == Way.Native ? device.Kernels.First(op, Operator.Combination(types)) : null;
        while (first is not null && first.Record.Name != explanation.Kernel) first = first.Next;
        return new(op.Name, string.Join(", ", types.Select(t => t.Name)), Word(explanation.Way), explanation.Way == Way.Native ? explanation.Kernel : null,
            first is not null && HasPredicate(first.Record) ? "the kernel's predicate says yes" : null,
            explanation.Way is Way.Decomposed or Way.Fallback ? explanation.Kernel.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [],
            explanation.Reason == WayReason.None ? null : Explanation.Words(explanation.Reason));
    }

    private static unsafe bool HasPredicate(Plugins.Kernel kernel) => kernel.When != null || kernel.WhenNative != null;

    // Every choice of dtypes for the free variables.
    private static IEnumerable<DType[]> Combinations(Operator op)
    {
        IEnumerable<DType[]> all = [[]];
        foreach (var variable in op.Schema.FreeVariables) all = [.. all.SelectMany(c => variable.DTypes.Select(d => (DType[])[.. c, d]))];
        return all;
    }

    private static void Print(Output output, ExplainReport report, bool single)
    {
        var rows = single ? report.Operators.Select(e => (Left: $"{e.Op} {e.DType}".TrimEnd(), Right: Words(e, e.Kernel)))
            : report.Operators.GroupBy(e => (e.Op, Words(e, null))).Select(g => (Left: g.Key.Op, Right: $"{g.Key.Item2}  {DTypesOf([.. g])}".TrimEnd()));
        var all = rows.ToArray();
        int column = 2 + all.Max(r => r.Left.Length);
        foreach (var (left, right) in all) output.Columns(left, column, right);
        var totals = report.Totals;
        output.Columns("", 0, $"{report.Operators.Count} {(report.Operators.Count == 1 ? "pair" : "pairs")} of operator and dtypes on {report.Device}: {totals.Native} native, {totals.Decomposed} decomposed, {totals.Fallback} fallback, {totals.Unsupported} unsupported, {totals.Host} host");
    }

    private static string Words(ExplainEntry entry, string? kernel) =>
        entry.Runs + (kernel is not null ? $" {kernel}" : "") + (entry.When is { } when ? $" when {when}" : "")
        + (entry.Into.Count > 0 ? $": {string.Join(' ', entry.Into)}" : "") + (entry.Because is { } because ? $"  because: {because}" : "");

    private static string DTypesOf(ExplainEntry[] entries) =>
        entries.Length == DTypes.All.Count ? "(all dtypes)" : entries.Any(e => e.DType.Contains(',')) ? $"({entries.Length} combinations)" : entries is [{ DType: "" }] ? "" : $"({string.Join(' ', entries.Select(e => e.DType))})";

    private static string Word(Way way) => way.ToString().ToLowerInvariant();
}
