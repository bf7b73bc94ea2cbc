using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>Faults that implementations of functions and comparisons have had: formulas that cancel, seeds without a step, reductions that are too short, NaN forgotten.</summary>
internal static unsafe class FunctionFaults
{
    public static IEnumerable<Fault> All => [.. Comparisons, .. Wholes, .. Roots, .. Series, .. Powers, .. Remainders, .. Choices, .. Activations];

    private static IEnumerable<Fault> Comparisons =>
    [
        .. from type in (string[])["f32", "f16", "f64"]
           from test in (string[])["eq", "le", "ge"]
           select new Fault("NaN is equal to everything", test, type, "special", c => c.Changed((i, y) => AnyNaN(c, i) ? 1ul : y)),
        .. from type in (string[])["f32", "bf16"] select new Fault("NaN does not differ", "ne", type, "special", c => c.Changed((i, y) => AnyNaN(c, i) ? 0ul : y)),
        new("is not ≥, NaN too", "lt", "f32", "special", c => c.Map(i => c.In(0, i) >= c.In(1, i) ? 0 : 1)),
        new("is not <, NaN too", "ge", "f16", "special", c => c.Map(i => c.In(0, i) < c.In(1, i) ? 0 : 1)),
        .. from type in (string[])["f32", "f16", "f64"] select new Fault("bits are compared", "eq", type, "", c => c.Map(i => c.Before[0][i] == c.Before[1][i] ? 1 : 0)),
        new("bits are compared as integers", "lt", "f32", "", c => c.Map(i => (int)c.Before[0][i] < (int)c.Before[1][i] ? 1 : 0)),
        new("u32 is compared as signed", "gt", "u32", "", c => c.Map(i => (int)c.Before[0][i] > (int)c.Before[1][i] ? 1 : 0)),
        new("u8 is compared as signed", "lt", "u8", "", c => c.Map(i => (sbyte)c.Before[0][i] < (sbyte)c.Before[1][i] ? 1 : 0)),
        .. from type in (string[])["i64", "u64"] select new Fault("64 bits go through f64", "eq", type, "", c => c.Map(i => c.In(0, i) == c.In(1, i) ? 1 : 0)),
        new("is <", "le", "i32", "", c => c.Map(i => c.In(0, i) < c.In(1, i) ? 1 : 0)),
        new("is ≥", "gt", "f32", "", c => c.Map(i => c.In(0, i) >= c.In(1, i) ? 1 : 0)),
        new("true is 255", "eq", "f32", "", c => c.Changed((_, y) => y == 1 ? 255ul : y)),
        new("subnormal operands are 0", "ne", "f32", "special", c => c.Changed((i, y) => Math.Abs(c.In(0, i)) < 1e-38 && Math.Abs(c.In(1, i)) < 1e-38 ? 0ul : y)),
        new("is or", "logical_xor", "bool", "", c => c.Map(i => c.In(0, i) + c.In(1, i) > 0 ? 1 : 0)),
        new("is xor", "logical_or", "bool", "", c => c.Map(i => c.In(0, i) != c.In(1, i) ? 1 : 0)),
        new("is or", "logical_and", "bool", "", c => c.Map(i => c.In(0, i) + c.In(1, i) > 0 ? 1 : 0)),
        new("every bit is flipped", "logical_not", "bool", "", c => c.Map(i => 255 - c.In(0, i))),
        new("infinities are NaN", "isnan", "f32", "special", c => c.Map(i => double.IsFinite(c.In(0, i)) ? 0 : 1)),
        .. from type in (string[])["f32", "f16"] select new Fault("signalling NaNs are none", "isnan", type, "special", c => c.Changed((i, y) => (c.Before[0][i] & (type == "f32" ? 0x400000u : 0x200u)) == 0 ? 0ul : y)),
    ];

    private static bool AnyNaN(Call c, long i) => double.IsNaN(c.In(0, i)) || double.IsNaN(c.In(1, i));

