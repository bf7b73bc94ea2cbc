namespace Backends;

/// <summary>Frees all tensors that are made on this thread while it is open, but those it keeps.</summary>
/// <remarks>A ref struct: an <c>await</c> inside one does not compile, so no tensor of another thread ever gets into it.</remarks>
public readonly ref struct TensorScope : IDisposable
{
    private readonly List<Tensor> _tensors = [];
    private readonly List<Tensor>? _outer;

    /// <summary>Opens a scope inside the one that is open.</summary>
    public TensorScope()
    {
        var cache = ThreadCache.Current;
        _outer = cache.Scope;
        cache.Scope = _tensors;
    }

    /// <summary>Takes a tensor out: it belongs to the enclosing scope, or to nobody.</summary>
    /// <returns>The tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        // Results are kept soon after they are made: from the end, the search is short.
        int index = _tensors.LastIndexOf(tensor);
        if (index < 0) return tensor;
        _tensors.RemoveAt(index);
        _outer?.Add(tensor);
        return tensor;
    }

    /// <summary>Closes the scope and frees what it did not keep.</summary>
    public void Dispose()
    {
        ThreadCache.Current.Scope = _outer;
        foreach (var tensor in _tensors) tensor.Dispose();
    }
}
