// What docs/app.md tells, as one program: each part between "quote" and "end" stands in that page.
using Backends;

using var host = BackendHost.FromPlugins();
var device = host["cpu"];

// quote make
var a = device.Tensor([1f, 2, 3, 4, 5, 6], [2, 3]);     // the dtype follows from the elements
var zeros = device.Zeros([2, 3], DType.F16);
var noise = device.Uniform([2, 3], seed: 7);            // the same numbers on every device
var ones = device.Full([3], 1, DType.I64);
// end make

// quote print
Console.WriteLine(a);
Console.WriteLine((a / 3).ToString("G9"));              // all digits of an f32
// end print

// quote views
var row = a[0];                                         // an index takes its dimension away
var last = a[.., ^1];                                   // from the end
var odd = a[.., (.., 2)];                               // every second column
var turned = a.Transpose();                             // also Permute, Reshape, Expand, Squeeze, Unsqueeze, AsStrided
row += 10;                                              // a view: a changes
a[1, 2] = device.Full([], 0);                           // writes into a
// end views
Console.WriteLine(a);

// quote inplace
a *= 2;                                                 // no new tensor; dtype and shape stay, every view sees it
a.AddInPlace(row);                                      // the same for a `using` variable, which C# does not let += assign
Ops.Mul(a, a, into: a);                                 // a result goes where you say: onto an input, or where no input lies
// end inplace
Console.WriteLine(a);

// quote promotion
var half = zeros + 1.5;                                 // f16: a number never widens a tensor
var both = zeros + a;                                   // f32: two tensors meet at the dtype that holds both
var whole = a.To(DType.I32);                            // truncates; nothing else converts unasked
// end promotion
Console.WriteLine($"{half.DType.Name} {both.DType.Name} {whole.DType.Name} {ones.DType.Name}");

// quote read
float first = a[0, 0].ToScalar<float>();                // one element
float[] all = turned.ToArray<float>();                  // in row-major order, whatever the strides
long[] later = await ones.ToArrayAsync<long>();
using (var reader = a.Read<float>())                    // no copy: contiguous host memory only
    Console.WriteLine($"{reader.Span[0] == first} {all.Length} {later.Length}");
// end read

// quote scope
Tensor y;
using (var scope = new TensorScope())
    y = scope.Keep((noise - noise.Sum(dim: -1, keepDim: true)).Exp());
// end scope
Console.WriteLine(y.Shape);

// quote error
try
{
    Console.WriteLine(a.MatMul(a));
}
catch (ShapeException e)
{
    Console.WriteLine(e.Message);                       // which, what, why, and what to do
}
// end error

// quote calls
device.FallbackByOperator["nonzero"] = FallbackPolicy.Deny;   // rather an error than a copy to the CPU and back
Console.WriteLine(device.Calls);
Console.WriteLine(device.Explain("softmax", DType.F32));
// end calls

// quote queues
using var copies = device.CreateQueue();
Tensor sums;
using (copies.Use())
    sums = a.Sum(dim: 0);                               // this thread's calls go there while the scope is open
var doubled = a * 2;                                    // at the same time, as far as the device can
Console.WriteLine(sums + doubled[0]);                   // waits for both, on the device; reading waits on the host
device.Synchronize();                                   // everything submitted is done
Console.WriteLine(device.Waits[WaitCause.Read]);        // how often the host waited, by cause
// end queues
GC.KeepAlive((last, odd));
