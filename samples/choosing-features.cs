#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;

// Which 4 of 20 features does a target depend on? A mask of exactly 4 ones is drawn from Subset, and learned with the regression.
const int Features = 20, Chosen = 4, Rows = 200;
set_num_threads(1);
random.manual_seed(3);
var x = randn(Rows, Features);
var target = 2 * x[.., 3] - 1.5f * x[.., 7] + x[.., 11] + x[.., 16] + 0.1f * randn(Rows);

using var scores = nn.Parameter(zeros(Features));                       // of the features
using var weights = nn.Parameter(zeros(Features));                      // of the regression
var estimator = new SecondOrderStraightThrough(1);                      // 0 is SIMPLE
using var optimizer = optim.Adam([scores, weights], lr: 0.05);
for (var step = 0; step <= 600; step++)
{
    using var scope = NewDisposeScope();
    var mask = estimator.Sample(new Subset(scores.expand(Rows, Features), Chosen));   // a subset an example, [rows, features]
    var cost = ((x * mask.Value * weights).sum(-1) - target).square();
    optimizer.zero_grad();
    SurrogateLoss.Parallel(cost, [mask]).mean().backward();
    optimizer.step();
    if (step % 200 == 0) Console.WriteLine($"step {step,3}: loss {cost.mean().item<float>():F3}");
}

var marginals = new Subset(scores.detach(), Chosen).Marginals;
var found = marginals.topk(Chosen).indexes.data<long>().Order();
Console.WriteLine($"chosen: {string.Join(", ", found)}");
