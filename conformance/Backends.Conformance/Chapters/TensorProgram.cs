namespace Backends.Conformance;

/// <summary>
/// A random program on tensors over several queues, beside plain arrays that say what it gives: calls, views, results in place and in others'
/// memory, reads in between, tensors dropped behind their work. Sums and products are rounded as IEEE says, so the model gives the same bits.
/// </summary>
internal sealed class TensorProgram : IDisposable
{
    private const int Rows = 6, Columns = 8;

    private readonly Trial _t;
    private readonly Queue[] _queues;
    private readonly Tensor[] _tensors = new Tensor[3];
    private readonly float[][] _model = new float[3][];
    private readonly List<string> _steps = [];

    public TensorProgram(Trial t, int queues)
    {
        _t = t;
        _queues = [.. Enumerable.Range(0, queues).Select(_ => t.Device.CreateQueue())];
        for (int i = 0; i < 3; i++) _tensors[i] = t.Device.Tensor(_model[i] = t.Floats(Rows * Columns), [Rows, Columns]);
    }

    /// <summary>Makes one call on one of the queues.</summary>
    public void Step()
    {
        int queue = _t.Next(_queues.Length), to = _t.Next(3), a = _t.Next(3), b = _t.Next(3), row = _t.Next(Rows);
        using var scope = _queues[queue].Use();
        switch (_t.Next(6))
        {
            case 0:
                Note(queue, $"t{to} = t{a} + t{b}");
                var made = Reduced(_tensors[a] + _tensors[b]);
                _tensors[to].Dispose();
                _tensors[to] = made;
                Set(to, i => (_model[a][i] + _model[b][i]) * 0.5f);
                break;
            case 1:
                Note(queue, $"t{to} *= -1");
                Ops.Mul(_tensors[to], -1f, into: _tensors[to]);
                Set(to, i => -_model[to][i]);
                break;
            case 2:
                Note(queue, $"t{to} = copy of t{a}");
                _tensors[to].CopyFrom(_tensors[a]);
                Set(to, i => _model[a][i]);
                break;
            case 3:
                Note(queue, $"row {row} of t{to} = row {Rows - 1 - row} of t{a}");
                using (var target = _tensors[to].Select(0, row))
                using (var source = _tensors[a].Select(0, Rows - 1 - row))
                    target.CopyFrom(source);
                _model[a].AsSpan((Rows - 1 - row) * Columns, Columns).CopyTo(_model[to].AsSpan(row * Columns));
                break;
            case 4:
                Note(queue, $"t{to} = host's");
                _model[to] = _t.Floats(Rows * Columns);
                _tensors[to].CopyBytesFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_model[to].AsSpan()));
                break;
            default:
                Note(queue, $"read row {row} of t{to}");
                using (var view = _tensors[to].Select(0, row)) Compare(_model[to].AsSpan(row * Columns, Columns).ToArray(), view.ToArray<float>(), $"row {row} of t{to}");
                break;
        }
    }

    /// <summary>Reads everything.</summary>
    public void Verify()
    {
        for (int i = 0; i < 3; i++) Compare(_model[i], _tensors[i].ToArray<float>(), $"t{i}");
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors) tensor.Dispose();
        foreach (var queue in _queues) queue.Dispose();
    }

    // The mean, so that numbers stay in range: each product by a power of two is exact or rounded alike in the model.
    private static Tensor Reduced(Tensor sum)
    {
        using (sum) return sum * 0.5f;
    }

    private void Set(int to, Func<int, float> value)
    {
        var made = new float[Rows * Columns];
        for (int i = 0; i < made.Length; i++) made[i] = value(i);
        _model[to] = made;
    }

    private void Note(int queue, string step) => _steps.Add($"q{queue}: {step}");

    private void Compare(float[] expected, float[] actual, string what) => _t.Same(expected, actual, $"{what} after [{string.Join("; ", _steps.TakeLast(8))}]");
}
