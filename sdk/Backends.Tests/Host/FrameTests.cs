using Backends.Plugins;
using CsCheck;

namespace Backends.Tests.Host;

/// <summary>
/// What kernels get from the host: random calls with random views and targets go to devices that check every frame, and all memory is compared
/// with a model of a few lines (KER-6, KER-8 to 13, KER-17, KER-24, MEM-11).
/// </summary>
public sealed class FrameTests : IDisposable
{
    private const int Room = 40;

    private static readonly (Accepts Accepts, bool Asks)[] s_devices =
    [
        (Accepts.Contiguous, false), (Accepts.Contiguous | Accepts.InPlace, true), (Accepts.Strided, true), (Accepts.Strided | Accepts.InPlace | Accepts.HostScalars, true),
        (Accepts.AnyStrided | Accepts.InPlace, false), (Accepts.AnyStrided | Accepts.HostScalars | Accepts.Empty, true),
    ];

    private readonly BackendHost _host = TestHost.Create();

    public FrameTests()
    {
        _host.Log = _ => { };
        for (int i = 0; i < s_devices.Length; i++) _host.Add($"recording{i}", new SingleDeviceBackend(new RecordingDevice(s_devices[i].Accepts, s_devices[i].Asks)));
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Every_frame_keeps_the_contract_and_every_result_is_the_models() =>
        Gen.Select(Gen.Int[0, s_devices.Length - 1], Gen.Int[0, 4], Gen.Int).Holds(c => Try(_host[$"recording{c.Item1}"], c.Item2, new Random(c.Item3)), count: 6_000);

    private static void Try(Device device, int op, Random random)
    {
        using var scope = new TensorScope();
        float[] model = [.. Enumerable.Range(0, Room).Select(i => i * 1.5f - 20)];
        var memory = device.Tensor(model);
        long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(1, 4))];
        View a = View.Narrower(shape, random), b = View.Narrower(shape, random), y = View.Of(shape, random);
        if (op == 4) a = View.Of(shape, random);
        // In these two a number stands for one operand, and the other one decides the shape.
        if (op == 2) y = View.Of(a.Sizes, random);
        if (op == 3) y = View.Of(b.Sizes, random);
        if (op < 2)
        {
            a = View.Of(shape, random);
            if (random.Next(3) == 0) y = a;
        }
        bool into = random.Next(2) == 0;
        Tensor ta = a.In(memory), tb = b.In(memory), target = y.In(memory);
        float[] expected = Expected(model, op, a, b, y.Sizes);
        Tensor result;
        try
        {
            var where = into ? target : null;
            result = op switch
            {
                0 => Ops.Sub(ta, tb, into: where),
                1 => Ops.Relu(ta, into: where),
                2 => Ops.Sub(ta, 3, into: where),
                3 => Ops.Sub(3, tb, into: where),
                _ => Ops.Copy(ta, into: where),
            };
        }
        catch (InvalidTensorException e) when (e.Id == "BK2006")
        {
            // A target of which it is not sure that each element has its place is refused, before anything is written.
            Assert.False(y.IsNested);
            Assert.Equal(model, memory.ToArray<float>());
            return;
        }
        Assert.Equal(expected, result.ToArray<float>());
        if (into) y.Write(model, expected);
        Assert.Equal(model, memory.ToArray<float>());
    }

    private static float[] Expected(float[] model, int op, View a, View b, long[] shape)
    {
        float[] left = a.Stretched(shape).Read(model), right = b.Stretched(shape).Read(model);
        return [.. left.Zip(right, (l, r) => op switch { 0 => l - r, 1 => l <= 0 ? 0 : l, 2 => l - 3, 3 => 3 - r, _ => l })];
    }

    /// <summary>Sizes, strides and offset, in a room of floats.</summary>
    private sealed record View(long[] Sizes, long[] Strides, long Offset)
    {
        /// <summary>Whether each stride steps over all that smaller ones reach.</summary>
        public bool IsNested
        {
            get
            {
                long reach = 0;
                foreach (var (size, stride) in Sizes.Zip(Strides, (n, s) => (n, Math.Abs(s))).Where(p => p.n > 1).OrderBy(p => p.Item2))
                {
                    if (stride <= reach) return false;
                    reach += (size - 1) * stride;
                }
                return true;
            }
        }

        public static View Of(long[] sizes, Random random)
        {
            long[] strides = new long[sizes.Length];
            long dense = 1;
            int[] order = [.. Enumerable.Range(0, sizes.Length).Reverse()];
            if (random.Next(3) == 0) random.Shuffle(order);
            foreach (int d in order)
            {
                strides[d] = dense;
                if (sizes[d] > 1 && random.Next(8) == 0) strides[d] = random.Next(3);
                else if (random.Next(4) == 0) strides[d] = -strides[d];
                dense *= sizes[d];
            }
            long low = sizes.Zip(strides, (n, s) => Math.Min(0, (n - 1) * s)).Sum(), high = sizes.Zip(strides, (n, s) => Math.Max(0, (n - 1) * s)).Sum();
            return new View(sizes, strides, random.NextInt64(-low, Room - high));
        }

        /// <summary>A view that broadcasting stretches to the sizes.</summary>
        public static View Narrower(long[] sizes, Random random) =>
            Of([.. sizes.Skip(random.Next(4) == 0 ? random.Next(sizes.Length + 1) : 0).Select(n => random.Next(4) == 0 ? 1 : n)], random);

        public View Stretched(long[] sizes)
        {
            int added = sizes.Length - Sizes.Length;
            return new View(sizes, [.. sizes.Select((n, d) => d < added || Sizes[d - added] == 1 ? 0 : Strides[d - added])], Offset);
        }

        public Tensor In(Tensor memory) => memory.AsStrided(Shape.Create(Sizes), Strides, Offset);

        public float[] Read(float[] room) => [.. Places().Select(p => room[p])];

        public void Write(float[] room, float[] values)
        {
            foreach (var (place, value) in Places().Zip(values)) room[place] = value;
        }

        private IEnumerable<long> Places()
        {
            long count = Sizes.Aggregate(1L, (n, size) => n * size);
            for (long i = 0; i < count; i++)
            {
                long place = Offset, rest = i;
                for (int d = Sizes.Length - 1; d >= 0; d--)
                {
                    place += rest % Sizes[d] * Strides[d];
                    rest /= Sizes[d];
                }
                yield return place;
            }
        }
    }
}
