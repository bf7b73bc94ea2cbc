using System.Globalization;
using Backends.Plugins;
using Backends.Reference;

namespace Backends.Conformance;

/// <summary>
/// From an accuracy rule and the oracle's values to the set of right results of each element (docs/accuracy.md says why each formula holds).
/// The bound grows by the oracle's own error where that is not far below it.
/// </summary>
internal static unsafe class RealBounds
{
    /// <summary>Bits of the oracle's arithmetic that are trusted: double-double has about 106, its exponential some fewer.</summary>
    private const int OracleBits = 96;

    private readonly record struct Call(Operator Op, FloatFormat Format, FloatFormat Accumulator, long Terms, string Fill, DivRounding Rounding);

    public static Answer[] Of(Operator op, void* attributes, IReadOnlyList<Operand?> inputs, DType[] types, string fill)
    {
        var tensors = new OracleTensor?[inputs.Count];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = inputs[i] is { } input ? OracleTensor.From(input) : null;
        var rounding = DivRounding.None;
        // The quotient itself is wanted here: which integers it may become is decided about it.
        var quotient = new DivAttributes(DivRounding.None);
        if (op.Schema.Accuracy.Name == "quotient")
        {
            rounding = ((DivAttributes*)attributes)->Rounding;
            attributes = &quotient;
        }
        // A mean is its sum, divided when the bound is made: the sum's magnitude makes it.
        var results = new OracleOperators().Run(op.Schema.Accuracy.Name == "mean" ? CoreOperators.Sum : op, tensors, attributes);
        var counts = Counts(op, attributes, inputs);
        return [.. results.Select<OracleTensor, Answer>((result, i) => types[i].IsFloat ? Real(op, tensors, result, types[i], rounding, fill, counts) : Whole(op, result, types[i]))];
    }

    private static RealAnswer Real(Operator op, OracleTensor?[] inputs, OracleTensor result, DType dtype, DivRounding rounding, string fill, long[]? counts)
    {
        var format = FloatFormat.Of(dtype);
        long outputs = result.Shape.Elements;
        long terms = inputs is not [{ } first, ..] || outputs == 0 ? 0 : op.Schema.Shape.Name == "matmul" ? first.Shape[^1] : first.Shape.Elements / outputs;
        // Atomic additions round to the storage type each time.
        var call = new Call(op, format, op.Schema.Accuracy.Name == "scattered" ? format : FloatFormat.Accumulator(dtype), terms, fill, rounding);
        Call For(long i) => counts is null ? call : call with { Terms = counts[i] };
        var values = result.Contiguous();
        var sets = new AdmissibleSet[outputs];
        var x = op.Schema.Accuracy.Name == "activation" ? inputs[0]!.Contiguous() : values;
        for (long i = 0; i < sets.Length; i++) sets[i] = Set(For(i), values[i], x[i].Value.High);
        return new RealAnswer(dtype, result.Shape, op.Name, sets, i => Derivation(For(i), values[i], sets[i]));
    }

    // How many terms meet in each result, where that differs, from the operator itself on ones: those up to it, those that data send there, those in a window.
    private static long[]? Counts(Operator op, void* attributes, IReadOnlyList<Operand?> inputs)
    {
        if (op.Schema is not ({ Accuracy.Name: "prefix" or "scattered" } or { Accuracy.Name: "product", Shape.Name: "custom" })) return null;
        var shape = Oracle.OutputShape(op, attributes, inputs);
        var counts = new View<Wide>(new Wide[shape.Elements], shape);
        var ones = inputs.Select(i => i is null ? default : new View<Wide>([.. Enumerable.Repeat(Wide.FromInteger(1), (int)i.Elements)], i.Shape)).ToArray();
        if (op.Schema.Accuracy.Name == "scattered") ones[1] = Oracle.Whole(inputs[1]!);
        ReferenceKernels.Run(op, ones, attributes, [counts]);
        return [.. shape.Indices().Select(i => (long)counts[i].Value)];
    }

