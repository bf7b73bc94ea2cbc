using System.Text.Json.Serialization;

namespace Backends.Conformance;

/// <summary>A case's result. The words are spelt alike in every output: <c>out-of-bounds</c>.</summary>
[JsonConverter(typeof(VerdictConverter))]
internal enum Verdict
{
    /// <summary>The result is right.</summary>
    Pass,
    /// <summary>A number, an error or a route is wrong.</summary>
    Fail,
    /// <summary>A guard byte around or between elements has changed (MEM-11).</summary>
    OutOfBounds,
    /// <summary>An input that is not the target has changed (KER-13).</summary>
    InputChanged,
    /// <summary>The worker ended while it ran the case.</summary>
    Crash,
    /// <summary>The case ran beyond its time limit.</summary>
    Hang,
    /// <summary>A kernel is claimed, and the reference ran.</summary>
    FellBack,
    /// <summary>Right, but zeros or a copy of the input would have been as right: no pass.</summary>
    Vacuous,
    /// <summary>The device says that it cannot, for good.</summary>
    Unsupported,
    /// <summary>Not judged, for a reason.</summary>
    Skipped,
    /// <summary>The run ended before it.</summary>
    NotRun,
}

/// <summary>Facts about verdicts.</summary>
internal static class Verdicts
{
    private static readonly string[] s_words =
        ["pass", "fail", "out-of-bounds", "input-changed", "crash", "hang", "fell-back", "vacuous", "unsupported", "skipped", "not-run"];

    extension(Verdict verdict)
    {
        /// <summary>The word in every output.</summary>
        public string Word => s_words[(int)verdict];

        /// <summary>Whether it is a finding: it makes the answer of a run a clear no.</summary>
        public bool IsFinding => verdict is >= Verdict.Fail and <= Verdict.FellBack;
    }

    public static Verdict Parse(string word) => (Verdict)Array.IndexOf(s_words, word);
}

/// <summary>Writes verdicts by their words.</summary>
internal sealed class VerdictConverter : JsonConverter<Verdict>
{
    public override Verdict Read(ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) => Verdicts.Parse(reader.GetString()!);

    public override void Write(System.Text.Json.Utf8JsonWriter writer, Verdict value, System.Text.Json.JsonSerializerOptions options) => writer.WriteStringValue(value.Word);
}
