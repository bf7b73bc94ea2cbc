namespace Backends.Declarations;

// Many elements become one, along the dimensions named by dim (none named: all). keep_dim leaves them with size 1.

// quote sum
/// <summary>y = Σ x. Integers and bool are added modulo 2^64 and give 64 bits. The sum of nothing is 0; +Inf and -Inf together give NaN.</summary>
[Operator("sum(T x, i64[] dim = [], bool keep_dim = false) -> U : T in bool|number, U = wide(T) ; shape=reduce(x, dim, keep_dim) ; accuracy=sum(x) ; empty=0")]
internal static class Sum;
// end sum

/// <summary>y = the largest of x. NaN wins; of ±0 either is given. Of nothing: an error.</summary>
[Operator("amax(T x, i64[] dim = [], bool keep_dim = false) -> T : T in number ; shape=reduce(x, dim, keep_dim) ; accuracy=exact(either_zero)")]
internal static class AMax;

/// <summary>Whether any of x is not zero; NaN is not. Of nothing: false.</summary>
[Operator("any(T x, i64[] dim = [], bool keep_dim = false) -> bool : T in bool|number ; shape=reduce(x, dim, keep_dim) ; accuracy=exact ; empty=0")]
internal static class Any;

/// <summary>y = where the largest of x stands, counted from 0 in row-major order over the dimensions of dim. The first of several; the first NaN, if there is one; -0 and +0 are equal. Of nothing: an error.</summary>
[Operator("argmax(T x, i64[] dim = [], bool keep_dim = false) -> i64 : T in number ; shape=reduce(x, dim, keep_dim) ; accuracy=exact")]
internal static class ArgMax;

/// <summary>y = Σ x / n, n the number of elements that become one. The mean of nothing is NaN; +Inf and -Inf together give NaN.</summary>
[Operator("mean(T x, i64[] dim = [], bool keep_dim = false) -> T : T in float ; shape=reduce(x, dim, keep_dim) ; accuracy=mean(x)")]
internal static class Mean
{
    public static T Decompose<T>(Operators<T> op, T x, ReadOnlySpan<long> dim, bool keepDim) where T : class
    {
        var shape = op.ShapeOf(x);
        uint reduced = ShapeRules.ReducedMask("mean", shape, dim);
        double n = 1;
        for (int d = 0; d < shape.Rank; d++)
            if ((reduced >> d & 1) == 1) n *= shape[d];
        return op.Div(op.Sum(x, dim, keepDim), op.Scalar(n, x));
    }
}