    // Truth values and positions that floats give.
    private static BitsAnswer Whole(Operator op, OracleTensor result, DType dtype)
    {
        var right = new BitsAnswer(dtype, result.Shape, op.Name);
        var values = result.Contiguous();
        ulong mask = ulong.MaxValue >> (64 - dtype.Size * 8);
        for (long i = 0; i < values.Length; i++) right.Set(i, DoubleDouble.Round(values[i].Value, dtype) & mask);
        return right;
    }

    private static AdmissibleSet Set(Call call, Tracked r, double x)
    {
        double high = r.Value.High, low = r.Value.Low;
        AdmissibleSet Exact() => new(BoundKind.Exact, call.Format, high, low, 0);
        switch (call.Op.Schema.Accuracy.Name)
        {
            case "exact": return Exact() with { EitherZero = call.Op.Schema.Accuracy.Arguments.Contains("either_zero") };
            case "rounded":
                // Narrower than f32 the definition rounds through f32; only subnormal results can tell.
                var rounded = new AdmissibleSet(BoundKind.CorrectlyRounded, call.Format, high, low, 0);
                return call.Format.Precision < 24 ? rounded.Or(call.Format.Round(FloatFormat.F32.Round(high, low))) : rounded;
            case "ulp" or "quotient":
                if (call.Rounding == DivRounding.None && r.Exact) return Exact();
                double ulps = OracleOperators.Limit(call.Op.Schema.Accuracy, call.Format.DType) * call.Format.Ulp(high);
                var near = new AdmissibleSet(BoundKind.Ulp, call.Format, high, low, Widened(ulps, r, 1));
                return call.Rounding switch { DivRounding.None => near, DivRounding.Floor => near.Whole(Math.Floor), _ => near.Whole(Math.Truncate) };
            case "composed":
                // -0 comes of how the steps are written: no declaration states it.
                if (r.Exact) return Exact() with { EitherZero = double.IsNegative(high) };
                if (!double.IsFinite(r.Error)) return new(BoundKind.Unspecified, call.Format, high, low, 0);
                return new(BoundKind.RunningError, call.Format, high, low, r.Error + call.Accumulator.SmallestNormal);
            case "activation": return Activation(call, r, x);
            case "scattered" when call.Terms == 1: return Exact();
            case "sum" or "product" or "prefix" or "scattered": return Accumulated(call, r, 1);
            case "mean": return Accumulated(call, r, call.Terms);
            default: throw new InvalidOperationException($"the judge does not know the accuracy rule '{call.Op.Schema.Accuracy}' of '{call.Op.Name}'");
        }
    }

    // activation(a, b, c): E = u·((a + b·|x|)·|r| + c·|x|), and what underflows on the way: all below λ where a quotient of powers may overflow inside, else a quantum.
    private static AdmissibleSet Activation(Call call, Tracked r, double x)
    {
        if (!double.IsFinite(x)) return new(BoundKind.Exact, call.Format, r.Value.High, r.Value.Low, 0) { OrZero = double.IsNegativeInfinity(x) && double.IsNaN(r.Value.High) };
        var (relative, steep, linear) = Factors(call);
        double error = call.Accumulator.UnitRoundoff * ((relative + steep * Math.Abs(x)) * Math.Abs(r.Value.High) + linear * Math.Abs(x));
        return new(BoundKind.RunningError, call.Format, r.Value.High, r.Value.Low, error + (steep > 0 ? call.Accumulator.SmallestNormal : call.Accumulator.Quantum));
    }

    private static (double Relative, double Steep, double Linear) Factors(Call call)
    {
        double[] n = [.. call.Op.Schema.Accuracy.Arguments.Select(a => double.Parse(a, CultureInfo.InvariantCulture))];
        return (n[0], n[1], n[2]);
    }

