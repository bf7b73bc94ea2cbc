namespace Backends.Reference;

// Functions to about 95 bits of their results, by series whose arguments are made small first; near a zero of the function too.
internal readonly partial record struct DoubleDouble
{
    /// <summary>Below it x³ is nothing beside x.</summary>
    private const double Tiny = 1e-18;

    private static readonly DoubleDouble s_one = new(1, 0), s_ln2 = new(0.6931471805599453, 2.3190468138462996e-17), s_twoByRootPi = new(1.1283791670955126, 1.533545961316588e-17);

    private static readonly DoubleDouble[] s_oddFractions = [.. Enumerable.Range(0, 24).Select(n => s_one / FromDouble(2 * n + 1))];

    public static DoubleDouble Pi => new(3.141592653589793, 1.2246467991473532e-16);

    /// <summary>Newton's step on the first part's root, whose square's distance is exact.</summary>
    public static DoubleDouble Sqrt(DoubleDouble x)
    {
        double root = Math.Sqrt(x.High);
        if (root == 0 || !double.IsFinite(root)) return new(root, 0);
        // Near 1, where nothing of the distance underflows.
        int half = Math.ILogB(x.High) >> 1;
        var near = Scaled(x, -2 * half);
        root = Math.Sqrt(near.High);
        double rest = Math.FusedMultiplyAdd(-root, root, near.High) + near.Low;
        return Scaled(Normal(root, rest / (2 * root)), half);
    }

    /// <summary>2^k · e^r with r = x - k·ln 2.</summary>
    public static DoubleDouble Exp(DoubleDouble x)
    {
        if (double.IsNaN(x.High)) return x;
        if (x.High > 710) return FromDouble(double.PositiveInfinity);
        if (x.High < -746) return Zero;
        double k = Math.Round(x.High / s_ln2.High);
        var power = ExpLessOne(x - FromDouble(k) * s_ln2) + s_one;
        // Two steps: 2^k alone may overflow where the result does not.
        int half = (int)k / 2;
        return Scaled(Scaled(power, half), (int)k - half);
    }

    // e^r - 1 for |r| up to ln 2 / 2: the 256th part's by its series; squaring e^s keeps every bit of e^s - 1.
    private static DoubleDouble ExpLessOne(DoubleDouble r)
    {
        var s = new DoubleDouble(r.High / 256, r.Low / 256);
        var power = Zero;
        for (int n = 12; n >= 1; n--) power = (power + s_one) * s / FromDouble(n);
        for (int i = 0; i < 8; i++) power = power + power + power * power;
        return power;
    }

    /// <summary>k·ln 2 + 2·artanh((m - 1) / (m + 1)), where x = 2^k·m and m is near 1: no digit is lost at 1.</summary>
    public static DoubleDouble Log(DoubleDouble x)
    {
        if (!(x.High > 0) || double.IsInfinity(x.High)) return new(Math.Log(x.High), 0);
        int k = Math.ILogB(x.High);
        if (Math.ScaleB(x.High, -k) > 1.4) k++;
        var m = Scaled(x, -k);
        var z = (m - s_one) / (m + s_one);
        var square = z * z;
        var sum = Zero;
        for (int n = s_oddFractions.Length - 1; n >= 0; n--) sum = sum * square + s_oddFractions[n];
        return FromDouble(k) * s_ln2 + (z + z) * sum;
    }

    /// <summary>e^(b·log |a|), and the platform's answer wherever C11 states one.</summary>
    public static DoubleDouble Pow(DoubleDouble a, DoubleDouble b)
    {
        double plain = Math.Pow(a.High, b.High);
        if (a.High == 0 || b.High == 0 || a == s_one || !double.IsFinite(a.High) || !double.IsFinite(b.High) || double.IsNaN(plain)) return new(plain, 0);
        var power = Exp(b * Log(a.High < 0 ? -a : a));
        return double.IsNegative(plain) ? -power : power;
    }

    /// <summary>By the series of sine or cosine, about the nearest multiple of π/2.</summary>
    public static DoubleDouble Sin(DoubleDouble x)
    {
        if (!double.IsFinite(x.High)) return FromDouble(double.NaN);
        if (Math.Abs(x.High) < Tiny) return x;
        if (x.High < 0) return -Sin(-x);
        var (quadrant, r) = QuarterTurn.Reduce(x);
        var y = (quadrant & 1) == 0 ? r * Alternating(r * r, 29) : Alternating(r * r, 28);
        return (quadrant & 2) == 0 ? y : -y;
    }

    // 1 - q/(n-1)n·(1 - ..): from the last index down by twos, odd for sin r / r, even for cos r.
    private static DoubleDouble Alternating(DoubleDouble square, int last)
    {
        var sum = s_one;
        for (int n = last; n > 1; n -= 2) sum = s_one - square * sum / FromDouble(n * (n - 1));
        return sum;
    }

    /// <summary>-e/(e + 2) with e = e^(-2|x|) - 1, whose difference is had without cancellation near 0.</summary>
    public static DoubleDouble Tanh(DoubleDouble x)
    {
        if (!(Math.Abs(x.High) >= Tiny)) return x;
        if (x.High > 0) return -Tanh(-x);
        if (x.High < -40) return FromDouble(-1);
        var twice = x + x;
        var e = x.High > -0.17 ? ExpLessOne(twice) : Exp(twice) - s_one;
        return e / (e + new DoubleDouble(2, 0));
    }

    /// <summary>2/√π · e^(-x²) · Σ 2^n x^(2n+1) / (1·3·5···(2n+1)): every term is positive, so nothing cancels.</summary>
    public static DoubleDouble Erf(DoubleDouble x)
    {
        if (double.IsNaN(x.High)) return x;
        if (Math.Abs(x.High) < Tiny) return x * s_twoByRootPi;
        if (Math.Abs(x.High) > 9) return FromDouble(Math.CopySign(1, x.High));
        var square = x * x;
        DoubleDouble term = x, total = x;
        for (int n = 3; Math.Abs(term.High) > Math.Abs(total.High) * 1e-33; n += 2)
        {
            term = term * (square + square) / FromDouble(n);
            total += term;
        }
        return s_twoByRootPi * Exp(-square) * total;
    }

    private static DoubleDouble Scaled(DoubleDouble x, int exponent) => new(Math.ScaleB(x.High, exponent), Math.ScaleB(x.Low, exponent));
}
