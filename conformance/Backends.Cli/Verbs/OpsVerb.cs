using System.CommandLine;
using Backends.Conformance;

namespace Backends.Cli.Verbs;

/// <summary>The verb <c>ops</c>: the catalogue of operators, or all that is declared of one.</summary>
internal static class OpsVerb
{
    public static Command Create()
    {
        var op = new Argument<string?>("op") { Description = "An operator, for example softmax.", Arity = ArgumentArity.ZeroOrOne };
        return VerbOptions.On(new Command("ops", "Lists the operators, or says what one means.") { op }, (parsed, answer) =>
        {
            string? name = parsed.GetValue(op);
            OperatorEntry[] entries = [.. (name is null ? CoreOperators.All : [Find(name)]).OrderBy(o => o.Name, StringComparer.Ordinal).Select(Entry)];
            if (answer.IsJson) answer.Write(new OperatorsReport(1, entries));
            else if (name is null) List(answer.Text, entries);
            else Describe(answer.Text, entries[0]);
            return ExitCode.Yes;
        }, asksDevices: false);
    }

    /// <summary>The operator of a name.</summary>
    /// <exception cref="ConformanceException">There is none.</exception>
    public static Operator Find(string name) => CoreOperators.All.FirstOrDefault(o => o.Name == name)
        ?? throw new ConformanceException($"There is no operator '{name}'.", Names.Nearest(name, CoreOperators.All.Select(o => o.Name)) is { } nearest ? $"nearest: {nearest}" : "no name is near it", "backends ops lists them");

    private static OperatorEntry Entry(Operator op)
    {
        string text = op.Schema.ToString();
        string[] parts = op.Kind == OperatorKind.Decomposed ? Decompositions.PartsOf(op).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return new(op.Name, op.Kind.ToString().ToLowerInvariant(), text[..text.IndexOfAny([':', ';'])].TrimEnd(),
            op.Schema.Variables.ToDictionary(v => v.Name, v => (IReadOnlyList<string>)[.. v.DTypes.Select(d => d.Name)]),
            op.Kind == OperatorKind.View ? [] : [.. Profile.All.Select(p => p.Name)], op.Schema.Accuracy.ToString(), parts, op.Summary, Formula(op.Summary));
    }

    // The first sentence; what follows are its special answers.
    private static string Formula(string summary)
    {
        int end = summary.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? summary : summary[..end]).TrimEnd('.');
    }

    private static void List(Output output, OperatorEntry[] entries)
    {
        int column = 2 + entries.Max(e => e.Name.Length);
        foreach (var entry in entries) output.Columns(entry.Name, column, entry.Formula);
        output.Columns("", 0, $"{entries.Length} operators: {string.Join(", ", entries.CountBy(e => e.Kind).Select(k => $"{k.Value} {k.Key}"))}. One of them: backends ops NAME");
    }

    private static void Describe(Output output, OperatorEntry entry)
    {
        output.Line(entry.Signature);
        output.Field("meaning", entry.Summary);
        output.Field("kind", entry.Kind + (entry.Decomposition.Count > 0 ? $": {string.Join(' ', entry.Decomposition)}" : ""));
        foreach (var (variable, types) in entry.DTypes) output.Field(variable, types.Count == DTypes.All.Count ? "all dtypes" : string.Join(' ', types));
        output.Field("accuracy", $"{entry.Accuracy}: docs/accuracy.md says what it allows, and why");
    }
}
