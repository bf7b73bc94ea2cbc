using System.Globalization;
using System.Text;

namespace Backends;

public sealed partial class Tensor : IFormattable
{
    private const int PrintedWhole = 1000;
    private const int Edge = 3;
    private const int None = int.MinValue;                   // in place of a row: nothing is there, nothing was left out

    /// <summary>Dtype, shape and device; for the debugger, which never waits.</summary>
    internal string Head => IsDisposed ? $"{DType.Name}{Shape} disposed" : $"{DType.Name}{Shape} {Device.Name}";

    /// <summary>The head line and the elements, four digits each; above 1,000 elements three at each edge.</summary>
    public override string ToString() => ToString(null, null);

    /// <summary>As <see cref="ToString()"/>, with a format for each number: <c>G9</c> shows all digits of an f32.</summary>
    public string ToString(string? format) => ToString(format, null);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        if (IsDisposed) return Head;
        using var scope = new TensorScope();
        var shown = DType is DType.F8E4M3 or DType.F8E5M2 ? To(DType.F32) : this;
        var rows = new List<string[]>();
        var lines = new List<(string Before, int Row, string After)>();
        var numbers = new NumberText(format);
        Collect(shown, numbers, rows, lines, "", "");
        var text = new StringBuilder(Head);
        int width = rows.Count == 0 ? 0 : rows.Max(r => r.Length == 0 ? 0 : r.Max(v => v.Length));
        foreach (var (before, row, after) in lines)
            text.Append('\n').Append(before).Append(row == None ? "" : row < 0 ? "..." : string.Join(", ", rows[row].Select(v => v == "..." ? v : v.PadLeft(width)))).Append(after);
        return text.ToString();
    }

    // One line for each innermost row; brackets open before the first and close after the last of a block.
    private static void Collect(Tensor x, NumberText numbers, List<string[]> rows, List<(string, int, string)> lines, string before, string after)
    {
        if (x.Rank <= 1)
        {
            rows.Add(Row(x, numbers));
            lines.Add(x.Rank == 0 ? (before, rows.Count - 1, after) : (before + "[", rows.Count - 1, "]" + after));
            return;
        }
        long size = x.Shape[0];
        string indent = new(' ', before.Length + 1);
        if (size == 0) lines.Add((before + "[", None, "]" + after));
        bool cut = numbers.IsCut(x) && size > 2 * Edge;
        for (long i = 0; i < size; i++)
        {
            if (cut && i == Edge)
            {
                lines.Add((indent, -1, ","));
                i = size - Edge;
            }
            bool last = i == size - 1;
            using var inner = x.Select(0, i);
            Collect(inner, numbers, rows, lines, i == 0 ? before + "[" : indent, last ? "]" + after : ",");
        }
    }

    private static string[] Row(Tensor x, NumberText numbers)
    {
        if (x.Rank == 0 || !numbers.IsCut(x) || x.Shape[0] <= 2 * Edge) return [.. numbers.Texts(x)];
        using Tensor head = x[..Edge], tail = x[^Edge..];
        return [.. numbers.Texts(head), "...", .. numbers.Texts(tail)];
    }

    /// <summary>Writes numbers: a fixed four digits where that says something, else in powers of ten.</summary>
    private sealed class NumberText(string? format)
    {
        private bool? _cut;

        // Decided once, by the tensor that is printed: its rows are cut alike.
        public bool IsCut(Tensor x) => _cut ??= x.Elements > PrintedWhole;

        public IEnumerable<string> Texts(Tensor x)
        {
            _cut ??= x.Elements > PrintedWhole;
            return x.DType switch
            {
                DType.F32 => x.ToArray<float>().Select(v => Text(v)),
                DType.F64 => x.ToArray<double>().Select(v => Text(v)),
                DType.F16 => x.ToArray<Half>().Select(v => Text((double)v)),
                DType.BF16 => x.ToArray<BFloat16>().Select(v => Text((float)v)),
                DType.I64 => x.ToArray<long>().Select(v => Text(v)),
                DType.I32 => x.ToArray<int>().Select(v => Text(v)),
                DType.I16 => x.ToArray<short>().Select(v => Text(v)),
                DType.I8 => x.ToArray<sbyte>().Select(v => Text(v)),
                DType.U64 => x.ToArray<ulong>().Select(v => Text(v)),
                DType.U32 => x.ToArray<uint>().Select(v => Text(v)),
                DType.U16 => x.ToArray<ushort>().Select(v => Text(v)),
                DType.U8 => x.ToArray<byte>().Select(v => Text(v)),
                _ => x.ToArray<bool>().Select(v => v ? "true" : "false"),
            };
        }

        private string Text<T>(T value) where T : IFormattable => value.ToString(format, CultureInfo.InvariantCulture);

        private string Text(float value) => format is null ? Text((double)value) : value.ToString(format, CultureInfo.InvariantCulture);

        private string Text(double value)
        {
            if (format is not null) return value.ToString(format, CultureInfo.InvariantCulture);
            if (double.IsNaN(value)) return "NaN";
            if (double.IsInfinity(value)) return value > 0 ? "Inf" : "-Inf";
            double size = Math.Abs(value);
            string text = size is 0 or (>= 1e-3 and < 1e6) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : value.ToString("0.0000e+00", CultureInfo.InvariantCulture);
            return value < 0 || text[0] == '-' ? text : " " + text;
        }
    }
}
