namespace Backends.Conformance;

/// <summary>Random copies on one queue, beside plain arrays that say what they must give: every read sees the writes before it and none after.</summary>
internal sealed class CopyProgram
{
    private readonly Trial _t;
    private readonly CountedQueue _queue;
    private readonly int _size;
    private readonly nint[] _buffers = new nint[3];
    private readonly byte[][] _model = new byte[3][];
    private readonly List<(HostBlock Block, byte[] Expected, string What)> _reads = [];
    private readonly List<HostBlock> _blocks = [];
    private int _steps;

    public CopyProgram(Trial t, CountedQueue queue, int size)
    {
        (_t, _queue, _size) = (t, queue, size);
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = t.Allocate(size);
            t.Put(_buffers[i], 0, _model[i] = t.Bytes(size));
        }
    }

    /// <summary>Submits one copy; nothing is waited for.</summary>
    public void Step()
    {
        _steps++;
        int length = _t.Next(1, _size), from = _t.Next(_size - length + 1), to = _t.Next(_size - length + 1), buffer = _t.Next(3);
        switch (_t.Next(3))
        {
            case 0:
                byte[] content = _t.Bytes(length);
                var source = _t.Block(content);
                _blocks.Add(source);
                _queue.Upload(source, 0, _buffers[buffer], to, length);
                content.CopyTo(_model[buffer], to);
                break;
            case 1:
                int other = (buffer + 1 + _t.Next(2)) % 3;
                _queue.Move(_buffers[buffer], from, _buffers[other], to, length);
                _model[buffer].AsSpan(from, length).CopyTo(_model[other].AsSpan(to));
                break;
            default:
                Read(buffer, from, length);
                break;
        }
    }

    /// <summary>Waits, compares every read with the model as it was when the read was submitted, and gives the memory back.</summary>
    public void Verify()
    {
        for (int i = 0; i < 3; i++) Read(i, 0, _size);
        _queue.Drain();
        foreach (var (block, expected, what) in _reads) _t.Same(expected, block.Bytes, what);
        // Only here: after a finding the queue may still be at work.
        foreach (nint buffer in _buffers) _t.Free(buffer);
        foreach (var block in _blocks) _t.Drop(block);
    }

    private void Read(int buffer, int from, int length)
    {
        var block = _t.Block(length);
        _blocks.Add(block);
        _queue.Download(_buffers[buffer], from, block, 0, length);
        _reads.Add((block, _model[buffer].AsSpan(from, length).ToArray(), $"{length} bytes of buffer {buffer}, read at submission {_steps} of the queue"));
    }
}
