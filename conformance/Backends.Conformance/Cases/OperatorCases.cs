namespace Backends.Conformance;

/// <summary>
/// What an operator's declaration cannot tell about its cases: values of attributes that no kind explains, calls that are errors, and numbers
/// that its fills must hold or avoid.
/// </summary>
/// <remarks>All of it stands here and in Cases/Operators, one class an operator or a few alike, and only where derivation does not know; many operators have none.</remarks>
internal class OperatorCases
{
    private static readonly OperatorCases s_none = new();

    private static readonly Dictionary<string, OperatorCases> s_byName = new()
    {
        ["amax"] = new AMaxCases(),
        ["any"] = new AnyCases(),
        ["argmax"] = new ArgMaxCases(),
        ["cast"] = new CastCases(),
        ["clamp"] = new ClampCases(),
        ["conv2d"] = new Conv2dCases(),
        ["cross_entropy"] = new CrossEntropyCases(),
        ["div"] = new DivisorCases(),
        ["eq"] = new ComparisonCases(),
        ["erf"] = new ErfCases(),
        ["exp"] = new ExpCases(),
        ["expand"] = new ExpandCases(),
        ["floor"] = new WholeCases(),
        ["ge"] = new ComparisonCases(),
        ["gelu"] = new ActivationCases(),
        ["gt"] = new ComparisonCases(),
        ["isnan"] = new IsNaNCases(),
        ["le"] = new ComparisonCases(),
        ["gather"] = new GatherCases(),
        ["index_select"] = new IndexSelectCases(),
        ["layer_norm"] = new LayerNormCases(),
        ["log"] = new LogCases(),
        ["log_softmax"] = new SoftmaxCases(),
        ["lt"] = new ComparisonCases(),
        ["max_pool2d"] = new MaxPool2dCases(),
        ["ne"] = new ComparisonCases(),
        ["nonzero"] = new NonzeroCases(),
        ["pad"] = new PadCases(),
        ["permute"] = new PermuteCases(),
        ["pow"] = new PowCases(),
        ["remainder"] = new RemainderCases(),
        ["one_hot"] = new OneHotCases(),
        ["round"] = new WholeCases(),
        ["rsqrt"] = new RootCases(),
        ["scaled_dot_product_attention"] = new AttentionCases(),
        ["sigmoid"] = new ActivationCases(),
        ["silu"] = new ActivationCases(),
        ["sin"] = new SinCases(),
        ["scatter_add"] = new ScatterAddCases(),
        ["slice"] = new SliceCases(),
        ["softmax"] = new SoftmaxCases(),
        ["sort"] = new SortCases(),
        ["sqrt"] = new RootCases(),
        ["tanh"] = new TanhCases(),
        ["topk"] = new TopKCases(),
        ["uniform"] = new RandomCases(),
        ["normal"] = new RandomCases(),
        ["bernoulli"] = new RandomCases(),
    };

    public static OperatorCases Of(Operator op) => Of(op.Name);

    public static OperatorCases Of(string? op) => op is null ? s_none : s_byName.GetValueOrDefault(op, s_none);

    /// <summary>The values to try an attribute with, or null to leave it to its kind.</summary>
    public virtual IReadOnlyList<Func<Shape, string?>>? Choices(AttributeParameter attribute) => null;

    /// <summary>Whether a derived call has a result at all; one that has none belongs among the errors.</summary>
    public virtual bool HasResult(CallCase c) => true;

    /// <summary>Whether a derived call proves anything: one that gives back its input, whatever it holds, does not.</summary>
    public virtual bool Proves(CallCase c) => true;

    /// <summary>Calls that must fail, beyond those that every operator of its shape rule has.</summary>
    public virtual IEnumerable<CallCase> Errors(Operator op) => [];

    /// <summary>How many integers the fill <c>integers</c> tells apart in an input; null for what its dtype counts exactly.</summary>
    public virtual long? Modulus(int input) => null;

    /// <summary>Between which magnitudes <c>uniform</c> lies, and whether it has both signs; null to leave it to the accuracy rule.</summary>
    public virtual (double Low, double High, bool Signed)? Interval(DType dtype, int input) => null;

    /// <summary>What a number of an ordinary fill becomes. The word is random, and the number's own.</summary>
    public virtual double Number(int input, double number, uint word) => number;

    /// <summary>The same for the patterns that integers and bool have instead of reals.</summary>
    public virtual ulong Pattern(DType dtype, int input, ulong bits) => bits;

    /// <summary>Whether integers of this input are divided by: of zeros the fill <c>special</c> keeps one, the others none.</summary>
    public virtual bool IsDivisor(int input) => false;

    /// <summary>Floats that <c>special</c> plants beside those that every operator gets: where its domain ends, where formulas change.</summary>
    public virtual double[] Edges(DType dtype) => [1e30, -1e30, 3, 7, 65520, 1e-30];

    /// <summary>Integers, likewise; those that a dtype does not hold are left out.</summary>
    public virtual ulong[] IntegerEdges => [];

    /// <summary>The last hand on the data of a fill: what depends on where an element stands.</summary>
    public virtual void Arrange(Operand data, string fill, long seed, FillContext context)
    {
    }

    /// <summary>A bit for each dimension of an input over which its elements meet in one output; null to leave them to the shape rule.</summary>
    public virtual uint? Meeting(int input) => null;

    /// <summary>The input whose zeros keep the terms of a product few: one of which each output takes other elements.</summary>
    public virtual int Thinned => 0;

    /// <summary>Shapes, one for each tensor of a call; null, here and below, to leave them to the shape rule (<see cref="ShapeAxis"/>).</summary>
    public virtual IReadOnlyList<Shape[]>? Shapes => null;

    /// <summary>Shapes in which every layout differs from the contiguous one.</summary>
    public virtual IReadOnlyList<Shape[]>? LayoutShapes => null;

    /// <summary>Shapes that hold every special value.</summary>
    public virtual IReadOnlyList<Shape[]>? SpecialShapes => null;

    /// <summary>Shapes in which many terms meet in an output.</summary>
    public virtual IReadOnlyList<Shape[]>? LongShapes => null;

    /// <summary>For an input that holds positions: how many there are to name. Ordinary fills name those alone, <c>special</c> others too (KER-25).</summary>
    public virtual unsafe long? Positions(void* attributes, IReadOnlyList<Shape> inputs, int input) => null;
}
