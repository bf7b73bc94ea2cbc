using Backends.Cli;
using Backends.Cli.Conform;
using Xunit;

namespace Backends.Conformance.Tests.Run;

public sealed class OutputTests
{
    private const string Id = "matmul/values/f32/a=3x65x129/b=129x31/layout=b.transposed/fill=integers@1/seed=7";

    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(79)]
    public void An_id_wraps_after_a_slash_and_is_never_cut(int width)
    {
        string text = Terminal(new StringWriter(), width).Id(Id);
        string[] lines = text.Split('\n');
        Assert.Equal(Id, string.Concat(lines.Select(l => l.TrimStart())));
        Assert.All(lines.SkipLast(1), l => Assert.EndsWith("/", l, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipe_gets_an_id_whole() => Assert.Equal(Id, new Output(new StringWriter(), false, 40, false, false).Id(Id));

    [Theory]
    [InlineData(59, "left\n  right\n")]
    [InlineData(60, "left      right\n")]
    public void Under_sixty_columns_a_row_takes_two_lines(int width, string expected)
    {
        var text = new StringWriter { NewLine = "\n" };
        Terminal(text, width).Row("left", "right", at: 10);
        Assert.Equal(expected, text.ToString());
    }

    [Fact]
    public void A_row_that_does_not_fit_takes_two_lines()
    {
        var text = new StringWriter { NewLine = "\n" };
        Terminal(text, 80).Row(new string('l', 60), new string('r', 30));
        Assert.Equal($"{new string('l', 60)}\n  {new string('r', 30)}\n", text.ToString());
    }

    [Fact]
    public void A_field_wraps_between_words_and_keeps_them_whole()
    {
        var text = new StringWriter { NewLine = "\n" };
        Terminal(text, 30).Field("why", "the channel timed out\nand averyveryverylongword was lost");
        Assert.Equal("  why       the channel timed\n            out\n            and\n            averyveryverylongword\n            was lost\n", text.ToString());
        text.GetStringBuilder().Clear();
        new Output(text, false, 30, false, false).Field("why", "in a pipe a line stays a line");
        Assert.Equal("  why       in a pipe a line stays a line\n", text.ToString());
    }

    [Fact]
    public void Colour_takes_no_room()
    {
        var text = new StringWriter { NewLine = "\n" };
        var output = new Output(text, true, 100, true, false);
        output.Row(output.Bad("left"), "right", at: 10);
        Assert.Equal("\x1b[31mleft\x1b[0m      right\n", text.ToString());
    }

    [Fact]
    public void A_finding_shows_where_what_and_how_to_repeat_it()
    {
        var c = CaseId.Parse("sum/values/f32/x=3x4097/dim=1/fill=uniform@1/seed=7");
        var result = new CaseResult
        {
            Id = c.Id, Verdict = Verdict.Fail, Ran = Route.Native, Kernel = "acme.sum.f32", Reason = "outside its bound", Where = "y[2] of f32[3]; 3 of 3 elements are wrong",
            At = [2], Expected = "1052.448", ExpectedBits = "0x44838e57", Actual = "1049.25", ActualBits = "0x44832800", Margin = 6.38, Ulp = 26199,
            Bound = new BoundText("RunningError", 0.501), Derivation = "n·u·Σ|x|", Anchor = "docs/accuracy.md#sum",
        };
        var finished = new CaseFinished(c, result, 1, 1);
        var text = new StringWriter { NewLine = "\n" };
        FailureText.Write(Terminal(text, 120), finished, new DeviceFacts { Device = "acme:0", Name = "A", Plugin = "acme", Version = "1.0.0" }, new ConformOptions { Device = "acme", Plugins = ["out"] });
        Assert.Equal($"""
            FAIL  {c.Id}{new string(' ', 84 - 6 - c.Id.Length)}acme:0, kernel acme.sum.f32 (native)
              where     y[2] of f32[3]; 3 of 3 elements are wrong
              why       outside its bound
              expected  1052.448   0x44838e57     actual  1049.25   0x44832800
              error     26,199 ulp = 6.38 x bound
              bound     0.501 = n·u·Σ|x|   (RunningError: docs/accuracy.md#sum)
              repeat    backends conform acme:0 --plugins out --case '{c.Id}'


            """.ReplaceLineEndings("\n"), text.ToString());
        Assert.Equal($"FAIL {c.Id} | y[2] expected 1052.448 actual 1049.25 | bound 0.501 (RunningError) | outside its bound", FailureText.Line(finished));
    }

    [Fact]
    public void All_chapters_have_one_row_before_the_operators_and_a_line_each_without_an_operator()
    {
        CaseFinished[] all = [Finished("queues/QUE-7/across/n=2/seed=1", Verdict.Pass), Finished("memory/MEM-2/alignment", Verdict.Fail), Finished("relu/values/f32/x=3/fill=integers@1/seed=1", Verdict.Pass)];
        var totals = new Totals();
        var file = new MemoryStream();
        var lines = new CaseLines(file, "acme:0");
        foreach (var one in all)
        {
            totals.Add(one);
            lines.Write(one);
        }
        Assert.Equal(["device chapters    1 pass     1 FAIL", "relu               1 pass"], Summary.Lines(totals));
        Assert.Equal(["memory"], totals.Culprits);
        string[] written = System.Text.Encoding.UTF8.GetString(file.ToArray()).Split('\n');
        Assert.StartsWith("{\"id\":\"queues/QUE-7/across/n=2/seed=1\",\"verdict\":\"pass\",\"aspect\":\"queues\",\"device\":\"acme:0\"", written[0], StringComparison.Ordinal);
        Assert.Contains("\"op\":\"relu\"", written[2], StringComparison.Ordinal);
    }

    private static CaseFinished Finished(string id, Verdict verdict) => new(CaseId.Parse(id), new CaseResult { Id = id, Verdict = verdict }, 1, 1);

    private static Output Terminal(TextWriter text, int width) => new(text, true, width, false, false);
}
