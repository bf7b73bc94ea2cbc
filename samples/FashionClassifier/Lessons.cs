using Backends;

namespace FashionClassifier;

/// <summary>Section <c>Training</c> of the configuration.</summary>
internal sealed record Training
{
    /// <summary>The folder of the four files.</summary>
    public string Data { get; init; } = "";

    /// <summary>How often every picture is seen.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Pictures a step.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Width of the layer in the middle.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>How far a step goes at first; it falls to a tenth in the last epoch.</summary>
    public float Rate { get; init; } = 0.05f;

    /// <summary>Of the first weights and of the order: the same seed on the same device gives the same bits.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Shows the network one batch after another, in an order of chance, and asks it about pictures that it has not seen.</summary>
internal static class Lessons
{
    public static void Learn(Network network, Device device, Dataset train, Dataset test, Training settings)
    {
        var random = new Random(settings.Seed);
        int[] order = [.. Enumerable.Range(0, train.Count)];
        int steps = train.Count / settings.Batch;
        var progress = new Progress(settings.Epochs, steps);
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            random.Shuffle(order);
            float rate = settings.Rate * MathF.Pow(0.1f, epoch / MathF.Max(1, settings.Epochs - 1)), loss = 0;
            for (int step = 0; step < steps; step++)
            {
                using var scope = new TensorScope();
                var batch = order.AsSpan(step * settings.Batch, settings.Batch);
                var pictures = device.Tensor(train.Rows(batch), [settings.Batch, Dataset.Pixels]);
                // Reading waits for the device: only the epoch's last loss is read.
                if (network.Learn(pictures, device.Tensor(train.LabelsOf(batch), [settings.Batch]), rate, wantsLoss: step == steps - 1) is { } last) loss = last.ToScalar<float>();
                progress.Step(epoch, step);
            }
            progress.Epoch(epoch, loss, Report.Accuracy(test.Labels, Answers(network, device, test)));
        }
    }

    /// <summary>The class that the network names for each picture.</summary>
    public static long[] Answers(Network network, Device device, Dataset test)
    {
        const int Batch = 1_000;
        var answers = new List<long>();
        int[] places = [.. Enumerable.Range(0, test.Count)];
        foreach (int[] batch in places.Chunk(Batch))
        {
            using var scope = new TensorScope();
            var pictures = device.Tensor(test.Rows(batch), [batch.Length, Dataset.Pixels]);
            answers.AddRange(network.Scores(pictures).ArgMax(dim: 1).ToArray<long>());
        }
        return [.. answers];
    }
}