    private static IEnumerable<Fault> Wholes =>
    [
        .. from type in (string[])["f32", "f16", "f64"] select new Fault("truncates", "floor", type, "", c => c.Map(i => Math.Truncate(c.In(0, i)))),
        new("of a small negative number is 0", "floor", "f32", "special", c => c.Changed((i, y) => c.In(0, i) is < 0 and > -1e-6 ? 0x80000000 : y)),
        .. from op in (string[])["floor", "round"] select new Fault("goes through i32", op, "f32", "special", c => c.Changed((i, y) => Math.Abs(c.In(0, i)) >= 2147483648.0 ? 0xCF000000 : y)),
        .. from type in (string[])["f32", "f16", "bf16", "f64"] select new Fault("halves go away from zero", "round", type, "", c => c.Map(i => Math.Round(c.In(0, i), MidpointRounding.AwayFromZero))),
        new("is floor(x + 1/2)", "round", "f32", "", c => c.Map(i => MathF.Floor((float)c.In(0, i) + 0.5f))),
        new("the number before 1/2 is 1", "round", "f32", "special", c => c.Changed((i, y) => c.In(0, i) == 0.49999997f ? 0x3F800000u : y)),
        new("-0.4 is +0", "round", "f32", "special", c => c.Changed((_, y) => y == 0x80000000 ? 0 : y)),
        new("of -0 is -0", "abs", "f32", "special", c => c.Changed((i, y) => c.Before[0][i] == 0x80000000 ? 0x80000000 : y)),
        new("the lowest integer saturates", "abs", "i8", "special", c => c.Changed((_, y) => y == 0x80 ? 0x7Fu : y)),
        new("of -Inf is -Inf", "abs", "f16", "special", c => c.Changed((i, y) => double.IsNegativeInfinity(c.In(0, i)) ? 0xFC00u : y)),
    ];

    private static IEnumerable<Fault> Roots =>
    [
        .. from bits in (int[])[8, 12, 14] select new Fault($"a seed of {bits} bits", "rsqrt", "f32", "uniform", c => c.Map(i => Rounding.Narrow(1 / Math.Sqrt(c.In(0, i)), bits))),
        new("f64 from a seed of f32", "rsqrt", "f64", "uniform", c => c.Map(i => (float)(1 / Math.Sqrt(c.In(0, i))))),
        new("of 0 is NaN, as a step of Newton makes it", "rsqrt", "f32", "special", c => c.Changed((i, y) => c.In(0, i) == 0 ? 0x7FC00000u : y)),
        new("of -0 is +Inf", "rsqrt", "f32", "special", c => c.Changed((_, y) => y == 0xFF800000 ? 0x7F800000 : y)),
        new("of +Inf is NaN, as x · rsqrt x makes it", "sqrt", "f32", "special", c => c.Changed((i, y) => double.IsPositiveInfinity(c.In(0, i)) ? 0x7FC00000u : y)),
        new("of -0 is +0", "sqrt", "f32", "special", c => c.Changed((_, y) => y == 0x80000000 ? 0 : y)),
        new("of subnormals is 0", "sqrt", "f32", "special", c => c.Changed((i, y) => c.In(0, i) is > 0 and < 1.1754943e-38 ? 0ul : y)),
        new("of a negative number is 0", "sqrt", "f32", "special", c => c.Changed((i, y) => c.In(0, i) < 0 ? 0ul : y)),
        new("2 ulp off", "sqrt", "f64", "uniform", c => c.Map(i => Rounding.Off(c.Y.Format, Math.Sqrt(c.In(0, i)), 2))),
    ];

