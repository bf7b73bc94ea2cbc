using System.Text;

namespace Backends.Cli;

/// <summary>How this run may write: the one place that knows width, colour and pipe.</summary>
internal sealed class Output(TextWriter writer, bool isTerminal, int width, bool colours, bool annotates)
{
    private const int Narrow = 60;

    /// <summary>Whether a person looks at it: then there is a bar, and colour unless it is unwanted.</summary>
    public bool IsTerminal => isTerminal;

    public int Width => width;

    public bool IsNarrow => width < Narrow;

    /// <summary>Whether findings become annotations of a pull request.</summary>
    public bool Annotates => annotates;

    /// <summary>Standard output as it is: NO_COLOR and --no-color switch colour off, GITHUB_ACTIONS annotations on.</summary>
    public static Output Standard(bool noColour)
    {
        bool terminal = !Console.IsOutputRedirected;
        int width = 100;
        if (terminal)
            try
            {
                width = Math.Max(20, Console.WindowWidth - 1);
            }
            catch (IOException)
            {
                terminal = false;                             // says it is a terminal and has no window
            }
        bool colours = terminal && !noColour && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var writer = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        return new Output(writer, terminal, width, colours, Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true");
    }

    public void Line(string text = "") => writer.WriteLine(text);

    /// <summary>Left and right text of one line; two lines where the terminal is narrow, or they do not fit.</summary>
    public void Row(string left, string right, int at = 52)
    {
        if (right.Length == 0) Line(left);
        else if (IsNarrow || (isTerminal && Math.Max(at, Visible(left) + 1) + right.Length > width))
        {
            Line(left.TrimEnd());
            Line("  " + right);
        }
        else Line($"{left}{new string(' ', Math.Max(0, at - 1 - Visible(left)))} {right}");
    }

    /// <summary>A word in a column of its own and text beside it, wrapped between words where the terminal ends; below it where the terminal is narrow.</summary>
    public void Columns(string left, int column, string text)
    {
        int indent = IsNarrow ? Math.Min(column, 2) : column;
        string head = left.PadRight(column);
        if (IsNarrow && left.Length > 0 && column + Visible(text) > width)
        {
            Line(left);
            head = "  ";
        }
        else if (left.Length == 0) head = new string(' ', indent);
        foreach (string line in Wrapped(text, width - Math.Max(indent, head.Length)))
        {
            Line(head + line);
            head = new string(' ', indent);
        }
    }

    /// <summary>A named fact, wrapped between words where the terminal ends; each line of the text begins a line.</summary>
    public void Field(string name, string text, int indent = 2)
    {
        string margin = new(' ', indent + 10);
        string head = $"{new string(' ', indent)}{name,-9} ";
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n').SelectMany(l => Wrapped(l, width - margin.Length)))
        {
            Line(head + line);
            head = margin;
        }
    }

    /// <summary>An id as it fits: wrapped after a slash where the terminal is narrow, never cut.</summary>
    public string Id(string id, int indent = 6)
    {
        if (!isTerminal || id.Length + indent <= width) return id;
        var text = new StringBuilder();
        int column = indent;
        foreach (string part in id.Split('/').Select((p, i) => i == 0 ? p : "/" + p))
        {
            if (column > indent && column + part.Length > width)
            {
                text.Append("/\n").Append(' ', indent).Append(part.AsSpan(1));
                column = indent + part.Length - 1;
            }
            else
            {
                text.Append(part);
                column += part.Length;
            }
        }
        return text.ToString();
    }

    /// <summary>Writes over the line that the last call wrote.</summary>
    public void Bar(string text) => writer.Write($"\r{(text.Length > width ? text[..width] : text)}\x1b[K");

    /// <summary>Takes the bar away.</summary>
    public void ClearBar() => writer.Write("\r\x1b[K");

    public string Good(string text) => Colour("32", text);

    public string Bad(string text) => Colour("31", text);

    // In a pipe nothing is wrapped; a word that is longer than the room is left whole.
    private IEnumerable<string> Wrapped(string text, int room)
    {
        while (isTerminal && text.Length > room)
        {
            int end = text.LastIndexOf(' ', Math.Max(1, room));
            if (end <= 0) end = text.IndexOf(' ', Math.Max(1, room));
            if (end < 0) break;
            yield return text[..end].TrimEnd();
            text = text[end..].TrimStart();
        }
        yield return text;
    }

    private string Colour(string code, string text) => colours ? $"\x1b[{code}m{text}\x1b[0m" : text;

    // Colours take no room.
    private static int Visible(string text)
    {
        int visible = 0;
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '\x1b') i = text.IndexOf('m', i);
            else visible++;
        return visible;
    }
}
