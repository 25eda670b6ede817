// An estimator of your own, in a few lines, tested against the exact gradient. docs/own-estimator.md goes through it step by step.
//
// Run:     dotnet run samples/own-estimator.cs
// Expect:  in less than a minute, a line for each estimator. The cost is quadratic, so HalfCorrected has no bias: its squared
//          bias is 0 within a few standard errors. That of StraightThroughGumbelSoftmax is not.
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
random.manual_seed(6);
var theta = tensor(new[,] { { 0.3, -0.8, 1.1, 0.2 }, { -0.4, 0.9, 0.1, -1.3 } }).requires_grad_();

var features = tensor(new[,] { { 0.0, 0.84, 0.91, 0.14 }, { -0.76, -0.96, -0.28, 0.66 } });

Tensor Cost(Tensor value)
{
    var y = (value * features).sum([-2, -1]);
    return y * y;
}

Tensor Gradient(IGradientEstimator estimator, Generator generator)
{
    var node = estimator.Sample(new OneHotCategorical(theta), generator);
    return autograd.grad([SurrogateLoss.Parallel(Cost(node.Value), [node])], [theta])[0];
}

var study = new GradientStudy(Gradient) { Draws = 4000 };
IGradientEstimator[] estimators = [new HalfCorrected(), new StraightThroughGumbelSoftmax(0.5), new GumbelRao(100, 0.5), new Reinforce()];
foreach (var row in study.Compare(estimators, reference: ExactGradient.Of(theta, Cost))) Console.WriteLine(row);

// Straight-through, half corrected: g -> ½ J(π) g + ½ ⟨g, D − π⟩ (D − π). That is the gradient of ⟨g, ½ π + ½ (D − π) log p(D)⟩ with
// D − π held constant. (The library has it as SecondOrderStraightThrough.)
internal sealed record HalfCorrected : IGradientEstimator
{
    private static readonly Scalar Half = 0.5, One = 1;

    public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        var value = distribution.Sample(generator);
        var step = (value - distribution.Probs).detach();
        var score = distribution.LogProb(value).unsqueeze(-1);
        return StochasticNode.Relaxed(value, distribution.Probs.add(step * score, One).mul(Half));
    }
}
