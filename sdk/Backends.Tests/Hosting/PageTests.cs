using System.Text;
using System.Text.RegularExpressions;
using Backends.Hosting;
using Backends.Tests.Plugins;
using Microsoft.Extensions.Configuration;

namespace Backends.Tests.Hosting;

/// <summary>What docs/app.md shows of configurations is true.</summary>
public sealed partial class PageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(AppTargetsTests.Repository(), "docs", "app.md"));

    [Fact]
    public void The_configuration_that_the_page_shows_is_read_without_a_fault()
    {
        string json = Json().Match(s_page).Groups[1].Value;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        Assert.Equal("opencl:1", Configured.Options(configuration).Devices["encoder"].Device);
    }

    [Fact]
    public void The_page_lists_every_event_id_and_no_other()
    {
        var shown = Row().Matches(s_page).SelectMany(m => m.Groups[1].Value.Split(", ")).Select(int.Parse);
        Assert.Equal(typeof(LogEvents).GetFields().Select(f => (int)f.GetValue(null)!).Order(), shown.Order());
    }

    [GeneratedRegex(@"```json\n([\s\S]*?)```")]
    private static partial Regex Json();

    [GeneratedRegex(@"^\| ([0-9]{4}(?:, [0-9]{4})*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
