// The drop-in for gumbel_softmax, in ten lines: the variance of one gradient before and after.
// One variable of eight categories, a thousand draws of each estimator.
//
// Run:     dotnet run samples/drop-in.cs
// Expect:  at once, two variances, that of GumbelRaoExact the smaller one. The numbers are the same at each run.
//
// Outside a clone, with the package in a folder of yours (the README makes it), put these in the place of the #:project line:
//     #:property RestoreAdditionalProjectSources=FEED
//     #:package DiscreteGradients@0.1.0
//     #:package libtorch-cpu-linux-x64@2.10.0
#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(1);
var weights = randn(8, 5);
var logits = randn(8).repeat(1000, 1).requires_grad_();                 // [draws, categories]
foreach (var estimator in (IGradientEstimator[])[new StraightThroughGumbelSoftmax(0.5), new GumbelRaoExact(0.5)])
{
    var z = logits.SampleOneHot(estimator);                             // was: gumbel_softmax(logits, tau: 0.5, hard: true)
    var y = z.matmul(weights);
    var gradient = autograd.grad([(y * y).sum()], [logits])[0];
    Console.WriteLine($"{estimator.GetType().Name,-30} variance {gradient.var(0).sum().item<float>():F2}");
}
