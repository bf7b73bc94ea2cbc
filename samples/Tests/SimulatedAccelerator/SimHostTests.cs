namespace Backends.Samples.Tests.SimulatedAccelerator;

/// <summary>The simulated accelerator behind a host, as an app sees it.</summary>
public sealed class SimHostTests
{
    private static BackendHost Host() => BackendHost.FromPlugins().Add("sim", new Sim.SimBackend());

    // A device just opened records nothing yet: its calls must find the queue all the same.
    [Fact]
    public void The_first_calls_of_an_app_go_through_the_queue()
    {
        using var host = Host();
        var device = host["sim:0?seed=2"];
        using var a = device.Tensor([1f, 2, 3]);
        using var b = device.Tensor([10f, 20, 30]);
        using var y = a + b * a;
        Assert.Equal([11f, 42, 93], y.ToArray<float>());
        Assert.Equal(1, device.Waits[WaitCause.Read]);
    }
}
