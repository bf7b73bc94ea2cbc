namespace Backends.Tests.Generators;

/// <summary>Each wrong kernel gives its one error, in the words of docs/diagnostics, and no other.</summary>
public sealed class KernelDiagnosticTests
{
    private static string Device(string members, string header = "public sealed partial class AcmeDevice() : HostMemoryDevice(new DeviceInfo { Name = \"Acme\" })") => $$"""
        using Backends;
        using Backends.Plugins;
        namespace Acme;
        {{header}}
        {
            {{members}}
        }
        """;

    [Theory]
    [InlineData("rleu", "BK0001: There is no operator 'rleu'. Did you mean 'relu'?")]
    [InlineData("mtamul", "BK0001: There is no operator 'mtamul'. Did you mean 'matmul'?")]
    [InlineData("fourier", "BK0001: There is no operator 'fourier'. The list: docs/operators.md.")]
    public void A_kernel_of_no_operator_hears_the_nearest_name(string op, string expected) =>
        Assert.Equal([expected], VendorCompiler.Errors(Device($"[Kernel(\"{op}\", DType.F32)] private static void Relu(in ReluArgs args) {{ }}")));

    [Theory]
    [InlineData("private void Relu(in ReluArgs args) { }")]
    [InlineData("private static int Relu(in ReluArgs args) => 0;")]
    public void A_kernel_is_static_and_returns_nothing(string method) => Assert.Equal(
        ["BK0002: Kernel 'Relu' must be static and return void; state lives in the device, which args.Device gives; errors are thrown."],
        VendorCompiler.Errors(Device($"[Kernel(\"relu\", DType.F32)] {method}")));

    [Theory]
    [InlineData("Relu(in AddArgs args)", "(in AddArgs)")]
    [InlineData("Relu(ReluArgs args)", "(ReluArgs)")]
    [InlineData("Relu(in ReluArgs args, int queue)", "(in ReluArgs, int)")]
    [InlineData("Relu()", "()")]
    [InlineData("Relu<N>(in ReluArgs args)", "<N>(in ReluArgs)")]
    public void A_kernel_takes_its_operators_view_alone(string method, string shown) => Assert.Equal(
        [$"BK0003: Kernel 'Relu' of operator 'relu' takes {shown}. Expected: (in ReluArgs args), or (in ReluArgs args, YourQueue queue) on a device with queues."],
        VendorCompiler.Errors(Device($"[Kernel(\"relu\", DType.F32)] private static void {method} {{ }}")));

    [Theory]
    [InlineData("\"relu\", DType.Bool", "Relu(in ReluArgs args)", "'relu' has no dtype bool. It has: i8 i16 i32 i64 f16 bf16 f32 f64.")]
    [InlineData("\"relu\"", "Relu(in ReluArgs args)", "'relu' has no dtype (none is named). It has: i8 i16 i32 i64 f16 bf16 f32 f64.")]
    [InlineData("\"relu\", Types = \"f33\"", "Relu(in ReluArgs args)", "'relu' has no dtype f33. It has: i8 i16 i32 i64 f16 bf16 f32 f64.")]
    [InlineData("\"cast\", DType.F32", "Cast(in CastArgs args)",
        "'cast' has no dtype f32. It has: Types = \"T,U\" with T in bool u8 i8 u16 i16 u32 i32 u64 i64 f16 bf16 f32 f64 f8e4m3 f8e5m2 and U in bool u8 i8 u16 i16 u32 i32 u64 i64 f16 bf16 f32 f64 f8e4m3 f8e5m2.")]
    public void A_kernel_names_dtypes_that_its_operator_has(string attribute, string method, string expected) =>
        Assert.Equal([$"BK0004: Operator {expected}"], VendorCompiler.Errors(Device($"[Kernel({attribute})] private static void {method} {{ }}")));

    [Fact]
    public void Two_kernels_that_take_every_call_are_one_too_many() => Assert.Equal(
        ["BK0005: 'relu' for f32 has two kernels without a When: 'Relu' and 'Relu2'. Give one a When, or remove it."],
        VendorCompiler.Errors(Device("""
            [Kernel("relu", DType.F32, DType.F64)] private static void Relu(in ReluArgs args) { }
            [Kernel("relu", DType.F32)] private static void Relu2(in ReluArgs args) { }
            """)));

    [Theory]
    [InlineData("Priority = 1")]
    [InlineData("When = nameof(Fits)")]
    public void Two_kernels_that_differ_in_priority_or_condition_are_welcome(string difference) => Assert.Empty(
        VendorCompiler.Errors(Device($$"""
            [Kernel("relu", DType.F32)] private static void Relu(in ReluArgs args) { }
            [Kernel("relu", DType.F32, {{difference}})] private static void Relu2(in ReluArgs args) { }
            private static bool Fits(in ReluArgs args) => args.Y.Rank <= 4;
            """)));

    [Fact]
    public void A_view_has_no_kernel() => Assert.Equal(
        ["BK0006: 'slice' is done by the host and never reaches a device. Remove the kernel."],
        VendorCompiler.Errors(Device("[Kernel(\"slice\", DType.F32)] private static void Slice(in ReluArgs args) { }")));

    [Theory]
    [InlineData("public sealed class AcmeDevice() : HostMemoryDevice(new DeviceInfo { Name = \"Acme\" })")]
    [InlineData("public partial class AcmeDevice")]
    public void Kernels_live_in_a_partial_device(string header) => Assert.Equal(
        ["BK0007: 'AcmeDevice' holds kernels and must be partial and derive from BackendDevice."],
        VendorCompiler.Errors(Device("[Kernel(\"relu\", DType.F32)] private static void Relu(in ReluArgs args) { }", header)));

    [Theory]
    [InlineData("")]
    [InlineData("private bool Fits(in AddArgs args) => true;")]
    [InlineData("private static int Fits(in AddArgs args) => 1;")]
    [InlineData("private static bool Fits(AddArgs args) => true;")]
    [InlineData("private static bool Fits(in ReluArgs args) => true;")]
    public void When_names_a_predicate_over_the_same_view(string predicate) => Assert.Equal(
        ["BK0008: When = \"Fits\" must name a method: static bool Fits(in AddArgs args)."],
        VendorCompiler.Errors(Device($"[Kernel(\"add\", DType.F32, When = \"Fits\")] private static void Add(in AddArgs args) {{ }} {predicate}")));

    [Fact]
    public void An_error_points_at_the_attribute_that_is_wrong() => Assert.Equal("Kernel(\"relu\", DType.Bool)", VendorCompiler.FirstErrorIn(Device(
        "[Kernel(\"relu\", DType.F32)] [Kernel(\"relu\", DType.Bool)] private static void Relu(in ReluArgs args) { }")));

    [Fact]
    public void A_wrong_kernel_takes_no_other_one_along() => Assert.Equal(["BK0001: There is no operator 'rleu'. Did you mean 'relu'?"],
        VendorCompiler.Errors(Device("""
            [Kernel("rleu", DType.F32)] private static void Rleu(in ReluArgs args) { }
            [Kernel("relu", DType.F32)] private static void Relu(in ReluArgs args) { }
            """)));
}
