using System.Text.RegularExpressions;
using CsCheck;

namespace Backends.Tests.Schemas;

/// <summary>Random schemas over the whole grammar, each as its canonical text and as a sloppier one that means the same.</summary>
internal static partial class SchemaTexts
{
    public static Gen<(string Canonical, string Sloppy)> All { get; } =
        Gen.Select(Signature, Clauses(), Gen.Int[0, int.MaxValue], (signature, clauses, seed) =>
        {
            clauses = [.. clauses.Select(c => c == "inplace" ? InPlace(signature) : c).Where(c => c.Length > 0)];
            var shuffled = clauses.ToArray();
            var random = new Random(seed);
            random.Shuffle(shuffled);
            string sloppy = Punctuation().Replace(Join(signature, shuffled), m => Spaces(random) + m.Groups[1].Value + Spaces(random));
            return (Join(signature, clauses), sloppy);
        });

    private static Gen<string> Word => Gen.Select(Gen.Char['a', 'z'], Gen.String[Gen.Char["abxyz019_"], 0, 5], (first, rest) => first + rest);

    private static Gen<string> Set => Gen.OneOfConst("any", "number", "integer", "float", "bool", "i64", "f32", "f8e4m3").Array[1, 3].Select(s => string.Join("|", s));

    private static Gen<string> Name => Gen.OneOf(Word, Gen.Select(Word, Word, (space, name) => $"{space}.{name}"));

    // Which variables are declared, how, and which of them the tensors use: the only part of a schema whose pieces depend on each other.
    private static Gen<string> Signature => Gen.Select(Name, Gen.Int[0, 4], Set, Set, (name, form, t, u) => (name, form, t, u)).SelectMany((name, form, t, u) =>
    {
        string[] used = form switch { 0 or 4 => [], 2 => ["T", "U"], _ => ["T"] };
        string variables = form switch { 0 => "", 2 => $" : T in {t}, U in {u}", 3 => $" : T in {t}, U = wide(T)", _ => $" : T in {t}" };
        string[] results = form switch { 0 => ["f32", "i64"], 2 or 3 => ["T", "U", "bool"], _ => ["T", "i32"] };
        return Gen.Select(Tensors(used), Attributes(form == 4), Outputs(results), (tensors, attributes, outputs) =>
            $"{name}({string.Join(", ", tensors.Concat(attributes))}) -> {outputs}{variables}");
    });

    private static Gen<string[]> Tensors(string[] used) => Gen.Select(Gen.OneOfConst("", "?", "[]").Array[used.Length + 1], Gen.Int[0, 1], Word, (suffixes, more, word) =>
        used.Concat(used.Take(more)).Select((type, i) => $"{type}{OneList(suffixes, i)} {word}_x{i}").ToArray());

    private static string OneList(string[] suffixes, int i) => suffixes[i] == "[]" && suffixes.AsSpan(0, i).Contains("[]") ? "?" : suffixes[i];

    private static Gen<string[]> Attributes(bool binds)
    {
        var kind = Gen.OneOfConst(
            "i64 ?", "i64 ? = -3", "i64 ? = max", "i64 ? = 0 since 2", "bool ? = false since 30", "f64 ? = 1e-5", "f64 ? = -inf", "f64 ? = nan", "f64 ?", "bool ? = true", "i64[] ?", "i64[] ? = []", "i64[] ? = [-1, 22]",
            "scalar ? = 0.5", "scalar ? = inf", "scalar ?", "enum{none, floor} ? = floor", "enum{one} ?");
        var attributes = Gen.Select(kind, Word, (k, word) => (k, word)).Array[0, 4].Select(list => list.Select((a, i) => a.k.Replace("?", $"{a.word}_{i}")).ToArray());
        return binds ? Gen.Select(attributes, Gen.OneOfConst("dtype d", "dtype d = f16"), (list, dtype) => list.Append(dtype).ToArray()) : attributes;
    }

    private static Gen<string> Outputs(string[] types) => Gen.OneOf(
        Gen.OneOfConst(types),
        Gen.OneOfConst(types).Array[1, 3].Select(list => $"({string.Join(", ", list.Select((type, i) => $"{type} r{i}"))})"));

    private static Gen<string> Rule => Gen.Select(Word, Gen.OneOf(Word, Gen.OneOfConst("3", "-1", "0.5")).Array[0, 3], (name, arguments) =>
        arguments.Length == 0 ? name : $"{name}({string.Join(", ", arguments)})");

    // In canonical order; what an empty string stands for is left out.
    private static Gen<string[]> Clauses() => Gen.Select(Gen.OneOfConst("", "view"), Rule, Rule, Gen.OneOf(Gen.Const(""), Rule.Select(r => $"random={r}")),
        Gen.OneOfConst("", "inplace"), Gen.OneOfConst("", "empty=-0.5"), Gen.OneOfConst("", "phases=2", "phases=2 ; version=17", "version=3"),
        (view, shape, accuracy, random, inPlace, empty, last) => new[] { view, $"shape={shape}", $"accuracy={accuracy}", inPlace, empty, random, last });

    // A pair names an output and a tensor of the same signature.
    private static string InPlace(string signature)
    {
        string input = FirstTensor().Match(signature).Value, output = signature.Contains("-> (") ? "r0" : "y";
        return input.Length > 0 ? $"inplace={output}:{input}" : "";
    }

    private static string Join(string signature, string[] clauses) => $"{signature} ; {string.Join(" ; ", clauses)}";

    private static string Spaces(Random random) => new(' ', random.Next(3));

    [GeneratedRegex(@"(?<=[A-Z?\]] )\w+_x0\b")]
    private static partial Regex FirstTensor();

    [GeneratedRegex(@" *(->|\[\]|[(),:;=|{}\[\]?]) *")]
    private static partial Regex Punctuation();
}
