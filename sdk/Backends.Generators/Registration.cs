namespace Backends.Generators;

/// <summary>Writes the part of a device's class that registers its kernels.</summary>
internal static class Registration
{
    private const string Plugins = "global::Backends.Plugins";

    public static string Write(DeviceClass device, List<KernelRecord> records, string backend)
    {
        var text = Text.File($"the methods of {device.Name} with [Kernel]");
        if (device.Namespace.Length > 0) text.Line($"namespace {device.Namespace};").Line();
        var headers = device.Headers.Split('\n');
        foreach (string header in headers) text.Open(header);

        text.Line("/// <inheritdoc/>").Open($"protected override unsafe void AddDeclaredKernels({Plugins}.KernelList kernels)");
        text.Line("base.AddDeclaredKernels(kernels);");
        var taken = new HashSet<string>();
        // The kernel that takes all has the plain name, though it is registered last.
        var names = records.OrderBy(r => r.Declaration.When is not null).ToDictionary(r => r, r => Name(Prefix(device, backend), r, taken));
        foreach (var record in records) Record(text, record, names[record]);
        text.Close();
        foreach (var kernel in records.Select(r => (r.Declaration.Method, r.Operator)).Distinct())
        {
            string queue = kernel.Method.Queue.Length == 0 ? "" : $", {Plugins}.KernelThunk.Queue<{kernel.Method.Queue}>(frame)";
            text.Line().Line($"private static unsafe void {RunThunk(kernel.Method.Name, kernel.Operator)}({Plugins}.CallFrame* frame) => {kernel.Method.Name}(new {Plugins}.{kernel.Operator.ArgsType}(frame){queue});");
        }
        foreach (var kernel in records.Where(r => r.Declaration.When is not null).Select(r => (When: r.Declaration.When!, r.Operator)).Distinct())
            text.Line().Line($"private static unsafe bool {WhenThunk(kernel.When, kernel.Operator)}({Plugins}.CallFrame* frame) => {kernel.When}(new {Plugins}.{kernel.Operator.ArgsType}(frame));");
        foreach (string _ in headers) text.Close();
        return text.ToString();
    }

    private static void Record(Text text, KernelRecord record, string name)
    {
        var kernel = record.Declaration;
        text.Line($"kernels.Add(new {Plugins}.Kernel").Line("{");
        text.Line($"    Operator = {Text.Literal(kernel.Operator)},");
        text.Line($"    Types = [{string.Join(", ", record.Types.Select(AttributeText.DTypeLiteral))}],");
        text.Line($"    Name = {Text.Literal(name)},");
        if (kernel.Accepts != 0) text.Line($"    Accepts = ({Plugins}.Accepts){kernel.Accepts},");
        if (kernel.MaxRank != 8) text.Line($"    MaxRank = {kernel.MaxRank},");
        if (kernel.Determinism != 0) text.Line($"    Determinism = ({Plugins}.Determinism){kernel.Determinism},");
        // What the vendor compiles against is what his kernel computes (KER-20).
        if (record.Operator.Schema.Version != 1) text.Line($"    Version = {record.Operator.Schema.Version},");
        if (kernel.Priority != 0) text.Line($"    Priority = {kernel.Priority},");
        text.Line($"    Run = &{RunThunk(kernel.Method.Name, record.Operator)},");
        if (kernel.When is not null) text.Line($"    When = &{WhenThunk(kernel.When, record.Operator)},");
        text.Line("});");
    }

    private static string RunThunk(string method, Declared op) => $"Run_{method}_{op.Name}";

    private static string WhenThunk(string method, Declared op) => $"When_{method}_{op.Name}";

    private static string Prefix(DeviceClass device, string backend)
    {
        string name = backend.Length > 0 ? backend : device.Name;
        bool says = name.Length > 6 && name.EndsWith("Device", StringComparison.Ordinal);
        return (says ? name.Substring(0, name.Length - 6) : name).ToLowerInvariant();
    }

    // acme.relu.f32; a second kernel for the same claim also bears its method's name, and a number if even that is taken.
    private static string Name(string prefix, KernelRecord record, HashSet<string> taken)
    {
        string plain = string.Join(".", new[] { prefix, record.Operator.Schema.Name }.Concat(record.Types));
        string method = $"{plain}.{record.Declaration.Method.Name.ToLowerInvariant()}";
        string name = plain;
        for (int number = 1; !taken.Add(name); number++) name = number == 1 ? method : $"{method}.{number}";
        return name;
    }
}
