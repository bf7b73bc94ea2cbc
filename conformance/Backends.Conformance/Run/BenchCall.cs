using System.Diagnostics;
using Backends.Plugins;

namespace Backends.Conformance;

/// <summary>One case's call: its tensors between guards, its attributes, and after <see cref="Invoke"/> its results and record.</summary>
internal sealed unsafe class BenchCall : IDisposable
{
    private readonly Device _device;
    private readonly List<IDisposable> _owned = [];
    private readonly GuardedTensor?[] _inputs;
    private readonly GuardedTensor?[] _targets;
    private Tensor[] _results = [];

    public BenchCall(BackendHost host, Device device, CallCase c)
    {
        (Case, _device) = (c, device);
        var schema = c.Operator.Schema;
        Attributes = Own(new AttributeValues(c.Operator, c.AttributeTexts()));
        _inputs = new GuardedTensor?[c.Shapes.Count];
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (!c.IsGiven(i)) continue;
            var home = c.Error == "BK2004" && i == _inputs.Length - 1 ? Other(host, device) : device;
            _inputs[i] = Own(GuardedTensor.Of(home, c.InputType(i), c.Shapes[i], c.LayoutOf(c.Parameter(i).Name), Elements(i)));
        }
        _targets = [.. schema.Outputs.Select((_, i) => Target(i))];
    }

    public CallCase Case { get; }

    public AttributeValues Attributes { get; }

    /// <summary>What the call was, as the host recorded it.</summary>
    public CallRecord? Record { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    /// <summary>Whether the host told that an index led outside (KER-25).</summary>
    public bool ToldFault { get; private set; }

    /// <summary>Whether what ran had promised to report that.</summary>
    public bool ReportsFaults
    {
        get
        {
            if (Record is not { Way: Way.Native or Way.Fallback } record) return false;
            // Of a fallback the record names the device.
            var device = record.Way == Way.Native ? _device : Fallback.TargetsOf(_device).First(d => d.Name == record.Kernel);
            var kernel = device.Kernels.First(Case.Operator, Operator.Combination([.. Case.Types]));
            while (record.Way == Way.Native && kernel is not null && kernel.Record.Name != record.Kernel) kernel = kernel.Next;
            return kernel is not null && kernel.Takes(Accepts.ReportsFaults);
        }
    }

    /// <summary>The input's elements as the device sees them: with stride 0, many are one.</summary>
    public byte[] InputBefore(int index) => _inputs[index]!.Before();

    /// <summary>The results' shapes.</summary>
    public Shape ResultShape(int index) => _results[index].Shape;

    public DType ResultType(int index) => _results[index].DType;

    /// <summary>A result's elements, in row-major order.</summary>
    public byte[] ResultBytes(int index)
    {
        var result = _results[index];
        byte[] bytes = new byte[result.Elements * result.DType.Size];
        result.CopyBytesTo(bytes);
        return bytes;
    }

    public Explanation Explain() => _device.Explain(Case.Operator, Tensors(), Attributes, Into());

    public void Invoke()
    {
        _device.Recorder = record => Record = record;
        long start = Stopwatch.GetTimestamp();
        try
        {
            _results = Ops.Invoke(Case.Operator, _device, Tensors(), Attributes, Into());
        }
        finally
        {
            Elapsed = Stopwatch.GetElapsedTime(start);
            _device.Recorder = null;
        }
        foreach (var result in _results) Own(result);
        if (Case.Operator.Schema.Tensors.All(t => t.Name != "index")) return;
        try
        {
            _device.Synchronize();
        }
        catch (DataErrorException)
        {
            ToldFault = true;
        }
    }

    /// <summary>Every guarded tensor after the call.</summary>
    public IEnumerable<(string Name, GuardReading Reading, bool IsTarget)> Readings()
    {
        var schema = Case.Operator.Schema;
        for (int i = 0; i < _inputs.Length; i++)
            if (_inputs[i] is { } input) yield return (Case.Parameter(i).Name, input.Read(), Case.Parameter(i).Name == Case.Into);
        for (int i = 0; i < _targets.Length; i++)
            if (_targets[i] is { } target && !_inputs.Contains(target)) yield return (schema.Outputs[i].Name, target.Read(), true);
    }

    public void Dispose()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) owned.Dispose();
    }

    // Where the suite makes the output itself, it stands between guards; views, results of unknown size and the aspect `dtypes` leave it to the host.
    private GuardedTensor? Target(int output)
    {
        var schema = Case.Operator.Schema;
        if (Case.Into is { } into) return _inputs[schema.Tensors.ToList().FindIndex(t => t.Name == into)];
        if (schema.IsView || schema.Phases > 1 || Case.Error is not null || Case.Aspect == DTypeClaims.AspectName) return null;
        return Own(GuardedTensor.Poisoned(_device, Case.OutputType(output), DeclaredCall.Outputs(Case)[output], Case.LayoutOf(schema.Outputs[output].Name)));
    }

    private byte[] Elements(int input) =>
        Fill.Make(Case.Fill, Case.FillVersion, Case.InputType(input), Case.Shapes[input], (long)Case.Seed, FillContext.For(Case.Operator, Attributes.Pointer, Case.Shapes, input));

    private static Device Other(BackendHost host, Device device) => host[device.PluginInfo.Name == "reference" ? "cpu" : "reference"];

    private Tensor?[] Tensors() => [.. _inputs.Select(i => i?.Tensor)];

    private Tensor?[] Into() => _targets.All(t => t is null) ? [] : [.. _targets.Select(t => t?.Tensor)];

    private T Own<T>(T made) where T : IDisposable
    {
        _owned.Add(made);
        return made;
    }
}
