#:project ../src/DiscreteGradients/DiscreteGradients.csproj
using DiscreteGradients;
using TorchSharp;
using static TorchSharp.torch;

// An estimator of your own. A sample node may carry its gradient in one of three ways: attached to the value, by a score,
// or, as here, by a relaxation whose gradient stands in for that of the value. SurrogateLoss, SampleOneHot and the studies
// then take it like any other. This one is the limit of GR-MCK as the temperature goes to 0:
//     g -> ½ J(π) g + ½ ⟨g, D − π⟩ (D − π),
// the gradient of ⟨g, ½ softmax(θ) + ½ (D − π) log p(D)⟩ with D − π held constant. It has no temperature and no noise but D.
// (The library has it as SecondOrderStraightThrough; here it is in six lines.)
set_num_threads(1);                                                     // small batches: libtorch's own threads only get in the way
random.manual_seed(6);
var theta = tensor(new[,] { { 0.3, -0.8, 1.1, 0.2 }, { -0.4, 0.9, 0.1, -1.3 } }).requires_grad_();

Tensor Cost(Tensor value) => (value * arange(8, dtype: ScalarType.Float64).sin().reshape(2, 4)).sum([-2, -1]).square();

Tensor Gradient(IGradientEstimator estimator, Generator generator)
{
    var node = estimator.Sample(new OneHotCategorical(theta), generator);
    return autograd.grad([SurrogateLoss.Parallel(Cost(node.Value), [node])], [theta])[0];
}

var study = new GradientStudy(Gradient) { Draws = 4000 };
IGradientEstimator[] estimators = [new ZeroTemperature(), new StraightThroughGumbelSoftmax(0.5), new GumbelRao(100, 0.5), new Reinforce()];
foreach (var row in study.Compare(estimators, reference: ExactGradient.Of(theta, Cost))) Console.WriteLine(row);

internal sealed record ZeroTemperature : IGradientEstimator
{
    public StochasticNode Sample(OneHotCategorical distribution, Generator? generator = null)
    {
        var value = distribution.Sample(generator);
        var step = (value - distribution.Probs).detach();
        var score = distribution.LogProb(value).unsqueeze(-1);
        return StochasticNode.Relaxed(value, (distribution.Probs + step * score) / 2);
    }
}
