// Which 4 of 20 features does a target depend on? A mask of exactly 4 ones is drawn from Subset, and is learned together with
// the regression.
//
// Run:     dotnet run samples/choosing-features.cs
// Expect:  in a few seconds, the loss fall from the variance of the target, about 9, to below 0.1,
//          and "chosen: 3, 7, 11, 16", the features that the target is made of.
//
// Outside a clone, with the package in a folder of yours (the README makes it), put these in the place of the #:project line:
//     #:property RestoreAdditionalProjectSources=FEED
//     #:package DiscreteGradients@0.1.0
//     #:package libtorch-cpu-linux-x64@2.10.0
#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;

const int Features = 20, Chosen = 4, Rows = 200;
set_num_threads(1);
random.manual_seed(3);
var x = randn(Rows, Features);
var truth = new float[Features];
(truth[3], truth[7], truth[11], truth[16]) = (2, -1.5f, 1, 1);
var target = x.matmul(tensor(truth)) - randn(Rows) * tensor(0.1f);      // of four features, and noise
Console.WriteLine($"variance of the target: {target.var().item<float>():F3}");

using var scores = nn.Parameter(zeros(Features));                       // of the features
using var weights = nn.Parameter(zeros(Features));                      // of the regression
var estimator = new SecondOrderStraightThrough(1);                      // 0 is SIMPLE
using var optimizer = optim.Adam([scores, weights], lr: 0.05);
for (var step = 0; step <= 600; step++)
{
    using var scope = NewDisposeScope();
    var mask = estimator.Sample(new Subset(scores.expand(Rows, Features), Chosen));   // a subset an example, [rows, features]
    var error = (x * mask.Value * weights).sum(-1) - target;
    var cost = error * error;
    optimizer.zero_grad();
    SurrogateLoss.Parallel(cost, [mask]).mean().backward();
    optimizer.step();
    if (step % 200 == 0) Console.WriteLine($"step {step,3}: loss {cost.mean().item<float>():F3}");
}

var marginals = new Subset(scores.detach(), Chosen).Marginals;
var found = marginals.topk(Chosen).indexes.data<long>().Order();
Console.WriteLine($"chosen: {string.Join(", ", found)}");
