namespace Backends;

/// <summary>A schema string breaks the grammar.</summary>
public sealed class SchemaException : FormatException
{
    internal SchemaException(string text, int position, string problem)
        : base($"column {position + 1}: {problem}, in: {text}") => Position = position;

    /// <summary>Where, in characters from the start of the text.</summary>
    public int Position { get; }
}

/// <summary>
/// The one parser of schema strings (CUS-2; docs/schema.md), shared by contract and generator:
/// <code>
/// <!-- quote grammar -->
/// schema    = name "(" [param *("," param)] ")" "->" outs [":" var *("," var)] *(";" clause)
/// param     = Var ["?" | "[]"] name  |  kind name ["=" default ["since" version]]      tensors first, then attributes
/// kind      = "i64" | "f64" | "bool" | "i64[]" | "dtype" | "scalar" | "enum{" word *("," word) "}"
/// outs      = type | "(" type name *("," type name) ")"                        type = Var | dtype
/// default   = number | "inf" | "-inf" | "nan" | "min" | "max" | "true" | "false" | word | "[" [number *("," number)] "]", as the kind has it
/// var       = Var "in" set *("|" set)  |  Var "=" function "(" Var ")"         set = dtype | any | number | integer | float
/// clause    = "shape=" rule | "accuracy=" rule | "random=" rule | "empty=" number | "empty=" tensor | "inplace=" out ":" in *("," ...) | "phases=" 2 | "version=" n | "view"
/// rule      = name ["(" argument *("," argument) ")"]
/// <!-- end grammar -->
/// </code>
/// </summary>
internal sealed class SchemaParser(string text)
{
    private readonly HashSet<string> _clauses = [];
    private int _at;

    public Schema Parse()
    {
        string name = OperatorName();
        var tensors = new List<TensorParameter>();
        var attributes = new List<AttributeParameter>();
        Expect("(");
        if (!Accept(")"))
        {
            do Parameter(tensors, attributes);
            while (Accept(","));
            Expect(")");
        }
        Expect("->");
        var outputs = Outputs();
        var variables = Accept(":") ? Variables() : [];
        var clauses = new SchemaClauses();
        while (Accept(";")) Clause(clauses);
        SkipSpace();
        if (_at < text.Length) throw Error($"unexpected '{text[_at]}'");
        Check(tensors, attributes, outputs, variables, clauses);
        return new Schema(name, tensors, attributes, outputs, variables, clauses);
    }

    private void Parameter(List<TensorParameter> tensors, List<AttributeParameter> attributes)
    {
        SkipSpace();
        int start = _at;
        if (Peek(char.IsUpper))
        {
            if (attributes.Count > 0) throw Error("tensors come before attributes", start);
            string type = Variable();
            bool list = Accept("[]"), optional = !list && Accept("?");
            tensors.Add(new TensorParameter(type, Unique(tensors, attributes), optional, list));
            return;
        }
        IReadOnlyList<string> members = [];
        var kind = Kind(ref members);
        string name = Unique(tensors, attributes);
        string? value = Accept("=") ? Default(kind, members) : null;
        // What is added later has a default, so that older callers and kernels mean the same without it.
        int since = value is not null && Accept("since ") ? Integer(2, int.MaxValue) : 1;
        // The header of the struct (struct_size, reserved, mask of given fields) takes 16 bytes; lists and scalars take two slots.
        int offset = 16 + attributes.Sum(a => a.Kind is AttributeKind.I64List or AttributeKind.Scalar ? 16 : 8);
        attributes.Add(new AttributeParameter(kind, name, value, members, offset, since));
    }

    private string Unique(List<TensorParameter> tensors, List<AttributeParameter> attributes)
    {
        SkipSpace();
        int start = _at;
        string name = Word();
        if (tensors.Any(t => t.Name == name) || attributes.Any(a => a.Name == name)) throw Error($"a second parameter '{name}'", start);
        return name;
    }

