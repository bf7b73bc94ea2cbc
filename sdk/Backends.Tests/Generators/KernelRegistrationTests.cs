extern alias generators;
using Backends.Plugins;
using generators::Backends.Generators;

namespace Backends.Tests.Generators;

/// <summary>A device that is opened has one record for each combination that its attributes name, and the records lead to the methods.</summary>
public sealed unsafe class KernelRegistrationTests
{
    private const string Source = """
        using Backends;
        using Backends.Plugins;
        namespace Acme;
        public partial class AcmeDevice() : HostMemoryDevice(new DeviceInfo { Name = "Acme" })
        {
            [Kernel("relu", DType.F32, DType.F16)]
            private static void Relu(in ReluArgs args) { }

            [Kernel("relu", DType.F32, When = nameof(Small), Accepts = Accepts.Strided | Accepts.InPlace, MaxRank = 4, Determinism = Determinism.Bitwise)]
            private static void Fast(in ReluArgs args) => throw new BackendException(BackendStatus.DeviceError, "fast ran");

            private static bool Small(in ReluArgs args) => args.Elements < 10;

            [Kernel("cast", Types = "f32,f16; f16, f32", Priority = 3)]
            private static void Cast(in CastArgs args) { }

            protected override void AddKernels(KernelList kernels) { }
        }
        """;

    private static IReadOnlyList<Kernel> Kernels(string source, string device = "Acme.AcmeDevice") =>
        ((BackendDevice)Activator.CreateInstance(VendorCompiler.Load(source).GetType(device)!)!).Open(DeviceInfo.NoOptions).Kernels;

    [Fact]
    public void Every_combination_has_a_record_with_a_name_of_its_own() => Assert.Equal(
        ["acme.relu.f32.fast", "acme.relu.f32", "acme.relu.f16", "acme.cast.f32.f16", "acme.cast.f16.f32"], Kernels(Source).Select(k => k.Name));

    [Fact]
    public void A_record_says_what_its_attribute_says()
    {
        var fast = Kernels(Source)[0];
        Assert.Equal(("relu", DType.F32, Accepts.Strided | Accepts.InPlace, 4, Determinism.Bitwise, 0),
            (fast.Operator, Assert.Single(fast.Types), fast.Accepts, fast.MaxRank, fast.Determinism, fast.Priority));
        var cast = Kernels(Source)[^1];
        Assert.Equal([DType.F16, DType.F32], cast.Types);
        Assert.Equal((Accepts.Contiguous, 8, Determinism.Varying, 3), (cast.Accepts, cast.MaxRank, cast.Determinism, cast.Priority));
    }

    [Fact]
    public void A_kernel_that_asks_stands_before_one_that_takes_all() =>
        Assert.Equal([true, false, false], Kernels(Source).Where(k => k.Operator == "relu").Select(k => k.When != null));

    [Fact]
    public void A_kernel_computes_the_version_of_the_declaration_that_it_is_compiled_against()
    {
        var files = VendorCompiler.Generate(new PluginGenerator(), """
            using Backends;
            using Backends.Plugins;
            public partial class Device() : HostMemoryDevice(new DeviceInfo { Name = "Acme" })
            {
                [Kernel("later", DType.F32)]
                private static void Later(in LaterArgs args) { }
            }
            """, """
            [assembly: Backends.OperatorDeclaration("later(T x, i64 k = 0 since 3) -> T : T in float ; shape=same(x) ; accuracy=exact ; version=3", "Later", "Later.")]
            namespace Backends.Plugins { public readonly ref struct LaterArgs; }
            """);
        Assert.Contains("Version = 3,", Assert.Single(files).Value);
    }

    [Fact]
    public void The_thunks_lead_to_the_methods()
    {
        var fast = Kernels(Source)[0];
        var frame = new CallFrame { Elements = 9 };
        Assert.True(fast.When(&frame));
        frame.Elements = 10;
        Assert.False(fast.When(&frame));
        var run = fast.Run;
        var failure = Assert.Throws<BackendException>(() => { CallFrame empty = default; run(&empty); });
        Assert.Equal("fast ran", failure.Message);
    }

    [Fact]
    public void A_device_may_be_nested_or_without_a_namespace() => Assert.Equal(["device.relu.f32"], Kernels("""
        using Backends;
        using Backends.Plugins;
        public partial class Outer
        {
            public sealed partial class Device() : HostMemoryDevice(new DeviceInfo { Name = "Acme" })
            {
                [Kernel("relu", DType.F32)]
                private static void Relu(in ReluArgs args) { }
            }
        }
        """, "Outer+Device").Select(k => k.Name));

    [Fact]
    public void A_derived_device_adds_to_the_kernels_of_its_base() => Assert.Equal(["acme.relu.f32", "better.exp.f32"], Kernels("""
        using Backends;
        using Backends.Plugins;
        namespace Acme;
        public partial class AcmeDevice() : HostMemoryDevice(new DeviceInfo { Name = "Acme" })
        {
            [Kernel("relu", DType.F32)]
            private static void Relu(in ReluArgs args) { }
        }
        public partial class BetterDevice : AcmeDevice
        {
            [Kernel("exp", DType.F32)]
            private static void Exp(in ExpArgs args) { }
        }
        """, "Acme.BetterDevice").Select(k => k.Name));
}
