// Hard routing: each token goes to one of four experts, and the router learns from the loss alone which one. A mask says which
// experts a token may use; here expert 3 is closed to every second token.
//
// Run:     dotnet run samples/mixture-of-experts.cs
// Expect:  in less than a minute, a loss well below that of one linear map for all tokens, which is printed first;
//          tokens spread over the experts; and no token at an expert that is closed to it.
//
// Outside a clone, with the package in a folder of yours (the README makes it), put these in the place of the #:project line:
//     #:property RestoreAdditionalProjectSources=FEED
//     #:package DiscreteGradients@0.1.0
//     #:package libtorch-cpu-linux-x64@2.10.0
#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

const int Tokens = 256, Width = 8, Experts = 4, Steps = 1500;

set_num_threads(1);                                                     // small batches: libtorch's own threads only get in the way
random.manual_seed(3);
var regions = randn(Experts, Width);                                    // a token belongs to the region it points to most
var maps = randn(Experts, Width, Width);                                // each region has a linear map of its own to learn
using var router = Linear(Width, Experts);
using var experts = Linear(Width, Experts * Width);                     // all experts in one matrix
using var optimiser = optim.Adam(router.parameters().Concat(experts.parameters()), lr: 1e-2);
var estimator = new GumbelRaoExact(0.5);

var open = ones(Tokens, Experts, dtype: ScalarType.Bool);
open[TensorIndex.Slice(0, null, 2), 3] = tensor(false);

var (inputs, outputs) = Data();
using (no_grad())
{
    var best = linalg.lstsq(inputs, outputs).Solution;                  // the best single map
    Console.WriteLine($"one linear map for all: loss {functional.mse_loss(inputs.matmul(best), outputs).item<float>():F3}");
}

double average = 0;                                                     // of the last hundred losses or so
for (var step = 0; step <= Steps; step++)
{
    using var scope = NewDisposeScope();
    var (x, y) = Data();
    var route = router.call(x).SampleOneHot(estimator, mask: open);     // [tokens, experts], one-hot
    var answers = experts.call(x).reshape(-1, Experts, Width);
    var output = (route.unsqueeze(-1) * answers).sum(1);                // at run time, only the chosen expert need be computed
    var loss = functional.mse_loss(output, y);
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
    average += (loss.item<float>() - average) / Math.Min(step + 1, 100);
    if (step % 500 == 0) Console.WriteLine($"step {step,4}: loss {average:F3}, tokens an expert {Counts(route)}");
    if (route[TensorIndex.Slice(0, null, 2), 3].sum().item<float>() != 0) throw new InvalidOperationException("a masked expert was used");
}
Console.WriteLine("no token was sent to an expert that is closed to it");

(Tensor X, Tensor Y) Data()
{
    var x = randn(Tokens, Width);
    var region = x.matmul(regions.t()).argmax(-1);
    return (x, maps.index_select(0, region).matmul(x.unsqueeze(-1)).squeeze(-1));
}

static string Counts(Tensor route) => string.Join(' ', route.sum(dim: 0).data<float>());