    private AttributeKind Kind(ref IReadOnlyList<string> members)
    {
        SkipSpace();
        int start = _at;
        string word = Word();
        switch (word)
        {
            case "i64": return Accept("[]") ? AttributeKind.I64List : AttributeKind.I64;
            case "f64": return AttributeKind.F64;
            case "bool": return AttributeKind.Bool;
            case "dtype": return AttributeKind.DType;
            case "scalar": return AttributeKind.Scalar;
            case "enum":
                Expect("{");
                members = List(Word);
                Expect("}");
                if (members.Distinct().Count() != members.Count) throw Error("an enum names a word twice", start);
                return AttributeKind.Enum;
            default: throw Error($"'{word}' is no kind of parameter (a type variable, i64, f64, bool, i64[], dtype, scalar, enum{{...}})", start);
        }
    }

    private string Default(AttributeKind kind, IReadOnlyList<string> members)
    {
        SkipSpace();
        int start = _at;
        if (Accept("["))
        {
            if (kind != AttributeKind.I64List) throw Error("a list is a default of i64[] alone", start);
            if (Accept("]")) return "[]";
            var values = List(Number);
            Expect("]");
            if (!values.All(v => long.TryParse(v, out _))) throw Error("a list of integers is expected", start);
            return $"[{string.Join(", ", values)}]";
        }
        string value = Accept("-inf") ? "-inf" : Peek(char.IsLetter) ? Word() : Number();
        bool fits = kind switch
        {
            AttributeKind.I64 => long.TryParse(value, out _) || value is "min" or "max",
            AttributeKind.F64 or AttributeKind.Scalar => value is "inf" or "-inf" or "nan" || (!char.IsLetter(value[0]) && IsReal(value)),
            AttributeKind.Bool => value is "true" or "false",
            AttributeKind.DType => DTypes.TryParse(value, out _),
            AttributeKind.Enum => members.Contains(value),
            _ => false,
        };
        return fits ? value : throw Error($"'{value}' is no default of this kind", start);
    }

    private static bool IsReal(string value) => double.TryParse(value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _);

    private List<OutputParameter> Outputs()
    {
        if (!Accept("(")) return [new OutputParameter(OutputType(), "y")];
        var outputs = new List<OutputParameter>();
        do outputs.Add(new OutputParameter(OutputType(), Word()));
        while (Accept(","));
        Expect(")");
        return outputs;
    }

    private string OutputType()
    {
        SkipSpace();
        if (Peek(char.IsUpper)) return Variable();
        int start = _at;
        string word = Word();
        return DTypes.TryParse(word, out _) ? word : throw Error($"'{word}' is no dtype and no type variable", start);
    }

    private List<TypeVariable> Variables()
    {
        var variables = new List<TypeVariable>();
        do
        {
            SkipSpace();
            int start = _at;
            string name = Variable();
            if (variables.Any(v => v.Name == name)) throw Error($"a second type variable '{name}'", start);
            if (Accept("="))
            {
                variables.Add(Derived(name, variables));
                continue;
            }
            SkipSpace();
            int word = _at;
            if (Word() != "in") throw Error("'in' or '=' is expected", word);
            if (variables.Any(v => v.DerivedFrom is not null)) throw Error("derived variables come last", start);
            var set = new List<string>();
            do set.Add(Set());
            while (Accept("|"));
            variables.Add(new TypeVariable(name, set, null, null));
        }
        while (Accept(","));
        return variables;
    }

    private TypeVariable Derived(string name, List<TypeVariable> variables)
    {
        SkipSpace();
        int start = _at;
        string function = Word();
        if (function != "wide") throw Error($"'{function}' is no derivation of dtypes (there is: wide)", start);
        Expect("(");
        SkipSpace();
        start = _at;
        string from = Variable();
        if (variables.All(v => v.Name != from)) throw Error($"'{from}' is not declared before '{name}'", start);
        Expect(")");
        return new TypeVariable(name, [], function, from);
    }

    private string Set()
    {
        SkipSpace();
        int start = _at;
        string word = Word();
        return SchemaSets.IsKnown(word) ? word : throw Error($"'{word}' is no dtype and no set (any, number, integer, float)", start);
    }

    private void Clause(SchemaClauses clauses)
    {
        SkipSpace();
        int start = _at;
        string word = Word();
        if (!_clauses.Add(word)) throw Error($"a second clause '{word}'", start);
        if (word == "view") { clauses.IsView = true; return; }
        Expect("=");
        switch (word)
        {
            case "shape": clauses.Shape = Rule(); break;
            case "accuracy": clauses.Accuracy = Rule(); break;
            case "random": clauses.Random = Rule(); break;
            case "inplace": clauses.InPlace = List(Pair); break;
            case "empty": clauses.Empty = Peek(char.IsLetter) ? Word() : Number(); break;
            case "phases": clauses.Phases = Integer(1, 2); break;
            case "version": clauses.Version = Integer(1, int.MaxValue); break;
            default: throw Error($"'{word}' is no clause (shape, accuracy, inplace, empty, random, phases, version, view)", start);
        }
    }

