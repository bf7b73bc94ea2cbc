using Backends.Plugins;

namespace Backends.Conformance.Tests.Faults;

/// <summary>One result for each element: special answers, roundings, conversions.</summary>
internal static unsafe class ValueFaults
{
    public static IEnumerable<Fault> All => [.. NaNs, .. Zeros, .. Roundings, .. Casts, .. Quotients, .. Exponentials, .. Fills];

    // One operand, at one place of a vector loop: its heads, its middles, the tail behind the last vector.
    private static IEnumerable<Fault> NaNs =>
    [
        .. from op in (string[])["add", "sub", "mul", "div"]
           from operand in (int[])[0, 1]
           from place in (string[])["head", "middle", "tail"]
           from type in (string[])["f32", "f16"]
           select new Fault($"NaN of operand {operand} is lost at the {place}", op, type, "special",
               c => c.Changed((i, y) => double.IsNaN(c.In(operand, i)) && !double.IsNaN(c.In(1 - operand, i)) && At(place, i, c.Y.Count) ? c.Y.Format.Encode(1) : y)),
        .. from place in (string[])["head", "middle", "tail"]
           select new Fault($"relu of NaN is 0 at the {place}", "relu", "f32", "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) && At(place, i, c.Y.Count) ? 0 : y)),
        .. from place in (string[])["head", "middle", "tail"]
           select new Fault($"exp of NaN is Inf at the {place}", "exp", "f16", "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) && At(place, i, c.Y.Count) ? 0x7C00ul : y)),
        new("0 · Inf is 0", "mul", "f32", "special", c => c.Changed((i, y) => c.In(0, i) == 0 && double.IsInfinity(c.In(1, i)) ? 0 : y)),
        new("Inf - Inf is 0", "add", "f64", "special", c => c.Changed((i, y) => double.IsInfinity(c.In(0, i)) && c.In(0, i) == -c.In(1, i) ? 0 : y)),
    ];

    private static bool At(string place, long i, long n) => place switch { "head" => i % 8 == 0 && i < n - n % 8, "tail" => i >= n - n % 8, _ => i % 8 is > 0 and < 7 && i < n - n % 8 };

    private static IEnumerable<Fault> Zeros =>
    [
        .. from type in (string[])["f64", "f32", "f16", "bf16", "f8e5m2"]
           select new Fault("-0 becomes +0", "copy", type, "special", c => c.Changed((i, y) => c.In(0, i) == 0 ? 0 : y)),
        .. from types in (string[])["f32,f16", "f32,f64", "f16,f32", "f64,f32", "bf16,f32", "f32,f8e4m3"]
           select new Fault("-0 becomes +0", "cast", types, "special", c => c.Changed((i, y) => c.In(0, i) == 0 ? 0 : y)),
        new("neg is 0 - x", "neg", "f32", "special", c => c.Changed((i, y) => c.In(0, i) == 0 && !double.IsNegative(c.In(0, i)) ? 0 : y)),
        new("a product's zero has no sign", "mul", "f32", "special", c => c.Changed((i, y) => y == 0x80000000 ? 0 : y)),
        new("-0 + -0 is +0", "add", "f32", "special", c => c.Changed((i, y) => y == 0x80000000 ? 0 : y)),
        new("x / -Inf is +0", "div", "f32", "special", c => c.Changed((i, y) => y == 0x80000000 ? 0 : y)),
        .. from pair in (string[])["copy f32", "copy f16", "copy bf16", "mul f32", "mul f64", "mul f16", "neg f32", "add f32", "cast f32,f16", "cast f64,f32", "cast bf16,f32", "div f32", "exp f32", "exp f16", "relu f32"]
           select new Fault("subnormal results are flushed", pair.Split(' ')[0], pair.Split(' ')[1], "special", c => c.Changed((_, y) => Flushed(c.Y, y))),
        .. from pair in (string[])["mul f32", "add f32", "cast f16,f32", "cast f32,f64", "div f32", "mul f64"]
           select new Fault("subnormal operands are flushed", pair.Split(' ')[0], pair.Split(' ')[1], "special", FlushedOperands),
    ];

    private static ulong Flushed(Cells y, ulong bits) => y.Number(bits) is var v && v != 0 && Math.Abs(v) < y.Format.SmallestNormal ? y.Format.Encode(Math.CopySign(0, v)) : bits;

    private static void FlushedOperands(Call c)
    {
        double X(int input, long i) => c.X[input].Number(Flushed(c.X[input], c.Before[input][i]));
        c.Changed((i, y) =>
        {
            bool same = c.X.Select((x, n) => Flushed(x, c.Before[n][i]) == c.Before[n][i]).All(s => s);
            if (same) return y;
            double value = c.Operator.Name switch { "mul" => X(0, i) * X(1, i), "add" => X(0, i) + X(1, i), "div" => X(0, i) / X(1, i), _ => X(0, i) };
            return c.Y.Format.Encode(c.Y.Format.Round(value));
        });
    }

    private static IEnumerable<Fault> Roundings =>
    [
        .. from types in (string[])["f32,bf16", "f32,f16", "f64,f32", "i64,f32", "i32,f16", "f32,f8e4m3", "f16,f8e5m2", "f64,f16"]
           from r in (string[])["truncated", "away from zero at halves"]
           select new Fault($"casts are {r}", "cast", types, "", c => c.Map(i => r[0] == 't' ? Rounding.Towards0(c.Y.Format, c.In(0, i)) : Rounding.AwayAtHalf(c.Y.Format, c.In(0, i)))),
        .. from type in (string[])["f32", "f16", "bf16"]
           select new Fault("sums are truncated", "add", type, "uniform", c => c.Changed((i, y) => c.In(0, i) + c.In(1, i) is var s && double.IsFinite(s) && Math.Abs(s) > 1e-3 ? c.Y.Format.Encode(Rounding.Towards0(c.Y.Format, s)) : y)),
        .. from type in (string[])["f16", "bf16"]
           select new Fault("products are truncated", "mul", type, "uniform", c => c.Changed((i, y) => c.In(0, i) * c.In(1, i) is var s && double.IsFinite(s) && Math.Abs(s) > 1e-3 ? c.Y.Format.Encode(Rounding.Towards0(c.Y.Format, s)) : y)),
        new("f64 is computed in f32", "mul", "f64", "integers-precise", c => c.Map(i => (float)c.In(0, i) * (float)c.In(1, i))),
        new("i64 is computed in f64", "add", "i64", "values", c => c.Map(i => (double)(long)c.Before[0][i] + (long)c.Before[1][i])),
        new("i32 is computed in f32", "mul", "i32", "values", c => c.Map(i => (float)c.In(0, i) * (float)c.In(1, i))),
        .. from type in (string[])["i8", "u8", "i32", "u16"]
           select new Fault("integers saturate", "add", type, "values", c => c.Changed((i, y) => c.In(0, i) + c.In(1, i) != c.Y.Number(y) ? c.Y.DType.IsUnsigned ? ulong.MaxValue : 1ul << (c.Y.DType.Size * 8 - 1) : y)),
        new("the lowest integer's negative saturates", "neg", "i8", "special", c => c.Changed((_, y) => y == 0x80 ? 0x7Fu : y)),
    ];

    private static IEnumerable<Fault> Casts =>
    [
        .. from types in (string[])["i32,i8", "i64,i32", "i32,u8", "u64,u8", "i16,i8", "i64,u16"]
           select new Fault("integers saturate", "cast", types, "", c => c.Changed((i, y) => c.Y.Number(y) != c.In(0, i) ? c.In(0, i) < 0 ? c.Y.DType.IsUnsigned ? 0 : 1ul << (c.Y.DType.Size * 8 - 1) : ulong.MaxValue >> (c.Y.DType.IsUnsigned ? 64 - c.Y.DType.Size * 8 : 65 - c.Y.DType.Size * 8) : y)),
        .. from types in (string[])["f32,i8", "f32,u8", "f64,i16", "f32,i32", "f16,i8", "f64,u32", "bf16,u16"]
           select new Fault("floats wrap", "cast", types, "", c => c.Changed((i, y) => double.IsFinite(c.In(0, i)) && Math.Abs(c.In(0, i)) < 1e18 ? (ulong)(long)c.In(0, i) : y)),
        .. from types in (string[])["f32,i32", "f64,i32", "f16,i32", "bf16,i32"]
           select new Fault("NaN is the lowest integer", "cast", types, "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) ? 0x80000000 : y)),
        .. from types in (string[])["f32,i32", "f64,i32", "f32,i64", "f64,i64", "f16,i16"]
           select new Fault("too large is the lowest integer", "cast", types, "special", c => c.Changed((i, y) => c.In(0, i) >= Math.ScaleB(1, c.Y.DType.Size * 8 - 1) ? 1ul << (c.Y.DType.Size * 8 - 1) : y)),
        .. from types in (string[])["f32,i32", "f16,u8", "f64,i64"]
           select new Fault("floats are rounded", "cast", types, "", c => c.Changed((i, y) => Math.Abs(c.In(0, i)) < 100 ? (ulong)(long)Math.Round(c.In(0, i)) : y)),
        new("i64 goes through f64", "cast", "i64,f32", "", c => c.Map(i => (float)(double)(long)c.Before[0][i])),
        new("u64 is read as signed", "cast", "u64,f32", "", c => c.Map(i => (float)(long)c.Before[0][i])),
        new("u32 is read as signed", "cast", "u32,f64", "", c => c.Map(i => (int)c.Before[0][i])),
        new("u8 is read as signed", "cast", "u8,i32", "", c => c.Map(i => (sbyte)c.Before[0][i])),
        new("overflow is the largest", "cast", "f32,f16", "special", c => c.Changed((_, y) => (y & 0x7FFF) == 0x7C00 ? y - 1 : y)),
        new("overflow is infinite too early", "cast", "f32,f16", "special", c => c.Changed((i, y) => double.IsFinite(c.In(0, i)) && Math.Abs(c.In(0, i)) > 65504 ? y & 0x8000 | 0x7C00 : y)),
        new("Inf is NaN", "cast", "f32,f8e4m3", "special", c => c.Changed((i, y) => double.IsInfinity(c.In(0, i)) ? 0x7Fu : y)),
        new("a NaN with a low payload is Inf", "cast", "f32,bf16", "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) && (c.Before[0][i] & 0x7F0000) == 0 ? 0x7F80u : y)),
        new("a NaN's payload is carried over the sign", "cast", "f32,f16", "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) && (c.Before[0][i] & 1) == 1 ? 0x8000u : y)),
        new("bool is the integer's truth", "cast", "f32,bool", "", c => c.Changed((i, y) => Math.Abs(c.In(0, i)) < 1 ? 0 : y)),
        new("bool is the low byte's truth", "cast", "i32,bool", "", c => c.Changed((i, _) => (c.Before[0][i] & 0xFF) != 0 ? 1u : 0)),
        new("NaN is false", "cast", "f64,bool", "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) ? 0 : y)),
        new("f64 goes through f32", "cast", "f64,i64", "", c => c.Changed((i, y) => Math.Abs(c.In(0, i)) < 1e15 ? (ulong)(long)(float)c.In(0, i) : y)),
        new("signalling NaNs are quieted", "copy", "f32", "special", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) ? y | 0x400000 : y)),
        new("f64 moves through f32", "copy", "f64", "", c => c.Changed((i, y) => double.IsNaN(c.In(0, i)) ? y : BitConverter.DoubleToUInt64Bits((float)c.In(0, i)))),
    ];

    private static IEnumerable<Fault> Quotients =>
    [
        .. from type in (string[])["f32", "f16", "i32", "i8"]
           select new Fault("floor truncates", "div", type, "values", c => Rounded(c, 2, Math.Truncate)),
        new("trunc floors", "div", "f32", "values", c => Rounded(c, 1, Math.Floor)),
        new("integers floor", "div", "i32", "values", c => Rounded(c, 0, Math.Floor)),
        new("unsigned is divided as signed", "div", "u32", "values", c => c.Changed((i, y) => c.Before[1][i] == 0 ? y : (uint)((int)c.Before[0][i] / Math.Max(1, Math.Abs((int)c.Before[1][i]))))),
        new("the lowest integer over -1 is the largest", "div", "i32", "special", c => c.Changed((i, y) => c.Before[0][i] == 0x80000000 && c.Before[1][i] == uint.MaxValue ? 0x7FFFFFFFu : y)),
        new("a quotient is 2 ulp off", "div", "f64", "uniform", c => c.Map(i => Rounding.Off(c.Y.Format, c.In(0, i) / c.In(1, i), 2))),
        new("a quotient is 5 ulp off", "div", "f32", "uniform", c => c.Map(i => Rounding.Off(c.Y.Format, c.In(0, i) / c.In(1, i), 5))),
        new("a quotient is 2 ulp off", "div", "bf16", "uniform", c => c.Map(i => Rounding.Off(c.Y.Format, c.In(0, i) / c.In(1, i), 2))),
        new("x / 0 is NaN", "div", "f32", "special", c => c.Changed((i, y) => c.In(1, i) == 0 ? 0x7FC00000u : y)),
        new("x / -0 is +Inf", "div", "f32", "special", c => c.Changed((i, y) => c.In(1, i) == 0 && !double.IsNaN(c.In(0, i)) && c.In(0, i) != 0 ? 0x7F800000u : y)),
    ];

    private static void Rounded(Call c, int word, Func<double, double> round)
    {
        c.Right();
        if ((int)((DivAttributes*)c.Frame->Attributes)->Rounding != word) return;
        for (long i = 0; i < c.Y.Count; i++)
            if (c.In(1, i) != 0 && double.IsFinite(c.In(0, i) / c.In(1, i))) c.Y.Set(i, round(c.In(0, i) / c.In(1, i)));
    }

    private static IEnumerable<Fault> Exponentials =>
    [
        new("8 ulp off", "exp", "f32", "uniform", c => c.Map(i => Rounding.Off(c.Y.Format, Math.Exp(c.In(0, i)), 8))),
        new("5 ulp off", "exp", "f64", "uniform", c => c.Map(i => Rounding.Off(c.Y.Format, Math.Exp(c.In(0, i)), 5))),
        new("4 ulp off", "exp", "f16", "uniform", c => c.Map(i => Rounding.Off(c.Y.Format, Math.Exp(c.In(0, i)), 4))),
        new("exp(0) is 1 - u", "exp", "f32", "", c => c.Map(i => c.In(0, i) == 0 ? 1 - Math.Pow(2, -24) : Math.Exp(c.In(0, i)))),
        new("is 0 below -87.3", "exp", "f32", "special", c => c.Map(i => c.In(0, i) < -87.33 ? 0 : Math.Exp(c.In(0, i)))),
        new("is Inf from 88 upwards", "exp", "f32", "special", c => c.Map(i => c.In(0, i) > 88 ? double.PositiveInfinity : Math.Exp(c.In(0, i)))),
        new("is Inf from 709 upwards", "exp", "f64", "special", c => c.Map(i => c.In(0, i) > 709 ? double.PositiveInfinity : Math.Exp(c.In(0, i)))),
        new("exp(-Inf) is NaN", "exp", "f32", "special", c => c.Map(i => double.IsNegativeInfinity(c.In(0, i)) ? double.NaN : Math.Exp(c.In(0, i)))),
        new("x·log2 e is rounded", "exp", "f32", "uniform", c => c.Map(i => Math.Pow(2, (float)((float)c.In(0, i) * 1.442695f)))),
    ];

    private static IEnumerable<Fault> Fills =>
    [
        new("integers saturate", "fill", "u8", "values", c => Filled(c, v => Math.Clamp(v, 0, 255))),
        new("negative values are 0", "fill", "u16", "values", c => Filled(c, v => Math.Max(v, 0))),
        new("goes through f64", "fill", "i64", "values", c => Filled(c, v => v)),
        new("goes through f32", "fill", "f64", "values", c => Filled(c, v => (float)v)),
        new("NaN is the lowest integer", "fill", "i32", "values", c => { c.Right(); if (((FillAttributes*)c.Frame->Attributes)->Value is { DType: DType.F64 } v && double.IsNaN(v.ToDouble())) c.Map(_ => int.MinValue); }),
        new("truth is the value's bit", "fill", "bool", "values", c => Filled(c, v => (long)v & 1)),
    ];

    private static void Filled(Call c, Func<double, double> value)
    {
        c.Right();
        if (((FillAttributes*)c.Frame->Attributes)->Value is var v && v.DType != DType.F64) c.Map(_ => value(v.ToInt64()));
        else if (c.Y.DType.IsFloat) c.Map(_ => value(v.ToDouble()));
    }
}
