using CsCheck;

namespace Backends.Tests.Queues;

/// <summary>What a step of a program does.</summary>
internal enum Doing { Add, Mul, Neg, Relu, AddOnto, NegOnto, AddInto, CopyInto, SumAdd, Nonzero, Alias, Drop, Overwrite, Fill, Read, Replace }

/// <summary>One step on one queue: it reads the slots A and B and writes slot Y, whole or through views of four elements.</summary>
internal readonly record struct ProgramStep(Doing Do, int Queue, int A, int B, int Y, int ViewA, int ViewB, int ViewY, int Number);

/// <summary>
/// A program over two queues and three tensors of eight elements, and its meaning: arrays, one step after the other. Slots may lie on one storage, so
/// what aliases in the program aliases in the model.
/// </summary>
internal sealed record QueueProgram(ProgramStep[] Steps)
{
    private static readonly Gen<QueueProgram> s_any = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 1], Gen.Int[0, 26], Gen.Int[0, 342], Gen.Int[-3, 3])
        .Select((op, queue, slots, views, number) =>
            new ProgramStep((Doing)op, queue, slots % 3, slots / 3 % 3, slots / 9, views % 7, views / 7 % 7, views / 49, number))
        .Array[4, 12].Select(steps => new QueueProgram(steps));

    public override string ToString() => string.Join("\n  ", Steps);

    /// <summary>Makes programs from a seed, the same each time, and tries each; a failure says which it was.</summary>
    public static void Each(int seed, int count, Action<QueueProgram> law)
    {
        var random = new PCG((uint)seed, 1);
        for (int i = 0; i < count; i++)
        {
            var program = s_any.Generate(random, null, out _);
            try
            {
                law(program);
            }
            catch (Exception e)
            {
                throw new Xunit.Sdk.XunitException($"program {i} of seed {seed}:\n  {program}\n{e.Message}", e);
            }
        }
    }

    /// <summary>Runs it on a device, and compares all that it reads.</summary>
    /// <param name="device">The device.</param>
    /// <param name="other">Its second queue.</param>
    public void Run(Device device, Queue other)
    {
        var slots = Start(device);
        RunSteps(slots, other, _ => false);
        foreach (var slot in slots)
        {
            slot.Check();
            slot.Tensor.Dispose();
        }
    }

    /// <summary>
    /// Runs it where things fail: a step that throws has changed nothing, and what can be read in the end is right. What cannot be read is healed by
    /// an overwrite. Gives how many of the three could be read.
    /// </summary>
    public int RunAmongFailures(Device device, Queue other, Action<bool> failures)
    {
        var slots = Start(device);
        failures(true);
        RunSteps(slots, other, e => e is DeviceOperationException or OutOfDeviceMemoryException);
        failures(false);
        // Whatever was still to fail has failed now: from here on only what is lost throws.
        Record.Exception(device.Synchronize);
        Record.Exception(other.Synchronize);
        int right = slots.Count(s => Record.Exception(s.Check) switch
        {
            null => true,
            DeviceOperationException => false,
            var wrong => throw new InvalidOperationException(wrong.Message, wrong),
        });
        foreach (var slot in slots)
        {
            if (slot.Tensor.IsContiguous)    // others are overwritten piece by piece, none of which is the whole
            {
                slot.Overwrite(7);
                slot.Check();
            }
            slot.Tensor.Dispose();
        }
        return right;
    }

    private static Slot[] Start(Device device) => [Slot.Upload(device, 1), Slot.Upload(device, 2), Slot.Upload(device, 3)];

    private void RunSteps(Slot[] slots, Queue other, Func<Exception, bool> mayFail)
    {
        foreach (var step in Steps)
            using ((step.Queue == 0 ? other.Device.Queue : other).Use())
                try
                {
                    var old = slots[step.Y];
                    if (Run(step, slots[step.A], slots[step.B], old) is not { } made) continue;
                    slots[step.Y] = made;
                    if (step.Do != Doing.Drop) old.Tensor.Dispose();
                }
                catch (Exception e) when (mayFail(e))
                {
                }
    }

    /// <summary>Does a step; gives what slot Y holds from now on, null for what it held.</summary>
    private static Slot? Run(in ProgramStep s, Slot a, Slot b, Slot y)
    {
        var device = a.Tensor.Device;
        switch (s.Do)
        {
            case Doing.Add: return new Slot(Ops.Add(a.Tensor, b.Tensor), a.With(b, (l, r) => l + r));
            case Doing.Mul: return new Slot(Ops.Mul(a.Tensor, b.Tensor), a.With(b, (l, r) => l * r));
            case Doing.Neg: return new Slot(Ops.Neg(a.Tensor), a.With(a, (l, _) => -l));
            case Doing.Relu: return new Slot(Ops.Relu(a.Tensor), a.With(a, (l, _) => l <= 0 ? 0 : l));
            case Doing.SumAdd: return SumAndAdd(a, b);
            case Doing.Alias: return a.Backwards();
            case Doing.Drop or Doing.Replace: return Slot.Upload(device, s.Number);
            case Doing.Fill: return new Slot(device.Full([Slot.Size], s.Number), [.. Enumerable.Repeat((float)s.Number, Slot.Size)]);
            case Doing.AddOnto: Onto(a, b, a, (l, r, into) => Ops.Add(l, r, into: into), (l, r) => l + r); break;
            case Doing.NegOnto: OntoPart(y, y, y, s with { ViewA = s.ViewY }, (l, _, into) => Ops.Neg(l, into: into), (l, _) => -l); break;
            case Doing.AddInto: OntoPart(a, b, y, s, (l, r, into) => Ops.Add(l, r, into: into), (l, r) => l + r); break;
            case Doing.CopyInto: OntoPart(a, b, y, s, (l, _, into) => Ops.Copy(l, into: into), (l, _) => l); break;
            case Doing.Nonzero: CountNonzeros(a); break;
            case Doing.Overwrite: y.Overwrite(s.Number); break;
            case Doing.Read: y.Check(); break;
        }
        return null;
    }

    private static void OntoPart(Slot a, Slot b, Slot y, in ProgramStep s, Action<Tensor, Tensor, Tensor> run, Func<float, float, float> meaning)
    {
        Slot left = a.Part(s.ViewA), right = b.Part(s.ViewB), into = y.Part(s.ViewY);
        Onto(left, right, into, run, meaning);
        left.Tensor.Dispose();
        right.Tensor.Dispose();
        into.Tensor.Dispose();
    }

    private static void Onto(Slot a, Slot b, Slot y, Action<Tensor, Tensor, Tensor> run, Func<float, float, float> meaning)
    {
        run(a.Tensor, b.Tensor, y.Tensor);
        y.Write(a.With(b, meaning));
    }

    private static Slot SumAndAdd(Slot a, Slot b)
    {
        using var sum = Ops.Sum(a.Tensor);
        float total = a.Read().Aggregate(0f, (l, r) => l + r);
        return new Slot(sum + b.Tensor, b.With(b, (l, _) => total + l));
    }

    private static void CountNonzeros(Slot a)
    {
        using var places = Ops.Nonzero(a.Tensor);
        Assert.Equal(a.Read().Index().Where(x => x.Item != 0).Select(x => (long)x.Index), places.ToArray<long>());
    }

    /// <summary>A tensor, and what it must hold: elements of a storage, from an offset on, at a stride.</summary>
    private sealed class Slot(Tensor tensor, float[] storage, int offset = 0, int stride = 1, int size = Slot.Size)
    {
        public const int Size = 8;

        // Offset and stride of four elements among eight.
        private static readonly (int Offset, int Stride)[] s_parts = [(0, 1), (4, 1), (0, 2), (1, 2), (3, -1), (7, -2), (2, 1)];

        public Tensor Tensor => tensor;

        public static Slot Upload(Device device, int number)
        {
            float[] numbers = Numbers(number);
            return new Slot(device.Tensor(numbers), [.. numbers]);
        }

        public Slot Part(int part)
        {
            var (from, step) = s_parts[part];
            return new Slot(tensor.AsStrided([4], [stride * step], stride * from), storage, offset + stride * from, stride * step, 4);
        }

        public Slot Backwards() => new(tensor.AsStrided([Size], [-stride], stride * (Size - 1)), storage, offset + stride * (Size - 1), -stride);

        public float[] Read() => [.. Enumerable.Range(0, size).Select(i => storage[offset + i * stride])];

        public float[] With(Slot other, Func<float, float, float> meaning) => [.. Read().Zip(other.Read(), meaning)];

        public void Write(float[] values)
        {
            for (int i = 0; i < size; i++) storage[offset + i * stride] = values[i];
        }

        public void Overwrite(int number)
        {
            float[] numbers = Numbers(number);
            tensor.CopyBytesFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));
            Write(numbers);
        }

        public void Check() => Assert.Equal(Read(), tensor.ToArray<float>());

        private static float[] Numbers(int number) => [.. Enumerable.Range(0, Size).Select(i => (float)((i * 5 + number) % 7 - 3))];
    }
}
