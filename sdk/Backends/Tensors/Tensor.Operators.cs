namespace Backends;

public sealed partial class Tensor
{
    /// <summary>a + b, elementwise with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Ops.Add(a, b);

    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor a, Scalar b) => Ops.Add(a, b);

    /// <summary>a + b.</summary>
    public static Tensor operator +(Scalar a, Tensor b) => Ops.Add(a, b);

    /// <summary>a - b, elementwise with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Ops.Sub(a, b);

    /// <summary>a - b.</summary>
    public static Tensor operator -(Tensor a, Scalar b) => Ops.Sub(a, b);

    /// <summary>a - b.</summary>
    public static Tensor operator -(Scalar a, Tensor b) => Ops.Sub(a, b);

    /// <summary>a · b, elementwise with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Ops.Mul(a, b);

    /// <summary>a · b.</summary>
    public static Tensor operator *(Tensor a, Scalar b) => Ops.Mul(a, b);

    /// <summary>a · b.</summary>
    public static Tensor operator *(Scalar a, Tensor b) => Ops.Mul(a, b);

    /// <summary>a / b, elementwise with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Ops.Div(a, b);

    /// <summary>a / b.</summary>
    public static Tensor operator /(Tensor a, Scalar b) => Ops.Div(a, b);

    /// <summary>a / b.</summary>
    public static Tensor operator /(Scalar a, Tensor b) => Ops.Div(a, b);

    /// <summary>a &lt; b, elementwise with broadcasting: a tensor of truth values. <c>==</c> compares references, <see cref="Eq(Tensor)"/> elements.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => Ops.Lt(a, b);

    /// <summary>a &lt; b, for each element.</summary>
    public static Tensor operator <(Tensor a, Scalar b) => Ops.Lt(a, b);

    /// <summary>a &lt; b, for each element.</summary>
    public static Tensor operator <(Scalar a, Tensor b) => Ops.Lt(a, b);

    /// <summary>a &gt; b, elementwise with broadcasting: a tensor of truth values. <c>==</c> compares references, <see cref="Eq(Tensor)"/> elements.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => Ops.Gt(a, b);

    /// <summary>a &gt; b, for each element.</summary>
    public static Tensor operator >(Tensor a, Scalar b) => Ops.Gt(a, b);

    /// <summary>a &gt; b, for each element.</summary>
    public static Tensor operator >(Scalar a, Tensor b) => Ops.Gt(a, b);

    /// <summary>a ≤ b, elementwise with broadcasting: a tensor of truth values. <c>==</c> compares references, <see cref="Eq(Tensor)"/> elements.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => Ops.Le(a, b);

    /// <summary>a ≤ b, for each element.</summary>
    public static Tensor operator <=(Tensor a, Scalar b) => Ops.Le(a, b);

    /// <summary>a ≤ b, for each element.</summary>
    public static Tensor operator <=(Scalar a, Tensor b) => Ops.Le(a, b);

    /// <summary>a ≥ b, elementwise with broadcasting: a tensor of truth values. <c>==</c> compares references, <see cref="Eq(Tensor)"/> elements.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => Ops.Ge(a, b);

    /// <summary>a ≥ b, for each element.</summary>
    public static Tensor operator >=(Tensor a, Scalar b) => Ops.Ge(a, b);

    /// <summary>a ≥ b, for each element.</summary>
    public static Tensor operator >=(Scalar a, Tensor b) => Ops.Ge(a, b);

    /// <summary>a and b, of truth values.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => Ops.LogicalAnd(a, b);

    /// <summary>a or b, of truth values.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => Ops.LogicalOr(a, b);

    /// <summary>a or b, not both, of truth values.</summary>
    public static Tensor operator ^(Tensor a, Tensor b) => Ops.LogicalXor(a, b);

    /// <summary>Not x, of truth values.</summary>
    public static Tensor operator !(Tensor x) => Ops.LogicalNot(x);

    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor x) => Ops.Neg(x);

    /// <summary>Adds in place: shape and dtype stay, views see the change.</summary>
    public void operator +=(Tensor b) => AddInPlace(b);

    /// <summary>Adds in place.</summary>
    public void operator +=(Scalar b) => Ops.Add(this, b, into: this);

    /// <summary>Subtracts in place.</summary>
    public void operator -=(Tensor b) => SubInPlace(b);

    /// <summary>Subtracts in place.</summary>
    public void operator -=(Scalar b) => Ops.Sub(this, b, into: this);

    /// <summary>Multiplies in place.</summary>
    public void operator *=(Tensor b) => MulInPlace(b);

    /// <summary>Multiplies in place.</summary>
    public void operator *=(Scalar b) => Ops.Mul(this, b, into: this);

    /// <summary>Divides in place.</summary>
    public void operator /=(Tensor b) => DivInPlace(b);

    /// <summary>Divides in place.</summary>
    public void operator /=(Scalar b) => Ops.Div(this, b, into: this);

    /// <summary>Adds in place, where <c>+=</c> does not compile: on a <c>using</c> or readonly variable.</summary>
    public Tensor AddInPlace(Tensor b) => Ops.Add(this, b, into: this);

    /// <summary>Subtracts in place.</summary>
    public Tensor SubInPlace(Tensor b) => Ops.Sub(this, b, into: this);

    /// <summary>Multiplies in place.</summary>
    public Tensor MulInPlace(Tensor b) => Ops.Mul(this, b, into: this);

    /// <summary>Divides in place.</summary>
    public Tensor DivInPlace(Tensor b) => Ops.Div(this, b, into: this);

    /// <summary>The elements as another dtype; a new handle on this storage when it has that dtype already.</summary>
    public Tensor To(DType dtype) => dtype == DType ? View(Layout, 0) : Ops.Cast(this, dtype);

    /// <summary>The elements on another device; a new handle on this storage when they are there already.</summary>
    public Tensor To(Device device) => device == Device ? View(Layout, 0) : Transfer.To(this, device);

    /// <summary>Copies another tensor's elements into this one, broadcasting; dtype and device must be the same.</summary>
    public void CopyFrom(Tensor source)
    {
        if (source.Shape == Shape)
        {
            Ops.Copy(source, into: this);
            return;
        }
        using var expanded = source.Expand(Shape);
        Ops.Copy(expanded, into: this);
    }
}
