// Which estimator, which K, which τ for your own model? You write one function that draws a gradient; the studies do the rest.
// Put your own model in place of the small one here.
//
// Run:     dotnet run samples/choosing.cs
// Expect:  in less than a minute: a line for each estimator with its variance, bias and error; the two parts of the variance;
//          and the best temperature, with its 95 % interval.
//
// Outside a clone, with the package in a folder of yours (the README makes it), put these in the place of the #:project line:
//     #:property RestoreAdditionalProjectSources=FEED
//     #:package DiscreteGradients@0.1.0
//     #:package libtorch-cpu-linux-x64@2.10.0
#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;

set_num_threads(1);                                                     // small batches: libtorch's own threads only get in the way
random.manual_seed(5);
var x = randn(10, 6);                                                   // a minibatch
var weights = (randn(6, 3 * 4) * tensor(0.5f)).requires_grad_();
var target = randn(10, 4);

Tensor Gradient(IGradientEstimator estimator, Generator generator)
{
    var z = estimator.Sample(new OneHotCategorical(x.matmul(weights).reshape(10, 3, 4)), generator);
    var error = z.Value.sum(-2) - target;
    var cost = (error * error).sum(-1);
    return autograd.grad([SurrogateLoss.Parallel(cost, [z]).mean()], [weights])[0];
}

// 1. Bias, variance and mean squared error, against the mean of an unbiased estimator.
var study = new GradientStudy(Gradient) { Draws = 500 };
IGradientEstimator[] candidates = [new StraightThrough(0.5), new StraightThroughGumbelSoftmax(0.5), new GumbelRao(100, 0.5), new GumbelRaoExact(0.5)];
foreach (var row in study.Compare(candidates, reference: new Reinforce())) Console.WriteLine(row);

// 2. K: the part of the variance that more draws remove, and the part that they do not.
var parts = study.Decompose(temperature: 0.5);
Console.WriteLine(parts);
Console.WriteLine($"K = {parts.SamplesFor(share: 0.05)} leaves at most 5 % above the variance at K = infinity");

// 3. τ: the one of least mean squared error, with its uncertainty.
var curve = new TemperatureStudy(Gradient) { Draws = 500 }.Measure(t => new GumbelRaoExact(t), [0.2, 0.5, 1, 2, 5], new Reinforce());
foreach (var (temperature, error) in curve.Temperatures.Zip(curve.MeanSquaredErrors)) Console.WriteLine($"  temperature {temperature}: MSE {error}");
Console.WriteLine(curve);