    private static IEnumerable<Fault> Series =>
    [
        new("loses digits next to 1", "log", "f32", "", c => c.Map(i => Math.Log(c.In(0, i)) is var y && Math.Abs(y) < 0.01 ? Math.Round(y * 16777216 / 8) / 16777216 * 8 : y)),
        new("of subnormals is -Inf", "log", "f32", "special", c => c.Changed((i, y) => c.In(0, i) is > 0 and < 1.1754943e-38 ? 0xFF800000 : y)),
        new("of -0 is NaN", "log", "f16", "special", c => c.Changed((i, y) => c.Before[0][i] == 0x8000 ? 0x7E00u : y)),
        new("of 1 is -0", "log", "f32", "special", c => c.Changed((i, y) => c.In(0, i) == 1 ? 0x80000000 : y)),
        new("in base 2", "log", "f32", "uniform", c => c.Map(i => Math.Log2(c.In(0, i)))),
        new("turns are taken off in f32", "sin", "f32", "", c => c.Map(i => (float)c.In(0, i) is var x ? MathF.Sin(x - MathF.Round(x / 6.2831855f) * 6.2831855f) : 0)),
        new("turns are taken off in three parts", "sin", "f32", "special", c => c.Map(i => InThreeParts((float)c.In(0, i)))),
        new("turns are taken off with 53 bits of π", "sin", "f64", "special", c => c.Map(i => double.IsFinite(c.In(0, i)) && Math.Abs(c.In(0, i)) > 1e-3 ? Math.Sin(Math.IEEERemainder(c.In(0, i), 2 * Math.PI)) : Math.Sin(c.In(0, i)))),
        new("large arguments give 0", "sin", "f16", "special", c => c.Map(i => Math.Abs(c.In(0, i)) is > 32768 and < 1e9 ? 0 : Math.Sin(c.In(0, i)))),
        new("of -0 is +0", "sin", "f32", "special", c => c.Changed((_, y) => y == 0x80000000 ? 0 : y)),
        .. from type in (string[])["f32", "f64"] select new Fault("cancels near 0", "tanh", type, "uniform", c => c.Map(i => Cancelling(c.In(0, i), type == "f32"))),
        new("tanh(1e-20) is 0", "tanh", "f32", "special", c => c.Changed((i, y) => Math.Abs(c.In(0, i)) < 1e-10 && c.In(0, i) != 0 ? 0ul : y)),
        new("Inf by Inf for large x", "tanh", "f32", "special", c => c.Changed((i, y) => c.In(0, i) > 45 ? 0x7FC00000u : y)),
        new("of Inf is just below 1", "tanh", "f32", "special", c => c.Changed((i, y) => double.IsPositiveInfinity(c.In(0, i)) ? 0x3F7FFFFFu : y)),
        new("Abramowitz and Stegun 7.1.26", "erf", "f32", "uniform", c => c.Map(i => Handbook(c.In(0, i)))),
        new("is ±1 from 3 onwards", "erf", "f32", "special", c => c.Map(i => Math.Abs(c.In(0, i)) is > 2.8 and < 3 ? Math.Sign(c.In(0, i)) : c.Y.Number(RightBits(c, i)))),
        new("x · 2/√π is flushed", "erf", "f32", "special", c => c.Changed((i, y) => Math.Abs(c.In(0, i)) < 1.1754943e-38 ? y & 0x80000000 : y)),
    ];

    private static ulong RightBits(Call c, long i)
    {
        if (i == 0) c.Right();
        return c.Y[i];
    }

    private static double InThreeParts(float x)
    {
        if (!float.IsFinite(x)) return double.NaN;
        if (Math.Abs(x) < 3) return Math.Sin(x);
        double turns = Math.Round(x / (2 * Math.PI));
        return Math.Sin(x - turns * 6.28125 - turns * 1.93500518798828125e-3 - turns * 3.019916e-7);
    }

    private static double Cancelling(double x, bool single)
    {
        if (!(Math.Abs(x) is > 1e-4 and < 9)) return Math.Tanh(x);
        double e = single ? MathF.Exp(2 * (float)x) : Math.Exp(2 * x);
        return single ? ((float)e - 1) / ((float)e + 1) : (e - 1) / (e + 1);
    }

    private static double Handbook(double x)
    {
        double t = 1 / (1 + 0.3275911 * Math.Abs(x));
        double y = 1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.Exp(-x * x);
        return Math.CopySign(y, x);
    }

    private static IEnumerable<Fault> Powers =>
    [
        new("2^(b · log2 a) in f32", "pow", "f32", "uniform", c => c.Map(i => c.In(0, i) > 0 ? MathF.Pow(2, (float)c.In(1, i) * MathF.Log2((float)c.In(0, i))) : Math.Pow(c.In(0, i), c.In(1, i)))),
        .. from type in (string[])["f32", "f16", "f64"] select new Fault("the sign of odd exponents is lost", "pow", type, "", c => c.Map(i => c.In(0, i) < 0 ? Math.Abs(Math.Pow(c.In(0, i), c.In(1, i))) : Math.Pow(c.In(0, i), c.In(1, i)))),
        new("of negative bases is NaN", "pow", "f32", "", c => c.Map(i => c.In(0, i) < 0 ? double.NaN : Math.Pow(c.In(0, i), c.In(1, i)))),
        new("NaN^0 is NaN", "pow", "f32", "special", c => c.Map(i => double.IsNaN(c.In(0, i)) ? double.NaN : Math.Pow(c.In(0, i), c.In(1, i)))),
        new("1^NaN is NaN", "pow", "f32", "special", c => c.Map(i => double.IsNaN(c.In(1, i)) ? double.NaN : Math.Pow(c.In(0, i), c.In(1, i)))),
        new("(-1)^Inf is NaN", "pow", "f32", "special", c => c.Map(i => c.In(0, i) == -1 && double.IsInfinity(c.In(1, i)) ? double.NaN : Math.Pow(c.In(0, i), c.In(1, i)))),
        new("(-0)^-3 is +Inf", "pow", "f32", "special", c => c.Map(i => c.In(0, i) == 0 && c.In(1, i) < 0 ? double.PositiveInfinity : Math.Pow(c.In(0, i), c.In(1, i)))),
        new("large even exponents count as odd", "pow", "f32", "special", c => c.Map(i => c.In(0, i) < 0 && c.In(1, i) is 33554432 or 1024 ? -Math.Pow(c.In(0, i), c.In(1, i)) : Math.Pow(c.In(0, i), c.In(1, i)))),
    ];

