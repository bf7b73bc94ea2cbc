using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Backends.Cli.Generate;
using Xunit;

namespace Backends.Conformance.Tests.Generate;

/// <summary>The C compiler sees the attribute structs where the schema and C# see them, and its accessors give the defaults.</summary>
public sealed class OperatorHeaderTests
{
    // One attribute of each kind, with and without a default.
    private static readonly Operator s_every = new(
        "every(i64 a, i64 b = max, f64 c = 1e-5, bool d = true, i64[] e, i64[] f = [3, -1], dtype g = bf16, scalar h, scalar i = 0.5, scalar j = -2, enum{p, q} k = q) -> f32 ; shape=given(e) ; accuracy=exact",
        "Nothing */ real.", OperatorKind.Primitive);

    [Fact]
    public void Every_field_lies_where_the_schema_says()
    {
        Operator[] operators = [.. CoreOperators.All, s_every];
        var body = new StringBuilder();
        foreach (var op in operators)
            foreach (var a in op.Schema.Attributes)
                body.Append($"    printf(\"{op.Name}.{a.Name} %zu\\n\", offsetof(bk_{op.Name}_attributes, {a.Name}));\n");
        Assert.Equal(operators.SelectMany(op => op.Schema.Attributes.Select(a => $"{op.Name}.{a.Name} {a.Offset}")), Run("cc", operators, body.ToString()));
    }

    [Fact]
    public void An_accessor_gives_the_default_of_a_field_that_the_host_does_not_know() => Assert.Equal(
        ["9223372036854775807", "1e-05", "1", "3 -1", "11", "0.5", "-2", "1", "7"],
        Run("cc", [s_every], """
                bk_every_attributes a = { .struct_size = 24, .a = 7 };
                bk_frame f = { .attributes = &a };
                double half = 0;
                bk_scalar i = bk_every_i(&f), j = bk_every_j(&f);
                memcpy(&half, &i.bits, 8);
                printf("%lld\n%g\n%d\n", (long long)bk_every_b(&f), bk_every_c(&f), bk_every_d(&f));
                if (bk_every_f_length(&f) == 2) printf("%d %d\n", (int)bk_every_f(&f)[0], (int)bk_every_f(&f)[1]);
                printf("%d\n%g\n%lld\n%d\n%lld\n", bk_every_g(&f), half, (long long)j.bits, bk_every_k(&f), (long long)bk_every_a(&f));

            """));

    [Fact]
    public void An_accessor_gives_what_the_host_filled() => Assert.Equal(["-3 2"], Run("cc", CoreOperators.All, """
                bk_softmax_attributes s = { sizeof s, 0, 1, -3 };
                bk_div_attributes d = { sizeof d, 0, 1, BK_DIV_ROUNDING_FLOOR, 0 };
                bk_frame f = { .attributes = &s }, g = { .attributes = &d };
                printf("%d %d\n", (int)bk_softmax_dim(&f), bk_div_rounding(&g));

            """));

    [Fact]
    public void The_header_is_good_C_plus_plus() => Assert.Empty(Run("c++", [.. CoreOperators.All, s_every], ""));

    // Compiles with every warning as an error, runs, and gives the lines printed.
    private static string[] Run(string compiler, IReadOnlyList<Operator> operators, string body)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string source = Path.Combine(folder, compiler == "cc" ? "probe.c" : "probe.cpp"), program = Path.Combine(folder, "probe");
            File.WriteAllText(Path.Combine(folder, "operators.h"), OperatorHeader.Write(operators));
            File.WriteAllText(source, $"#include \"operators.h\"\n#include <stdio.h>\n#include <string.h>\nint main(void) {{\n{body}    return 0;\n}}\n");
            string include = Path.Combine(Generated.RootAbove(AppContext.BaseDirectory)!, "sdk", "include");
            Execute(compiler, compiler == "cc" ? "-std=c11" : "-std=c++20", "-Wall", "-Wextra", "-Werror", "-I", include, source, "-o", program);
            return Execute(program).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Execute(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"there is no '{program}' on this machine");
            throw;
        }
    }
}
