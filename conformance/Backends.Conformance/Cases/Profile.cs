using System.Security.Cryptography;
using System.Text;

namespace Backends.Conformance;

/// <summary>A versioned list of cases. A release's version lists the same cases for ever; two runs with one <see cref="Hash"/> ran the same.</summary>
internal sealed class Profile
{
    private readonly IReadOnlyDictionary<string, int> _counts;

    private Profile(string name, int version, IReadOnlyDictionary<string, int> counts) => (Name, Version, _counts) = (name, version, counts);

    /// <summary>Seconds: every chapter, operator, dtype and aspect, pairs of axes. It says OK, never more.</summary>
    public static Profile Smoke { get; } = new("smoke", 1, new Dictionary<string, int>
    {
        ["values"] = 48, ["layouts"] = 12, ["special"] = 10, ["inplace"] = 8,
    });

    public static IReadOnlyList<Profile> All { get; } = [Smoke];

    public string Name { get; }

    public int Version { get; }

    /// <summary>Every case, in the order in which a run takes them.</summary>
    /// <param name="seed">The run's seed: each case's own is made of it and of the id.</param>
    /// <param name="times">How many times as often a chapter's case does what it does.</param>
    public IReadOnlyList<Case> Cases(ulong seed, int times = 1) => [.. Chapter.All.SelectMany(chapter => chapter.Cases(seed, times)), .. CallCases(seed)];

    /// <summary>Those of the operators.</summary>
    public IReadOnlyList<CallCase> CallCases(ulong seed)
    {
        var cases = new List<CallCase>();
        foreach (var op in CoreOperators.All)
        {
            var axes = new Axes(op);
            foreach (var aspect in Aspect.All)
                cases.AddRange(aspect.Derive(axes, _counts.GetValueOrDefault(aspect.Name, int.MaxValue)).Distinct().Select(c => c.In(seed)));
        }
        return cases;
    }

    /// <summary>The hash of a list of ids.</summary>
    public static string Hash(IEnumerable<Case> cases) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', cases.Select(c => c.Id)))));

    public override string ToString() => $"{Name}/{Version}";
}
