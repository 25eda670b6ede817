#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;

// The variance of one gradient, before and after: a thousand draws of the same variable with eight categories.
random.manual_seed(1);
var weights = randn(8, 5);
var logits = randn(8).repeat(1000, 1).requires_grad_();                 // [draws, categories]
foreach (var estimator in (IGradientEstimator[])[new StraightThroughGumbelSoftmax(0.5), new GumbelRaoExact(0.5)])
{
    var z = logits.SampleOneHot(estimator);                             // was: gumbel_softmax(logits, tau: 0.5, hard: true)
    var cost = z.matmul(weights).square().sum();
    var gradient = autograd.grad([cost], [logits])[0];
    Console.WriteLine($"{estimator.GetType().Name,-30} variance {gradient.var(0).sum().item<float>():F2}");
}
