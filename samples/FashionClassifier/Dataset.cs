using System.Buffers.Binary;
using System.IO.Compression;

namespace FashionClassifier;

/// <summary>Fashion-MNIST: pictures of 28 by 28 grey values, and which of ten kinds of clothing each shows. Read from the four IDX files, packed with gzip.</summary>
internal sealed class Dataset
{
    public const int Pixels = 28 * 28;

    public static readonly string[] Classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    // Mean and spread of all grey values: a network learns faster from numbers around 0.
    private const float Mean = 0.2860f, Spread = 0.3530f;

    private readonly byte[] _pixels;

    private Dataset(byte[] pixels, byte[] labels) => (_pixels, Labels) = (pixels, labels);

    public byte[] Labels { get; }

    public int Count => Labels.Length;

    /// <summary>Reads <c>train</c> or <c>t10k</c> from a folder.</summary>
    /// <exception cref="InvalidDataException">A file is missing or not what it should be; the message says what to do.</exception>
    public static Dataset Read(string folder, string name)
    {
        byte[] pixels = Idx(folder, $"{name}-images-idx3-ubyte.gz", dimensions: 3), labels = Idx(folder, $"{name}-labels-idx1-ubyte.gz", dimensions: 1);
        if (pixels.Length != labels.Length * Pixels) throw new InvalidDataException($"{name} in {folder} has {labels.Length:N0} labels for {pixels.Length / Pixels:N0} pictures.");
        return new Dataset(pixels, labels);
    }

    /// <summary>The pictures at some places, as rows of numbers around 0.</summary>
    public float[] Rows(ReadOnlySpan<int> places)
    {
        var rows = new float[places.Length * Pixels];
        for (int i = 0; i < rows.Length; i++) rows[i] = (_pixels[places[i / Pixels] * Pixels + i % Pixels] / 255f - Mean) / Spread;
        return rows;
    }

    /// <summary>What the pictures at some places show.</summary>
    public long[] LabelsOf(ReadOnlySpan<int> places)
    {
        var labels = new long[places.Length];
        for (int i = 0; i < labels.Length; i++) labels[i] = Labels[places[i]];
        return labels;
    }

    // Two bytes of 0, the kind of element (8 = unsigned byte), the number of dimensions, their sizes as big-endian 32-bit numbers, the elements.
    private static byte[] Idx(string folder, string file, int dimensions)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
            throw new InvalidDataException($"{path} is not there. On Debian: apt-get install dataset-fashion-mnist; elsewhere put the four files of Fashion-MNIST into a folder and give --data FOLDER.");
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        Span<byte> head = stackalloc byte[4 + 4 * dimensions];
        stream.ReadExactly(head);
        if (head[2] != 8 || head[3] != dimensions) throw new InvalidDataException($"{path} is no IDX file of bytes in {dimensions} dimensions.");
        int elements = 1;
        for (int d = 0; d < dimensions; d++) elements *= BinaryPrimitives.ReadInt32BigEndian(head[(4 + 4 * d)..]);
        byte[] data = new byte[elements];
        stream.ReadExactly(data);
        return data;
    }
}