    private static AdmissibleSet Accumulated(Call call, Tracked r, long divisor)
    {
        var value = divisor == 1 ? r.Value : r.Value / DoubleDouble.FromInteger(divisor);
        double error = IsExact(call, r) ? 0 : Widened(Factor(call) * call.Accumulator.UnitRoundoff * r.Magnitude + Underflow(call), r, call.Terms);
        // A division errs by 3 ulp, as div does.
        if (divisor > 1) error = error / divisor + (double.IsFinite(value.High) ? 3 * call.Accumulator.Ulp(value.High) : 0);
        bool overflow = r.Magnitude * (1 + Factor(call) * call.Accumulator.UnitRoundoff) > call.Accumulator.Largest;
        // In f64 the oracle overflows where a right kernel may: then nothing is known of the element.
        var kind = overflow && call.Format.Precision == 53 && !double.IsFinite(value.High) ? BoundKind.Unspecified : BoundKind.RunningError;
        return new(kind, call.Format, value.High, value.Low, error) { EitherZero = true, MayOverflow = overflow };
    }

    // Every partial sum in every order is an integer below 2^p: the fill promises integers, the magnitude proves the rest.
    private static bool IsExact(Call call, Tracked r) =>
        Fill.IsExact(call.Fill) && r.Magnitude == Math.Floor(r.Magnitude) && r.Magnitude <= FloatFormat.Power(call.Accumulator.Precision);

    private static double Factor(Call call)
    {
        bool product = call.Op.Schema.Accuracy.Name == "product";
        double depth = product ? call.Terms : Growth.AnyOrder(call.Terms);
        // Matrix units for 16 and 8 bits truncate when they align and add: biased, so linear, and twice as large.
        return product && call.Format.Precision < 24 ? 2 * depth : Growth.Factor(depth, call.Fill);
    }

    private static double Underflow(Call call) => call.Op.Schema.Accuracy.Name == "product" ? call.Terms * (call.Accumulator.Quantum / 2) : 0;

    private static double Widened(double error, Tracked r, long terms)
    {
        double own = Math.Max(1, terms) * FloatFormat.Power(-OracleBits) * r.Magnitude + FloatFormat.F64.Quantum / 2;
        return own > error / 64 ? error + own : error;
    }

    private static string Derivation(Call call, Tracked r, AdmissibleSet set)
    {
        string u = $"2^-{call.Accumulator.Precision}", m = Numbers.Short(r.Magnitude);
        switch (call.Op.Schema.Accuracy.Name)
        {
            case "ulp": return $"{call.Op.Schema.Accuracy} = {Numbers.Short(set.Error / call.Format.Ulp(set.High))} · ulp";
            case "quotient": return $"{call.Op.Schema.Accuracy} of a/b{(call.Rounding == DivRounding.None ? "" : $", then {(call.Rounding == DivRounding.Floor ? "floor" : "trunc")}")}";
            case "activation": return Factors(call) is (0, _, var linear) ? $"{linear}·u·|x| + η, u = {u}" : $"u·({Factors(call).Relative} + {Factors(call).Steep}·|x|)·|r| + λ, u = {u}";
            case "composed": return "the steps' errors, run on tracked numbers, + λ";
            case "sum" or "product" or "prefix" or "scattered" when set.Error == 0: return "integers: every order is exact";
            case "mean": return $"({(Growth.Factor(call.Terms - 1, call.Fill) < call.Terms - 1 ? "6·√(n-1)" : "(n-1)")}·u·Σ|x|)/n + 3 ulp = {Numbers.Short(Factor(call))} · {u} · {m} / {call.Terms} + 3 ulp";
            case "sum" or "prefix" or "scattered": return $"{(Growth.Factor(call.Terms - 1, call.Fill) < call.Terms - 1 ? "6·√(n-1)" : "(n-1)")}·u·Σ|x| = {Numbers.Short(Factor(call))} · {u} · {m}";
            case "product":
                string growth = call.Format.Precision < 24 ? "2·k" : Growth.Factor(call.Terms, call.Fill) < call.Terms ? "6·√k" : "k";
                return $"{growth}·u·Σ|a||b| = {Numbers.Short(Factor(call))} · {u} · {m}";
            default: return "";
        }
    }
}
