using Backends;
using Backends.Hosting;

using var host = BackendHost.Load(args);             // appsettings.json < environment < command line
var device = host.Device;                            // the configured one
var x = device.Uniform([512, 784], seed: 1);
var w = device.Uniform([784, 10], seed: 2);
Tensor y;
using (var scope = new TensorScope())                // frees all that was made inside, but what it keeps
    y = scope.Keep((x.MatMul(w) * 0.1f).Softmax(dim: -1));
Console.WriteLine(y);                                // a read by the host: the only thing that waits