    private static IEnumerable<Fault> Remainders =>
    [
        .. from type in (string[])["f32", "f16", "i32", "i8"] select new Fault("has the dividend's sign", "remainder", type, "", c => c.Changed((i, y) => Bits(c, c.In(0, i) % c.In(1, i), y))),
        new("x - y·floor(x/y) in f32", "remainder", "f32", "uniform", c => c.Map(i => (float)c.In(0, i) - (float)c.In(1, i) * MathF.Floor((float)c.In(0, i) / (float)c.In(1, i)))),
        new("zeros have the dividend's sign", "remainder", "f32", "special", c => c.Changed((i, y) => (y & 0x7FFFFFFF) == 0 ? c.Before[0][i] & 0x80000000 : y)),
        new("-1 by +Inf is -1", "remainder", "f32", "special", c => c.Changed((i, y) => double.IsInfinity(c.In(1, i)) && double.IsFinite(c.In(0, i)) ? c.Before[0][i] : y)),
        new("by 0 is the dividend", "remainder", "f32", "special", c => c.Changed((i, y) => c.In(1, i) == 0 ? c.Before[0][i] : y)),
        new("u8 is divided as signed", "remainder", "u8", "", c => c.Changed((i, y) => (sbyte)c.Before[1][i] is var b && b != 0 ? (byte)((sbyte)c.Before[0][i] % b) : y)),
        .. from type in (string[])["f32", "f64"] select new Fault("the product is rounded first", "fma", type, "", c => c.Map(i => type == "f32" ? (float)c.In(0, i) * (float)c.In(1, i) + (float)c.In(2, i) : Product(c.In(0, i), c.In(1, i)) + c.In(2, i))),
        new("rounds twice, by way of f64", "fma", "f32", "", c => c.Map(i => (float)(c.In(0, i) * c.In(1, i) + c.In(2, i)))),
        new("in f16, rounded twice", "fma", "f16", "", c => c.Map(i => c.Y.Format.Round(c.In(0, i) * c.In(1, i)) + c.In(2, i))),
        new("the last operand is subtracted", "fma", "i32", "", c => c.Map(i => c.In(0, i) * c.In(1, i) - c.In(2, i))),
    ];

