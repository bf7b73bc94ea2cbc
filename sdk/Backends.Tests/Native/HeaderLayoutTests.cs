using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Backends.Plugins;
using Backends.Plugins.Native;

namespace Backends.Tests.Native;

/// <summary>The contract in C and the contract in C# are the same bytes: a C program prints sizes, offsets and constants, and each is compared.</summary>
public sealed class HeaderLayoutTests : IDisposable
{
    private static readonly (Type Type, string Name)[] s_structs =
    [
        (typeof(CallFrame), "bk_frame"), (typeof(Scalar), "bk_scalar"), (typeof(BkHost), "bk_host"), (typeof(BkKernel), "bk_kernel"),
        (typeof(BkDevice), "bk_device"), (typeof(BkOptions), "bk_options"), (typeof(BkQueue), "bk_queue"), (typeof(BkCopy), "bk_copy"), (typeof(BkFailure), "bk_failure"),
        (typeof(BkDiscovery), "bk_discovery"), (typeof(BkBackend), "bk_backend"),
        (typeof(DLDevice), "DLDevice"), (typeof(DLDataType), "DLDataType"), (typeof(DLTensor), "DLTensor"),
    ];

    // Where DLPack's words are not the contract's.
    private static readonly Dictionary<(Type, string), string> s_dlpack = new()
    {
        [(typeof(DLDevice), "Type")] = "device_type", [(typeof(DLDevice), "Id")] = "device_id",
        [(typeof(DLTensor), "Rank")] = "ndim", [(typeof(DLTensor), "Type")] = "dtype",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("backends-layout-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Structs_are_the_same_bytes_in_both_languages()
    {
        var expected = new Dictionary<string, long>();
        foreach ((var type, string name) in s_structs)
        {
            expected[$"sizeof({name})"] = Marshal.SizeOf(type);
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                expected[$"offsetof({name}, {s_dlpack.GetValueOrDefault((type, field.Name)) ?? Snake(field.Name.TrimStart('_'))})"] = Marshal.OffsetOf(type, field.Name);
        }
        Compare(expected, "backends/backend.h");
    }

    [Fact]
    public void Every_field_of_the_header_has_its_field_here()
    {
        string header = File.ReadAllText(Path.Combine(CCompiler.Include, "backends", "backend.h"));
        foreach ((var type, string name) in s_structs)
        {
            int end = header.IndexOf($"\n}} {name};", StringComparison.Ordinal), start = header.LastIndexOf($"typedef struct {name} {{", end, StringComparison.Ordinal);
            string body = System.Text.RegularExpressions.Regex.Replace(header[start..end], @"/\*.*?\*/", "", System.Text.RegularExpressions.RegexOptions.Singleline);
            Assert.True(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == body.Count(c => c == ';'), name);
        }
    }

    [Fact]
    public void Constants_have_the_same_values_in_both_languages()
    {
        var expected = new Dictionary<string, long>
        {
            ["BK_CONTRACT"] = ContractVersion.Host.Packed, ["BK_HOST_MEMORY"] = BkDevice.HostMemory, ["BK_OWN_MEMORY"] = BkDevice.OwnMemory,
            ["BK_FROM_HOST"] = BkCopy.FromHost, ["BK_TO_HOST"] = BkCopy.ToHost, ["BK_STABLE"] = BkCopy.Stable,
            ["BK_WAIT_FAILED"] = (int)WaitResult.Failed,   // BK_FAILED is an absence
            ["BK_REACHED"] = (int)WaitResult.Reached, ["BK_TIMED_OUT"] = (int)WaitResult.TimedOut,
        };
        foreach (var status in Enum.GetValues<BackendStatus>()) expected[Constant(status)] = (int)status;
        foreach (var accepts in Enum.GetValues<Accepts>()) expected[Constant(accepts)] = (int)accepts;
        foreach (var determinism in Enum.GetValues<Determinism>()) expected[Constant(determinism)] = (int)determinism;
        foreach (var trait in Enum.GetValues<DeviceTraits>().Where(t => t != DeviceTraits.None)) expected[Constant(trait)] = (int)trait;
        foreach (var kind in Enum.GetValues<DeviceKind>()) expected[Constant(kind)] = (int)kind;
        foreach (var level in Enum.GetValues<PluginLogLevel>()) expected[Constant(level)] = (int)level;
        foreach (var dtype in DTypes.All) expected[$"BK_{dtype.ToString().ToUpperInvariant()}"] = (int)dtype;
        foreach (var code in Enum.GetValues<AbsenceCode>().Where(c => c is AbsenceCode.Disabled or >= AbsenceCode.NoDriver))
            expected[code == AbsenceCode.Unsupported ? "BK_NOT_SUPPORTED" : Constant(code)] = (int)code;   // BK_UNSUPPORTED is the status
        Compare(expected, "backends/backend.h");
    }

    [Fact]
    public void Sizes_of_contract_1_0_never_change()
    {
        Assert.Equal(80, FirstSize<BkKernel>());
        Assert.Equal(200, FirstSize<BkDevice>());
        Assert.Equal(80, FirstSize<BkQueue>());
        Assert.Equal(48, FirstSize<BkBackend>());
        Assert.Equal(56, Marshal.SizeOf<BkCopy>());
        Assert.Equal(32, Marshal.SizeOf<BkFailure>());
        Assert.Equal(24, Marshal.SizeOf<BkOptions>());
        Assert.Equal(24, Marshal.SizeOf<BkHost>());
        Assert.Equal(152, Marshal.SizeOf<CallFrame>());
        Assert.Equal(48, Marshal.SizeOf<DLTensor>());
    }

    [Fact]
    public void Attribute_structs_lie_where_their_declarations_say()
    {
        var expected = new Dictionary<string, long>();
        foreach (var op in CoreOperators.All.Where(o => o.Schema.Attributes.Count > 0))
            foreach (var attribute in op.Schema.Attributes)
                expected[$"offsetof(bk_{op.Name}_attributes, {attribute.Name})"] = attribute.Offset;
        Compare(expected, "backends/operators.h");
    }

    [Fact]
    public void The_header_is_C_plus_plus_too()
    {
        CCompiler.Require();
        string file = Path.Combine(_folder, "plugin.cc");
        File.Copy(CCompiler.Sample("MinimalNative/minimal.c"), file);
        Assert.SkipUnless(CCompiler.Run("sh", "-c", "command -v c++").Code == 0, "there is no C++ compiler (c++) on this machine");
        (int code, string text) = CCompiler.Run("c++", "-std=c++20", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror", "-fsyntax-only", "-I", CCompiler.Include, file);
        Assert.True(code == 0, text);
    }

    // All differences in one message, so that one run shows a whole shift.
    private void Compare(Dictionary<string, long> expected, string header)
    {
        var source = new StringBuilder($"#include <{header}>\n#include <stddef.h>\nint main(void) {{\n");
        foreach (string expression in expected.Keys) source.AppendLine($"    printf(\"%lld\\n\", (long long)({expression}));");
        string program = Path.Combine(_folder, "layout");
        CCompiler.Compile(source.AppendLine("    return 0;\n}").ToString(), program);
        (int code, string text) = CCompiler.Run(program);
        Assert.Equal(0, code);
        var actual = expected.Keys.Zip(text.Split('\n'), (e, v) => $"{e} = {v}");
        Assert.Equal(expected.Select(p => $"{p.Key} = {p.Value}"), actual);
    }

    private static int FirstSize<T>() where T : unmanaged, INativeTable => T.FirstSize;

    private static string Constant<T>(T value) where T : struct, Enum => $"BK_{Snake(value.ToString()).ToUpperInvariant()}";

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
