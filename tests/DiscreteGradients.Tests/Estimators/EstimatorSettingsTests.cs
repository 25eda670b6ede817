using DiscreteGradients.Backward;
using DiscreteGradients.Kernels;
using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The settings of an estimator reach its backward pass, and a node shows what that pass differentiates.</summary>
public sealed class EstimatorSettingsTests
{
    private const double Temperature = 0.4;

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void DrawsAreAntitheticWhereThatIsAskedFor(ScalarType dtype)
    {
        foreach (var form in Enum.GetValues<GradientForm>())
        {
            foreach (var kind in Enum.GetValues<NoiseKind>())
            {
                using var scope = NewDisposeScope();
                var byKernel = dtype == ScalarType.Float32 && form == GradientForm.Autograd;
                var estimator = new GumbelRao(6, Temperature) { Form = form, Antithetic = kind == NoiseKind.Antithetic };
                var (gradient, expected) = Gradients(
                    estimator, seed => new ConditionalDraws(6, Temperature, kind, seed, byKernel), dtype);
                Assert.True(gradient.equal(expected).all().item<bool>(), $"{form} {kind}");
            }
        }
    }

    /// <summary>Where two draws have the same sample, what their gradients are made of is still drawn twice.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void EachDrawHasNoiseOfItsOwnGivenTheSample(ScalarType dtype)
    {
        foreach (var form in Enum.GetValues<GradientForm>())
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(6);
            var (first, second) = (Draw(), Draw());
            var same = (first.Value == second.Value).all(-1);
            // 300 rows of three categories alike: a third of them, and seven standard errors.
            Assert.InRange(same.sum().item<long>(), 43, 157);
            Assert.False(same.logical_and((first.Gradient == second.Gradient).all(-1)).any().item<bool>());

            (Tensor Value, Tensor Gradient) Draw()
            {
                var theta = zeros([300, 3], dtype: dtype).requires_grad_();
                var node = new GumbelRao(2, Temperature) { Form = form }.Sample(new OneHotCategorical(theta), generator);
                SurrogateLoss.Parallel((node.Value * Scalars.Range(1, 4, dtype)).sum(-1), [node]).sum().backward();
                return (node.Value.detach(), theta.grad!);
            }
        }
    }

    // Outside, tensor operations take their place, with other noise and other roundings.
    [Theory]
    [InlineData(0.0099, false)]
    [InlineData(0.01, true)]
    [InlineData(10, true)]
    [InlineData(10.1, false)]
    public void TheKernelsServeTemperaturesFromAHundredthToTen(double temperature, bool areServed)
    {
        using var scope = NewDisposeScope();
        var (drawn, average) = Gradients(new GumbelRao(10, temperature),
            seed => new ConditionalDraws(10, temperature, NoiseKind.Independent, seed, areServed), ScalarType.Float32);
        Assert.True(drawn.equal(average).all().item<bool>());
        var (exact, expectation) = Gradients(
            new GumbelRaoExact(temperature), _ => new ConditionalExpectation(temperature, areServed), ScalarType.Float32);
        Assert.True(exact.equal(expectation).all().item<bool>());
    }

    /// <summary>A share has the standard error 1/(2√K) at most: five of them are a false alarm of 6e-7.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void TheRelaxationIsTheSoftmaxThatIsDifferentiated(ScalarType dtype)
    {
        const int Draws = 20_000, Samples = 4000;
        using var scope = NewDisposeScope();
        var (logits, mask) = (Everything.Logits([6, 4], dtype), tensor(new[] { true, true, false, true }));
        var open = logits.masked_fill(mask.logical_not(), double.NegativeInfinity);
        var q = new OneHotCategorical(logits, mask);
        Near(open.softmax(-1), Draw(new SecondOrderStraightThrough(0.5)).Relaxation!);
        Near((open / Temperature).softmax(-1), Draw(new StraightThrough(Temperature)).Relaxation!);
        Near((open / Temperature).softmax(-1), Draw(new ReinMax(Temperature)).Relaxation!);
        using var same = new Generator(3);
        var perturbed = (Gumbel.Perturb(q.LogProbs, same) / Temperature).softmax(-1);
        Near(perturbed, Draw(new StraightThroughGumbelSoftmax(Temperature)).Relaxation!);
        Near(perturbed, Draw(new GumbelSoftmax(Temperature)).Relaxation!);
        var exact = Draw(new GumbelRaoExact(Temperature));
        Near(Mean(exact.Value), exact.Relaxation!, 2.5 / Math.Sqrt(Draws));
        foreach (var isAntithetic in (bool[])[false, true])
        {
            var drawn = Draw(new GumbelRao(Samples, Temperature) { Antithetic = isAntithetic });
            Near(Mean(drawn.Value), drawn.Relaxation!, 2.5 * Math.Sqrt(1.0 / Draws + 1.0 / Samples));
        }
        var subset = new Subset(logits.clone().requires_grad_(), 2, mask);
        var ofSubset = new SecondOrderStraightThrough { Form = GradientForm.Surrogate }.Sample(subset);
        Near(subset.Marginals, ofSubset.Relaxation!);

        StochasticNode Draw(PathwiseEstimator estimator)
        {
            using var generator = new Generator(3);
            var distribution = new OneHotCategorical(logits.clone().requires_grad_(), mask);
            return (estimator with { Form = GradientForm.Surrogate }).Sample(distribution, generator);
        }

        // E[softmax((θ + G)/τ) | D].
        Tensor Mean(Tensor value)
        {
            using var generator = new Generator(11);
            return (Gumbel.PerturbGiven(q.LogProbs, value.detach(), Draws, generator) / Temperature).softmax(-1).mean([0]);
        }
    }

    // Of 80,002 logits three draws at once would fit the room that temporaries are given, one of them without its counterpart.
    // Four draws are two pairs, of half the variance of one pair; the variance of 40,001 rows is known to 2 %.
    [Fact]
    public void AntitheticPairsAreWhole_HoweverManyLogitsThereAre()
    {
        using var scope = NewDisposeScope();
        const int Rows = 40_001;
        var logProbs = tensor(new[] { 0.6, 0.4 }).log().expand(Rows, 2).contiguous();
        var value = tensor(new[] { 1.0, 0 }).expand(Rows, 2).contiguous();
        var slopes = tensor(new[] { 1.0, -1 }).expand(Rows, 2).contiguous();
        Assert.InRange(Variance(2, 1) / Variance(4, 2), 1.8, 2.2);

        double Variance(int samples, ulong seed) => new ConditionalDraws(samples, 1, NoiseKind.Antithetic, seed)
            .Product([logProbs, value], slopes).var(0).sum().item<double>();
    }

    /// <summary>The gradient of a linear cost, and what a map makes of the slopes at the same draw.</summary>
    private static (Tensor Actual, Tensor Expected) Gradients(
        RelaxedEstimator estimator, Func<ulong, IGradientMap> map, ScalarType dtype)
    {
        using var generator = new Generator(4);
        var theta = Everything.Logits([20, 5], dtype).requires_grad_();
        var slopes = Everything.Logits([20, 5], dtype).sin();
        var state = generator.get_state();
        var node = estimator.Sample(new OneHotCategorical(theta), generator);
        SurrogateLoss.Parallel((node.Value * slopes).sum(-1), [node]).sum().backward();
        generator.set_state(state);
        var q = new OneHotCategorical(theta.detach());
        var value = q.Sample(generator);
        return (theta.grad!, map(Seed.Next(generator)).Product([q.LogProbs, value], slopes));
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance = 5e-6) =>
        Assert.InRange((expected - actual).detach().abs().max().to(ScalarType.Float64).item<double>(), 0, tolerance);
}
