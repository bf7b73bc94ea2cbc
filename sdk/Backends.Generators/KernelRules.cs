using Microsoft.CodeAnalysis;

namespace Backends.Generators;

/// <summary>One record that a device will register: a kernel method for one combination of dtypes.</summary>
internal sealed record KernelRecord(KernelDeclaration Declaration, Declared Operator, string[] Types);

/// <summary>What makes a kernel wrong at compile time: BK0001 to BK0008, the first that applies to a declaration.</summary>
internal sealed class KernelRules(Action<Diagnostic> report, IReadOnlyDictionary<string, Declared> operators)
{
    /// <summary>The records of one class, in order of registration; what is wrong is reported and left out.</summary>
    public List<KernelRecord> Records(IEnumerable<KernelDeclaration> declarations)
    {
        var records = new List<KernelRecord>();
        foreach (var declaration in declarations)
            if (Operator(declaration) is { } op && Fits(declaration, op))
                records.AddRange(Combinations(declaration, op));
        // Of equal priority, a kernel that asks comes before one that takes all: behind it, it would never be asked (KER-4).
        return OncePerClaim(records).OrderBy(r => r.Declaration.When is null).ToList();
    }

    private Declared? Operator(KernelDeclaration kernel)
    {
        if (!operators.TryGetValue(kernel.Operator, out var op))
        {
            string? nearest = Names.Nearest(kernel.Operator, operators.Keys);
            return Wrong(kernel, Diagnostics.UnknownOperator, kernel.Operator, nearest is null ? "The list: docs/operators.md." : $"Did you mean '{nearest}'?");
        }
        return op.Schema.IsView ? Wrong(kernel, Diagnostics.HostOperator, kernel.Operator) : op;
    }

    private bool Fits(KernelDeclaration kernel, Declared op)
    {
        string view = $"Backends.Plugins.{op.ArgsType}";
        var problem =
            !kernel.Method.IsStaticVoid ? Wrong(kernel, Diagnostics.NotStaticVoid, kernel.Method.Name)
            : kernel.Method.Takes != view ? Wrong(kernel, Diagnostics.WrongParameters, kernel.Method.Name, kernel.Operator, kernel.Method.Parameters, op.ArgsType)
            : kernel.When is { } when && !kernel.WhenTakes.Contains($" {view} ") ? Wrong(kernel, Diagnostics.WrongWhen, when, op.ArgsType)
            : op;
        return problem is not null;
    }

    private IEnumerable<KernelRecord> Combinations(KernelDeclaration kernel, Declared op)
    {
        var free = op.Schema.FreeVariables.ToArray();
        var combinations = free.Length == 0 ? [[]] : kernel.Combinations().ToList();
        if (combinations.Count == 0) combinations.Add(["(none is named)"]);
        foreach (var types in combinations)
        {
            bool known = types.Length == free.Length && types.Zip(free, (word, variable) => DTypes.TryParse(word, out var dtype) && variable.DTypes.Contains(dtype)).All(ok => ok);
            if (known) yield return new KernelRecord(kernel, op, types.Select(word => DTypes.TryParse(word, out var dtype) ? dtype.Name : word).ToArray());
            else Wrong(kernel, Diagnostics.NoSuchDType, kernel.Operator, string.Join(",", types), Has(free));
        }
    }

    // One variable: its dtypes. Several: each with its own, named as Types must name them.
    private static string Has(TypeVariable[] free) => free.Length == 1
        ? Words(free[0])
        : $"Types = \"{string.Join(",", free.Select(v => v.Name))}\" with {string.Join(" and ", free.Select(v => $"{v.Name} in {Words(v)}"))}";

    private static string Words(TypeVariable variable) => string.Join(" ", variable.DTypes.Select(d => d.Name));

    private List<KernelRecord> OncePerClaim(List<KernelRecord> records)
    {
        var claims = new Dictionary<string, KernelRecord>();
        var kept = new List<KernelRecord>();
        foreach (var record in records)
        {
            string types = string.Join(",", record.Types), claim = $"{record.Operator.Schema.Name} {types} {record.Declaration.Priority}";
            if (record.Declaration.When is not null || !claims.TryGetValue(claim, out var first))
            {
                if (record.Declaration.When is null) claims.Add(claim, record);
                kept.Add(record);
            }
            else Wrong(record.Declaration, Diagnostics.SameClaimTwice, record.Operator.Schema.Name, types, first.Declaration.Method.Name, record.Declaration.Method.Name);
        }
        return kept;
    }

    private Declared? Wrong(KernelDeclaration kernel, DiagnosticDescriptor descriptor, params object[] arguments)
    {
        report(Diagnostic.Create(descriptor, kernel.Where.Location, arguments));
        return null;
    }
}
