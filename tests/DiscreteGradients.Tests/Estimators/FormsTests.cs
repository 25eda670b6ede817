using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>Modified backpropagation (App. A) against surrogate losses (App. B): the same noise, the same numbers, to 1e-12.</summary>
public sealed class FormsTests
{
    private const double Tolerance = 1e-12;

    private static readonly IReadOnlyList<Func<GradientForm, IGradientEstimator>> Estimators = Everything.Kinds(0.5);

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Estimators.Count)];

    [Theory, MemberData(nameof(Indices))]
    public void ParallelFormsAgree(int index) => Agree(Parallel, _ => Estimators[index]);

    [Theory, MemberData(nameof(Indices))]
    public void SequentialFormsAgreeOnAChainOfThree(int index) => Agree(Chain, _ => Estimators[index]);

    [Fact]
    public void MixedEstimatorsAgreeInBothGraphs()
    {
        for (var shift = 0; shift < Estimators.Count; shift++)
        {
            Agree(Parallel, j => Estimators[(j + shift) % Estimators.Count]);
            Agree(Chain, j => Estimators[(j + shift) % Estimators.Count]);
        }
    }

    [Fact]
    public void MixedFormsInOneGraphAgree()
    {
        using var scope = NewDisposeScope();
        GradientForm[] mixed = [GradientForm.Surrogate, GradientForm.Autograd, GradientForm.Surrogate];
        for (var shift = 0; shift < Estimators.Count; shift++)
        {
            IGradientEstimator Attached(int j) => Estimators[(j + shift) % Estimators.Count](GradientForm.Autograd);
            IGradientEstimator Mixed(int j) => Estimators[(j + shift) % Estimators.Count](mixed[j]);
            Close(Chain(Attached), Chain(Mixed));
        }
    }

    [Fact]
    public void CostsAStepGiveTheGradientOfTheirSum()
    {
        using var scope = NewDisposeScope();
        foreach (var estimator in Estimators.Skip(1))
        {
            foreach (var form in Enum.GetValues<GradientForm>())
                Close(Chain(_ => estimator(form)), Chain(_ => estimator(form), stepCosts: true));
        }
    }

    [Fact]
    public void TheLossIsTheCost()
    {
        using var scope = NewDisposeScope();
        foreach (var estimator in Estimators)
        {
            foreach (var form in Enum.GetValues<GradientForm>())
            {
                using var generator = new Generator(3);
                var theta = randn([4, 2, 3], dtype: ScalarType.Float64, generator: generator).requires_grad_();
                var node = estimator(form).Sample(new OneHotCategorical(theta), generator);
                var cost = node.Value.Squared().sum([1, 2]) + theta.sum([1, 2]);
                Assert.True(SurrogateLoss.Parallel(cost, [node]).allclose(cost, 1e-14, 1e-14));
                Assert.True(SurrogateLoss.Sequential(cost, [node]).allclose(cost, 1e-14, 1e-14));
            }
        }
    }

    [Fact]
    public void GumbelRaoIsTheAutogradDerivativeOfTheMeanSoftmaxAtFixedNoise()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(9);
        var theta = randn([5, 4], dtype: ScalarType.Float64, generator: generator).requires_grad_();
        var g = randn([5, 4], dtype: ScalarType.Float64, generator: generator);
        var state = generator.get_state();
        var node = new GumbelRao(6, 0.3).Sample(new OneHotCategorical(theta), generator);
        (node.Value * g).sum().backward();

        generator.set_state(state);
        var logProbs = theta.detach().log_softmax(-1);
        var value = new OneHotCategorical(theta).Sample(generator);
        using var again = new Generator(Torch.Seed.Next(generator));
        var noise = Gumbel.PerturbGiven(logProbs, value, 6, again) - theta.detach();
        var plain = theta.detach().clone().requires_grad_();
        (((plain + noise) / 0.3).softmax(-1).mean([0]) * g).sum().backward();
        Assert.True(node.Value.equal(value).all().item<bool>());
        Assert.True(theta.grad!.allclose(plain.grad!, Tolerance, Tolerance));
    }

    private static void Agree(Func<Func<int, IGradientEstimator>, Tensor[]> graph, Func<int, Func<GradientForm, IGradientEstimator>> estimator)
    {
        using var scope = NewDisposeScope();
        Close(graph(j => estimator(j)(GradientForm.Autograd)), graph(j => estimator(j)(GradientForm.Surrogate)));
    }

    private static void Close(Tensor[] a, Tensor[] b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            Assert.True(a[i].abs().max().item<double>() > 1e-6, "the gradient is zero: nothing is compared");
            Assert.True(a[i].allclose(b[i], Tolerance, Tolerance), $"gradient {i} differs by {(a[i] - b[i]).abs().max().item<double>():E2}");
        }
    }

    /// <summary>Three independent nodes of different shapes; the cost depends on the logits directly too.</summary>
    private static Tensor[] Parallel(Func<int, IGradientEstimator> estimator)
    {
        using var generator = new Generator(11);
        Tensor[] theta = [Leaf(generator, 4, 3), Leaf(generator, 4, 2, 5), Leaf(generator, 4, 2, 1, 2)];
        var nodes = theta.Select((t, j) => estimator(j).Sample(new OneHotCategorical(t), generator)).ToArray();
        var sums = nodes.Select(node => (node.Value * Weights(node.Value)).flatten(1).sum(1)).ToArray();
        var cost = (sums[0] * sums[1] - sums[2]).Squared() + (theta[0] * nodes[0].Value).sum(-1).sin();
        SurrogateLoss.Parallel(cost, nodes, full_like(cost, 0.2)).mean().backward();
        return [.. theta.Select(t => t.grad!)];
    }

    /// <summary>θ_j = h(D^{j-1}) with the same h, whose parameters collect a term from each step.</summary>
    private static Tensor[] Chain(Func<int, IGradientEstimator> estimator) => Chain(estimator, false);

    private static Tensor[] Chain(Func<int, IGradientEstimator> estimator, bool stepCosts)
    {
        using var generator = new Generator(12);
        var (start, weight, bias) = (Leaf(generator, 6, 3), Leaf(generator, 3, 3), Leaf(generator, 3));
        var logits = start;
        List<StochasticNode> nodes = [];
        List<Tensor> costs = [];
        for (var j = 0; j < 3; j++)
        {
            nodes.Add(estimator(j).Sample(new OneHotCategorical(logits), generator));
            costs.Add((nodes[^1].Value * Weights(nodes[^1].Value)).sum(-1).Squared() * (j + 1) + (0.1 * logits).sum(-1).sin());
            logits = nodes[^1].Value.matmul(weight) + bias + nodes[0].Value;
        }
        var loss = stepCosts
            ? SurrogateLoss.Sequential(costs, nodes)
            : SurrogateLoss.Sequential(costs[0] + costs[1] + costs[2], nodes);
        loss.mean().backward();
        return [start.grad!, weight.grad!, bias.grad!];
    }

    private static Tensor Leaf(Generator generator, params long[] shape) =>
        randn(shape, dtype: ScalarType.Float64, generator: generator).requires_grad_();

    private static Tensor Weights(Tensor like) => (arange(like.numel() / like.shape[0], dtype: ScalarType.Float64) * 1.3 + 0.4).sin().reshape([1, .. like.shape[1..]]);
}
