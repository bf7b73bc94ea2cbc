namespace Backends;

/// <summary>Numbers that met tensors lately, as tensors of rank 0 (KER-17): 64 places, the newest wins.</summary>
internal sealed class ScalarCache(Device device)
{
    private readonly Entry?[] _entries = new Entry?[64];

    public Tensor Get(Scalar value, DType dtype)
    {
        uint hash = (uint)((value.Bits ^ value.Bits >> 32) * 0x9E3779B1 + (uint)dtype * 31);
        ref var place = ref _entries[hash >> 26];
        // One reference is read and written whole: a thread sees the old entry or the new one, each complete.
        var entry = place;
        if (entry is not null && entry.Value == value && entry.DType == dtype && entry.Tensor.Storage.Poison is null) return entry.Tensor;
        var cache = ThreadCache.Current;
        var scope = cache.Scope;
        cache.Scope = null;   // the entry outlives the scope in which it is made
        try
        {
            place = entry = new Entry(value, dtype, Ops.Fill(device, value, Shape.Scalar, dtype));
        }
        finally
        {
            cache.Scope = scope;
        }
        return entry.Tensor;
    }

    private sealed record Entry(Scalar Value, DType DType, Tensor Tensor);
}
