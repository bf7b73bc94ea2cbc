using Backends;

namespace FashionClassifier;

/// <summary>
/// Two layers: scores = relu(x · w1 + b1) · w2 + b2, learnt by gradient descent with momentum on the cross entropy of the softmax. The gradients are
/// written out by hand; every line is tensor code that runs on whatever device the weights are on.
/// </summary>
internal sealed class Network(Device device, int hidden, long seed) : IDisposable
{
    private readonly Parameter _w1 = Parameter.Random(device, Dataset.Pixels, hidden, seed), _b1 = Parameter.Zero(device, hidden);
    private readonly Parameter _w2 = Parameter.Random(device, hidden, Dataset.Classes.Length, seed + 1), _b2 = Parameter.Zero(device, Dataset.Classes.Length);

    /// <summary>One row of scores for each row of pictures; the highest names the class.</summary>
    public Tensor Scores(Tensor pictures) => Hidden(pictures).MatMul(_w2.Value) + _b2.Value;

    /// <summary>Learns from one batch.</summary>
    /// <returns>The mean loss of the batch, which stays on the device until somebody reads it; null where nobody will.</returns>
    public Tensor? Learn(Tensor pictures, Tensor labels, float rate, bool wantsLoss)
    {
        using var scope = new TensorScope();                  // frees all that this step made, but the loss
        var hidden = Hidden(pictures);
        var chances = (hidden.MatMul(_w2.Value) + _b2.Value).Softmax(dim: 1);
        var wanted = labels.OneHot(Dataset.Classes.Length, DType.F32);

        // d loss / d scores = (softmax - wanted) / batch; then back through each layer, from the last to the first.
        var scores = (chances - wanted) * (1f / pictures.Shape[0]);
        var behind = scores.MatMul(_w2.Value.Transpose());
        var before = Ops.Where(hidden > 0, behind, 0);
        _w2.Descend(hidden.Transpose().MatMul(scores), rate);
        _b2.Descend(scores.Sum(dim: 0), rate);
        _w1.Descend(pictures.Transpose().MatMul(before), rate);
        _b1.Descend(before.Sum(dim: 0), rate);
        return wantsLoss ? scope.Keep(-(wanted * (chances + 1e-7f).Log()).Sum() / pictures.Shape[0]) : null;
    }

    public void Dispose()
    {
        foreach (var parameter in (Parameter[])[_w1, _b1, _w2, _b2]) parameter.Dispose();
    }

    private Tensor Hidden(Tensor pictures) => (pictures.MatMul(_w1.Value) + _b1.Value).Relu();
}

/// <summary>Numbers that are learnt, and how fast they move.</summary>
internal sealed class Parameter(Tensor value) : IDisposable
{
    private const float Momentum = 0.9f;
    private Tensor _speed = value.Device.Zeros(value.Shape);

    public Tensor Value { get; } = value;

    public static Parameter Zero(Device device, long count) => new(device.Zeros([count]));

    // He's initialisation: what comes out of a layer is spread as what goes in.
    public static Parameter Random(Device device, long from, long to, long seed) => new(device.Normal([from, to], seed) * MathF.Sqrt(2f / from));

    /// <summary>One step down, onto the numbers themselves: no memory is taken.</summary>
    public void Descend(Tensor gradient, float rate)
    {
        _speed *= Momentum;
        _speed -= gradient * rate;
        Value.AddInPlace(_speed);
    }

    public void Dispose()
    {
        Value.Dispose();
        _speed.Dispose();
    }
}
