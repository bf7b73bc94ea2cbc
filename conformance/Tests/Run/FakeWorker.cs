using Xunit;

namespace Backends.Conformance.Tests.Run;

/// <summary>A worker that is a shell script: it follows the protocol, and for some shapes it does what a broken plugin would do to its process.</summary>
internal static class FakeWorker
{
    public const string Crashes = "x=7/", Hangs = "x=8/", Talks = "x=9/", Exits = "x=15/", AnswersForAnother = "x=16/";

    private const string Script = """
        pass() { echo "{\"result\":{\"id\":\"$1\",\"verdict\":\"pass\",\"ran\":\"native\",\"kernel\":\"fake.relu\",\"ms\":0.1}}"; }
        while read -r line; do
          id=$(printf '%s' "$line" | sed 's/.*"id":"\([^"]*\)".*/\1/')
          case "$line" in
            *'"do":"open"'*'refused'*) echo '{"refused":"BK1101 no such device"}';;
            *'"do":"open"'*'stillborn'*) echo 'no driver' >&2; exit 9;;
            *'"do":"open"'*) echo '{"opened":{"device":"fake:0","name":"Fake","plugin":"fake","version":"1.0.0"}}';;
            *x=7/*) kill -SEGV $$;;
            *sizes/n=7/*) kill -SEGV $$;;
            *x=8/*) sleep 600;;
            *x=9/*) echo 'a plugin printed this'; echo '{"not":"a reply"}'; echo '{broken'; pass "$id";;
            *x=15/*) echo 'terminate called' >&2; exit 3;;
            *x=16/*) pass 'relu/values/f32/x=1/fill=integers@1/seed=1'; pass "$id";;
            *) pass "$id";;
          esac
        done
        """;

    public static WorkerCommand Command
    {
        get
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "the fake worker is a shell script");
            return new WorkerCommand("/bin/sh", ["-c", Script]);
        }
    }

    public static Case[] Cases(params int[] sizes) =>
        [.. sizes.Select(n => CaseId.Parse($"relu/values/f32/x={n}/fill=integers@1/seed=7"))];
}