    // Apart, so that no compiler makes one operation of it.
    private static double Product(double a, double b) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a * b));

    private static ulong Bits(Call c, double value, ulong unless) =>
        double.IsNaN(value) ? unless : c.Y.DType.IsFloat ? c.Y.Format.Encode(value) : (ulong)(long)value & ulong.MaxValue >> (64 - c.Y.DType.Size * 8);

    private static IEnumerable<Fault> Choices =>
    [
        .. from type in (string[])["f32", "f16", "i32", "bool"] select new Fault("a and b are swapped", "where", type, "", c => c.Changed((i, _) => c.Before[c.In(0, i) == 0 ? 1 : 2][i])),
        new("NaNs are made quiet", "where", "f32", "special", c => c.Changed((_, y) => (y & 0x7FFFFFFF) > 0x7F800000 ? y | 0x400000 : y)),
        new("is c·a + (1 - c)·b", "where", "f32", "special", c => c.Map(i => c.In(0, i) * c.In(1, i) + (1 - c.In(0, i)) * c.In(2, i))),
        new("f64 goes through f32", "where", "f64", "", c => c.Changed((_, y) => BitConverter.UInt64BitsToDouble(y) is var v && double.IsNaN(v) ? y : BitConverter.DoubleToUInt64Bits((float)BitConverter.UInt64BitsToDouble(y)))),
        .. from type in (string[])["f32", "f16", "f64"]
           from operand in (int[])[0, 1]
           select new Fault($"NaN of operand {operand} is lost", "maximum", type, "special", c => c.Changed((i, y) => double.IsNaN(c.In(operand, i)) && !double.IsNaN(c.In(1 - operand, i)) ? c.Before[1 - operand][i] : y)),
        new("u16 is compared as signed", "maximum", "u16", "", c => c.Changed((i, _) => (short)c.Before[0][i] > (short)c.Before[1][i] ? c.Before[0][i] : c.Before[1][i])),
        new("is the smaller", "maximum", "i32", "", c => c.Map(i => Math.Min(c.In(0, i), c.In(1, i)))),
        .. from type in (string[])["f32", "f16"] select new Fault("NaN becomes low", "clamp", type, "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) && Bounds(c).Low is var low && !double.IsNaN(low) ? c.Y.Format.Encode(c.Y.Format.Round(low)) : y)),
        new("low wins over high", "clamp", "f32", "", c => c.Changed((i, y) => Bounds(c) is var (low, high) && low > high ? c.Y.Format.Encode(c.Y.Format.Round(low)) : y)),
        new("high is forgotten", "clamp", "f32", "", c => c.Changed((i, y) => Bounds(c).High < c.In(0, i) ? c.Before[0][i] : y)),
        .. from type in (string[])["u8", "i8", "u16"] select new Fault("bounds beyond the range wrap", "clamp", type, "", Wrapped),
        new("a fraction is rounded to the next integer", "clamp", "i32", "", c => c.Changed((i, y) => Bounds(c) is (0.75, var high) && !(high < 1) && c.In(0, i) < 1 ? 1ul : y)),
    ];

    private static (double Low, double High) Bounds(Call c) => ((ClampAttributes*)c.Frame->Attributes) is var a ? (a->Low.ToDouble(), a->High.ToDouble()) : default;

    private static void Wrapped(Call c)
    {
        var (low, high) = Bounds(c);
        double Wrap(double bound) => double.IsFinite(bound) && Math.Abs(bound) < 1e6 ? c.Y.Number((ulong)(long)bound & ulong.MaxValue >> (64 - c.Y.DType.Size * 8)) : bound;
        c.Map(i => Math.Min(Math.Max(c.In(0, i), double.IsNaN(low) || double.IsInfinity(low) ? c.In(0, i) : Wrap(low)), double.IsNaN(high) || double.IsInfinity(high) ? double.MaxValue : Wrap(high)));
    }

    private static IEnumerable<Fault> Activations =>
    [
        .. from type in (string[])["f32", "f16", "f64"] select new Fault("the tanh form is given for the exact one", "gelu", type, "uniform", c => Gelu(c, tanh: true)),
        new("the exact one is given for the tanh form", "gelu", "f32", "uniform", c => Gelu(c, tanh: false)),
        new("is x · sigmoid(1.702·x)", "gelu", "bf16", "uniform", c => c.Map(i => c.In(0, i) / (1 + Math.Exp(-1.702 * c.In(0, i))))),
        new("is 0 below -3", "gelu", "f32", "", c => c.Changed((i, y) => c.In(0, i) is < -3 and > -5 ? 0ul : y)),
        new("of +Inf is NaN", "silu", "f32", "special", c => c.Changed((i, y) => double.IsPositiveInfinity(c.In(0, i)) ? 0x7FC00000u : y)),
        new("of -Inf is -Inf", "silu", "f32", "special", c => c.Changed((i, y) => double.IsNegativeInfinity(c.In(0, i)) ? 0xFF800000u : y)),
        new("e^x by e^x + 1 overflows", "sigmoid", "f32", "special", c => c.Changed((i, y) => c.In(0, i) > 88.73 && double.IsFinite(c.In(0, i)) ? 0x7FC00000u : y)),
        new("of +Inf is just below 1", "sigmoid", "f32", "special", c => c.Changed((i, y) => double.IsPositiveInfinity(c.In(0, i)) ? 0x3F7FFFFFu : y)),
        new("is computed in f16", "sigmoid", "f16", "", c => c.Map(i => c.Y.Format is var h && h.Round(Math.Exp(-c.In(0, i))) is var e ? 1 / h.Round(1 + e) : 0)),
        new("is computed in bf16", "silu", "bf16", "", c => c.Map(i => c.Y.Format is var h && h.Round(Math.Exp(-c.In(0, i))) is var e ? c.In(0, i) * h.Round(1 / h.Round(1 + e)) : 0)),
        new("is tanh's form in f32, which cancels", "sigmoid", "f32", "", c => c.Map(i => 0.5f * (1 + MathF.Tanh((float)c.In(0, i) / 2)))),
    ];

    private static void Gelu(Call c, bool tanh)
    {
        c.Right();
        if (((GeluAttributes*)c.Frame->Attributes)->Approximate == (tanh ? GeluApproximate.Tanh : GeluApproximate.None)) return;
        for (long i = 0; i < c.Y.Count; i++)
        {
            double x = c.In(0, i), inner = tanh ? Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)) : Handbook(x / Math.Sqrt(2));
            if (Math.Abs(x) is > 2 and < 4) c.Y.Set(i, x / 2 * (1 + inner));
        }
    }
}
