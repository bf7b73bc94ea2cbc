using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Backends.Conformance;

/// <summary>Writes <c>cases.jsonl</c> while the run goes on: a line a case, complete when it is written, so that a stopped run leaves a valid file.</summary>
internal sealed class CaseLines(Stream file, string device) : IDisposable
{
    public void Write(CaseFinished finished)
    {
        using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var (c, r) = (finished.Case, finished.Result);
            json.WriteStartObject();
            json.WriteString("id", c.Id);
            json.WriteString("verdict", r.Verdict.Word);
            // A chapter's case is about no operator: `op` and `dtype` are absent.
            if (c is CallCase) json.WriteString("op", c.Subject);
            json.WriteString("aspect", c.Aspect);
            if (c is CallCase call) json.WriteString("dtype", call.TypeText);
            json.WriteString("device", device);
            json.WriteString("ran", r.Ran);
            json.WriteString("kernel", r.Kernel);
            if (r.Parts is not null) List(json, "parts", r.Parts, json.WriteStringValue);
            json.WriteNumber("ms", Math.Round(r.Ms, 3));
            Number(json, "margin", r.Margin);
            Number(json, "ulp", r.Ulp);
            Bound(json, r.Bound);
            if (r.At is null) json.WriteNull("at");
            else List(json, "at", r.At, json.WriteNumberValue);
            Value(json, "expected", r.Expected);
            Value(json, "actual", r.Actual);
            json.WriteString("reason", r.Reason);
            json.WriteNumber("worker", finished.Worker);
            json.WriteNumber("attempt", finished.Attempt);
            json.WriteEndObject();
        }
        file.WriteByte((byte)'\n');
    }

    public void Dispose() => file.Dispose();

    private static void Bound(Utf8JsonWriter json, BoundText? bound)
    {
        if (bound is null)
        {
            json.WriteNull("bound");
            return;
        }
        json.WriteStartObject("bound");
        json.WriteString("kind", bound.Kind);
        Number(json, "value", bound.Value);
        json.WriteEndObject();
    }

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values) write(value);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is null) json.WriteNull(name);
        else if (double.IsFinite(value.Value)) json.WriteNumber(name, value.Value);
        else json.WriteString(name, value.Value.ToString(CultureInfo.InvariantCulture));
    }

    // What JSON has as a number is one; "NaN", "-Infinity" and words are strings.
    private static void Value(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null) json.WriteNull(name);
        else if (IsNumber(text))
        {
            json.WritePropertyName(name);
            json.WriteRawValue(text);
        }
        else json.WriteString(name, text);
    }

    private static bool IsNumber(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