    private Rule Rule()
    {
        string name = Word();
        if (!Accept("(")) return new Rule(name, []);
        var arguments = List(() => Peek(char.IsLetter) ? Word() : Number());
        Expect(")");
        return new Rule(name, arguments);
    }

    private InPlacePair Pair()
    {
        string output = Word();
        Expect(":");
        return new InPlacePair(output, Word());
    }

    private int Integer(int least, int most)
    {
        SkipSpace();
        int start = _at;
        return int.TryParse(Number(), out int value) && value >= least && value <= most
            ? value : throw Error($"a number from {least} to {most} is expected", start);
    }

    private void Check(List<TensorParameter> tensors, List<AttributeParameter> attributes, List<OutputParameter> outputs,
        IReadOnlyList<TypeVariable> variables, SchemaClauses clauses)
    {
        if (clauses.Shape is null) throw Error("the clause shape= is missing");
        if (clauses.Accuracy is null) throw Error("the clause accuracy= is missing");
        foreach (var type in tensors.Select(t => t.Type).Concat(outputs.Select(o => o.Type)))
            if (!DTypes.TryParse(type, out _) && variables.All(v => v.Name != type)) throw Error($"the type variable '{type}' is not declared");
        if (tensors.Count(t => t.IsList) > 1) throw Error("a schema has one list of tensors at most");
        if (clauses.Empty is { } empty && !IsReal(empty) && tensors.All(t => t.Name != empty)) throw Error($"empty={empty} names no tensor of this operator");
        foreach (var pair in clauses.InPlace)
            if (outputs.All(o => o.Name != pair.Output) || tensors.All(t => t.Name != pair.Input))
                throw Error($"inplace={pair.Output}:{pair.Input} names no output and tensor of this operator");
        var unbound = variables.Where(v => v.DerivedFrom is null && tensors.All(t => t.Type != v.Name)).ToArray();
        if (unbound.Length > 1 || (unbound.Length == 1 && attributes.Count(a => a.Kind == AttributeKind.DType) != 1))
            throw Error($"the type variable '{unbound[0].Name}' needs a tensor or one dtype attribute to bind it");
    }

    private List<string> List(Func<string> item) => List<string>(item);

    private List<TItem> List<TItem>(Func<TItem> item)
    {
        var items = new List<TItem>();
        do items.Add(item());
        while (Accept(","));
        return items;
    }

    private string OperatorName()
    {
        string name = Word();
        return Accept(".") ? $"{name}.{Word()}" : name;
    }

    private string Variable()
    {
        SkipSpace();
        if (!Peek(char.IsUpper)) throw Error("a type variable (one capital letter) is expected");
        return text[_at++].ToString();
    }

    private string Word()
    {
        SkipSpace();
        int start = _at;
        while (_at < text.Length && (text[_at] is (>= 'a' and <= 'z') or '_' || (_at > start && char.IsDigit(text[_at])))) _at++;
        return _at > start ? text.Substring(start, _at - start) : throw Error("a name is expected");
    }

    private string Number()
    {
        SkipSpace();
        int start = _at;
        while (_at < text.Length && (char.IsDigit(text[_at]) || text[_at] is '-' or '+' or '.' or 'e' or 'E')) _at++;
        string number = text.Substring(start, _at - start);
        return IsReal(number) ? number : throw Error("a number is expected", start);
    }

    private bool Peek(Func<char, bool> predicate)
    {
        SkipSpace();
        return _at < text.Length && predicate(text[_at]);
    }

    private bool Accept(string token)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, _at, token, 0, token.Length) != 0) return false;
        _at += token.Length;
        return true;
    }

    private void Expect(string token)
    {
        if (!Accept(token)) throw Error($"'{token}' is expected");
    }

    private void SkipSpace()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
    }

    private SchemaException Error(string problem, int? at = null) => new(text, at ?? _at, problem);
}
