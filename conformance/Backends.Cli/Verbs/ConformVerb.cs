using System.CommandLine;
using System.Globalization;
using Backends.Cli.Conform;
using Backends.Conformance;

namespace Backends.Cli.Verbs;

/// <summary>The verb `conform`: is this device right?</summary>
internal static class ConformVerb
{
    public static Command Create()
    {
        var device = new Argument<string>("device") { Description = "The device, for example cpu or acme:1." };
        var plugins = new Option<string[]>("--plugins") { Description = "A plugin's folder, or a folder of them; repeatable. Those beside the tool stay available." };
        var profile = new Option<string>("--profile") { Description = "The list of cases.", DefaultValueFactory = _ => Profile.Smoke.Name };
        profile.AcceptOnlyFromAmong([.. Profile.All.Select(p => p.Name)]);
        var filter = new Option<string?>("--filter") { Description = "Only cases that match: an operator, a chapter, or a pattern over ids (* within a part, ** across)." };
        var one = new Option<string?>("--case") { Description = "Only this case, by its id." };
        var list = new Option<bool>("--list") { Description = "Print the ids and run nothing." };
        var seed = new Option<ulong>("--seed") { Description = "Other data, the same cases.", DefaultValueFactory = _ => 1 };
        var times = new Option<int>("--times") { Description = "How many times as often the chapters' cases do what they do.", DefaultValueFactory = _ => 1 };
        var folder = new Option<string?>("--out") { Description = "Where cases.jsonl goes." };
        var jobs = new Option<int>("--jobs") { Description = "Worker processes.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var limit = new Option<TimeSpan>("--case-limit") { Description = "How long one case may take, for example 20s.", DefaultValueFactory = _ => TimeSpan.FromSeconds(20), CustomParser = Limit };
        var colour = new Option<bool>("--no-color") { Description = "No colour." };
        times.Validators.Add(r => { if (r.GetValueOrDefault<int>() is < 1 or > 1000) r.AddError("--times must be 1 to 1000."); });
        jobs.Validators.Add(r => { if (r.GetValueOrDefault<int>() < 1) r.AddError("--jobs must be 1 or more."); });

        var verb = new Command("conform", "Runs the conformance suite on a device.") { device, plugins, profile, filter, one, list, seed, times, folder, jobs, limit, colour };
        verb.SetAction(async (parsed, stop) => (int)await new ConformRun(new ConformOptions
        {
            Device = parsed.GetRequiredValue(device), Plugins = parsed.GetValue(plugins) ?? [], Profile = Profile.All.First(p => p.Name == parsed.GetValue(profile)),
            Filter = parsed.GetValue(filter), Case = parsed.GetValue(one), List = parsed.GetValue(list), Seed = parsed.GetValue(seed), Times = parsed.GetValue(times), Out = parsed.GetValue(folder),
            Jobs = parsed.GetValue(jobs), CaseLimit = parsed.GetValue(limit),
        }, Output.Standard(parsed.GetValue(colour))).RunAsync(stop));
        return verb;
    }

    // 20s, 500ms, 2m; a bare number is seconds.
    private static TimeSpan Limit(System.CommandLine.Parsing.ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        (string number, double unit) = text switch
        {
            [.. var head, 'm', 's'] => (head, 0.001),
            [.. var head, 's'] => (head, 1),
            [.. var head, 'm'] => (head, 60),
            _ => (text, 1.0),
        };
        if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && value < 1e6) return TimeSpan.FromSeconds(value * unit);
        result.AddError($"--case-limit '{text}' is no time; for example 20s.");
        return default;
    }
}
