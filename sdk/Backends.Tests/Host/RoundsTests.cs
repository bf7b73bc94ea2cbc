using System.Diagnostics;
using System.Runtime.InteropServices;
using Backends.Plugins;
using Backends.Tests.Native;
using Backends.Tests.Queues;

namespace Backends.Tests.Host;

/// <summary>
/// Rounds of find, load, discover, open, work, close and end leave nothing behind (OBJ-2): what a process has after a warm-up it has at the end. A
/// process of its own runs them, so that nobody else's threads and memory are counted.
/// </summary>
public sealed class RoundsTests : IDisposable
{
    private const string Inner = "BACKENDS_ROUNDS_FOLDER";
    private readonly string _folder = Directory.CreateTempSubdirectory("backends-rounds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Many_rounds_leave_nothing_behind()
    {
        string own = Path.Combine(AppContext.BaseDirectory, "backends"), c = Path.Combine(_folder, "minimal-native");
        Directory.CreateDirectory(c);
        CCompiler.CompileFile(CCompiler.Sample("MinimalNative/minimal.c"), Path.Combine(c, "libminimal.so"));
        ManifestWriter.Write(c, "minimal-native");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", "-method", $"{typeof(RoundsTests).FullName}.{nameof(Rounds_in_this_process)}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Inner] = $"{own}{Path.PathSeparator}{c}";
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(stop);
        string output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output);
        // Nor does a plugin say anything on its own (OBJ-14): what is printed is the runner's.
        Assert.Equal("", await errors);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.Matches("^xUnit|^  (Disc|Start|Finish)|^===|Total: 1", l));
    }

    [Fact]
    public void Rounds_in_this_process()
    {
        string folders = Environment.GetEnvironmentVariable(Inner) ?? "";
        Assert.SkipUnless(folders.Length > 0, "run by the test above, in a process of its own");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "counts what Linux shows in /proc");
        int rounds = Math.Max(250, Effort.Of(1_000));   // all thousand in the nightly
        for (int i = 0; i < 100; i++) Round(folders, i);
        var before = Footprint.Now();
        for (int i = 0; i < rounds; i++) Round(folders, i);
        var after = Footprint.Now();
        // What leaks once a round is there as often as there were rounds; the runtime's own few come and go.
        Assert.True(after.Threads <= before.Threads + 8, $"threads: {before.Threads}, then {after.Threads}");
        Assert.True(after.Files <= before.Files + 8, $"open files: {before.Files}, then {after.Files}");
        Assert.True(after.Managed <= before.Managed + (128 << 10), $"managed bytes: {before.Managed:N0}, then {after.Managed:N0}");
        Assert.True(after.Native <= before.Native + (8 << 20), $"bytes of malloc: {before.Native:N0}, then {after.Native:N0}");
    }

    private static void Round(string folders, int round)
    {
        using var host = BackendHost.FromPlugins(folders.Split(Path.PathSeparator));
        host.Log = _ => { };
        Assert.Empty(host.Absences);
        foreach (string name in (string[])["cpu", "reference", "sim:0?max-delay=0", "minimal-native"])
        {
            var device = host[name];
            using var x = device.Tensor(-1f, round);
            using var y = x.Relu();
            Assert.Equal([0, round], y.ToArray<float>());
        }
    }

    private sealed record Footprint(int Threads, int Files, long Managed, long Native)
    {
        public static Footprint Now()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            return new(Directory.GetDirectories("/proc/self/task").Length, Directory.GetFiles("/proc/self/fd").Length, GC.GetTotalMemory(forceFullCollection: true), Malloc());
        }

        // Of glibc; where the C library has none, native memory is not looked at.
        private static unsafe long Malloc()
        {
            if (!NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallinfo2", out nint entry)) return 0;
            var info = ((delegate* unmanaged[Cdecl]<MallocInfo>)entry)();
            return (long)(info.InUse + info.Mapped);
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct MallocInfo
        {
            public nuint Arena, FreeChunks, FastChunks, MappedCount, Mapped, Unused, FastFree, InUse, Free, Top;
        }
    }
}
