using Backends.Cli.Generate;
using Xunit;

namespace Backends.Conformance.Tests.Generate;

/// <summary>The committed files that are derived from the declarations hold what the declarations say.</summary>
public sealed class GeneratedFilesTests
{
    private static readonly string s_root = Generated.RootAbove(AppContext.BaseDirectory)!;

    [Fact]
    public void No_derived_file_is_stale() =>
        Assert.True(Generated.Stale(s_root) is [], $"{string.Join(", ", Generated.Stale(s_root))}: stale. Remedy: {Generated.Remedy}");

    [Fact]
    public void A_file_that_was_edited_or_is_missing_is_stale_until_it_is_written()
    {
        string root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Assert.Equal(Generated.Files(root).Select(f => f.Path), Generated.Write(root));
            Assert.Empty(Generated.Stale(root));
            File.AppendAllText(Path.Combine(root, "docs/operators.md"), "by hand");
            Assert.Equal(["docs/operators.md"], Generated.Write(root));
            Assert.Empty(Generated.Stale(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_page_shows_the_code_as_its_file_has_it_now()
    {
        string root = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(root, "a.cs"), "class A\n{\n    // quote body\n    int x = 1;\n    // end body\n}\n");
            File.WriteAllText(Path.Combine(root, "README.md"), "<!-- quote: a.cs#body -->\n```csharp\nold\n```\nafter\n");
            Generated.Write(root);
            Assert.Equal("<!-- quote: a.cs#body -->\n```csharp\nint x = 1;\n```\nafter\n", File.ReadAllText(Path.Combine(root, "README.md")));
            File.WriteAllText(Path.Combine(root, "a.cs"), "/// <code>\n/// <!-- quote form -->\n/// a = b\n///   | c\n/// <!-- end form -->\n/// </code>\nclass A;\n");
            File.WriteAllText(Path.Combine(root, "README.md"), "<!-- quote: a.cs#form -->\n```\n```\n");
            Generated.Write(root);
            Assert.Equal("<!-- quote: a.cs#form -->\n```\na = b\n  | c\n```\n", File.ReadAllText(Path.Combine(root, "README.md")));
            File.WriteAllText(Path.Combine(root, "README.md"), "<!-- quote: a.cs#gone -->\n```\n```\n");
            Assert.Throws<InvalidDataException>(() => Generated.Stale(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void The_lock_names_every_schema_and_a_method_for_each_operator()
    {
        string[] lines = OperatorLock.Write().Split('\n');
        Assert.All(CoreOperators.All, op => Assert.Contains($"schema {op.Schema}", lines));
        Assert.Contains("Backends.Ops.Add(Tensor a, Tensor b, Tensor? into = null) -> Tensor", lines);
        Assert.Contains("Backends.Tensor.Softmax(long dim = -1) -> Tensor", lines);
        Assert.Contains("Backends.Operators<T>.Div(T a, T b, DivRounding rounding = None) -> T", lines);
        Assert.Contains("field bk_sum_attributes.keep_dim at 32 since 1", lines);
    }

    [Fact]
    public void A_table_row_escapes_what_would_end_its_cell()
    {
        string table = OperatorTable.Write([new Operator("f(T x) -> T : T in f16|f32 ; shape=same(x) ; accuracy=exact", "|x|", OperatorKind.Primitive)]);
        Assert.EndsWith("| `f(T x) -> T` | primitive | T: f16 f32 | `exact` | \\|x\\| |\n", table, StringComparison.Ordinal);
    }
}
