using DiscreteGradients.Backward;
using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>The library on a GPU. Without one these tests are skipped.</summary>
public sealed class CudaTests
{
    private const string NoGpu = "there is no CUDA device";

    private static readonly long[] Shape = [16, 3, 5];

    public static bool HasGpu => cuda.is_available();

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void EveryEstimatorDrawsAndHasAGradientThere()
    {
        foreach (var dtype in Everything.Dtypes)
        {
            foreach (var masked in (bool[])[false, true])
            {
                foreach (var estimator in Everything.Estimators())
                {
                    using var scope = NewDisposeScope();
                    var (value, gradient) = Draw(estimator, dtype, masked);
                    Assert.Equal((DeviceType.CUDA, dtype), (value.device_type, value.dtype));
                    Assert.Equal((DeviceType.CUDA, dtype), (gradient.device_type, gradient.dtype));
                    Assert.True(gradient.isfinite().all().item<bool>(), $"{estimator} {dtype}");
                    Assert.True(Largest(gradient) > 1e-3, $"{estimator} {dtype}");
                    Assert.Equal(estimator is GumbelSoftmax, (value.amax(-1) < 0.999).any().item<bool>());
                    Assert.True(Largest(value.sum(-1) - 1) < 1e-6, $"{estimator} {dtype}");
                    if (masked) Assert.Equal(0, Largest((value.abs() + gradient.abs())[.., .., 1]));
                    Assert.Equal(Everything.Bits(gradient.cpu()), Everything.Bits(Draw(estimator, dtype, masked).Gradient.cpu()));
                }
            }
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void TheTwoFormsAgreeThere()
    {
        foreach (var kind in Everything.Kinds(0.5))
        {
            using var scope = NewDisposeScope();
            var (a, b) = (Draw(kind(GradientForm.Autograd), ScalarType.Float64, false), Draw(kind(GradientForm.Surrogate), ScalarType.Float64, false));
            Assert.True(a.Value.allclose(b.Value, 1e-12, 1e-12));
            Assert.True(a.Gradient.allclose(b.Gradient, 1e-12, 1e-12), $"{kind(GradientForm.Autograd)}");
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void WithoutAGeneratorTheyDrawToo()
    {
        foreach (var estimator in Everything.Estimators())
        {
            using var scope = NewDisposeScope();
            var theta = Logits(ScalarType.Float32).requires_grad_();
            var node = estimator.Sample(new OneHotCategorical(theta));
            SurrogateLoss.Parallel(Cost(node.Value), [node]).sum().backward();
            Assert.True(theta.grad!.isfinite().all().item<bool>());
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void AnErrorInTheBackwardPassIsAnErrorOrNaN()
    {
        using var scope = NewDisposeScope();
        var theta = Logits(ScalarType.Float64).requires_grad_();
        var node = new StraightThrough(0.5).Sample(new OneHotCategorical(theta));
        var first = autograd.grad([Cost(node.Value)], [theta], [ones(Shape[0], dtype: ScalarType.Float64, device: CUDA)], create_graph: true)[0];
        Tensor? second = null;
        var error = Record.Exception(() => second = autograd.grad([first.Squared().sum()], [theta])[0]);
        Assert.True(error is not null || second!.isnan().all().item<bool>(), "a second derivative is silent");
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void AGeneratorGivesTheNumbersThatTheCpuWouldCompute()
    {
        foreach (var dtype in Everything.Dtypes)
        {
            using var scope = NewDisposeScope();
            Assert.Equal(Everything.Bits(Noise.Counted(Shape, 5, dtype, CPU)), Everything.Bits(Noise.Counted(Shape, 5, dtype, CUDA).cpu()));
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void TheLawsAreThoseOfTheCpu()
    {
        using var scope = NewDisposeScope();
        var problem = Problem.Two;
        foreach (var dtype in Everything.Dtypes)
        {
            Law.HasMean(Sample(new Reinforce(), 200_000, dtype), problem.Exact());
            Law.SameMean(Sample(new StraightThroughGumbelSoftmax(0.5), 100_000, dtype), problem.Draw(new StraightThroughGumbelSoftmax(0.5), 100_000, 2));
            Law.SameMean(Sample(new GumbelRao(10, 0.5), 20_000, dtype), problem.Draw(new StraightThroughGumbelSoftmax(0.5), 100_000, 3));
            Law.SameMean(Sample(new GumbelRaoExact(0.5), 2_000, dtype), problem.Draw(new GumbelRaoExact(0.5), 2_000, 4));
            Law.SameMean(Sample(new ReinMax(1.3), 100_000, dtype), problem.Draw(new ReinMax(1.3), 100_000, 5));
        }

        GradientStatistics Sample(IGradientEstimator estimator, int draws, ScalarType dtype)
        {
            using var generator = new Generator(8);
            var theta = problem.Theta.to(dtype).unsqueeze(0).repeat(draws, 1, 1).cuda().requires_grad_();
            var node = estimator.Sample(new OneHotCategorical(theta), generator);
            var weights = (arange(8, dtype: dtype) * 0.7).cos().reshape(2, 4).cuda();
            var level = (node.Value * weights).sum(-1).sum(-1);
            SurrogateLoss.Parallel((level - 0.45).square() + (level * 2.0).sin() * 0.3, [node]).sum().backward();
            var statistics = new GradientStatistics(8);
            statistics.AddRange(theta.grad!);
            return statistics;
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void TheExpectationGivenADrawIsThatOfTheCpu()
    {
        foreach (var (dtype, tolerance) in ((ScalarType, double)[])[(ScalarType.Float64, 1e-10), (ScalarType.Float32, 2e-5)])
        {
            foreach (var temperature in (double[])[0.1, 0.5, 1])
            {
                using var scope = NewDisposeScope();
                var logProbs = Logits(ScalarType.Float64).log_softmax(-1);
                var value = new OneHotCategorical(logProbs).Sample();
                var gradient = Cost(logProbs).unsqueeze(-1).unsqueeze(-1) * logProbs;
                var there = new ConditionalExpectation(temperature, ByKernel: false)
                    .Product([logProbs.to(dtype), value.to(dtype)], gradient.to(dtype));
                var here = new ConditionalExpectation(temperature, ByKernel: false).Product([logProbs.cpu(), value.cpu()], gradient.cpu());
                var error = (there.cpu().to(ScalarType.Float64) - here).abs().max().item<double>() / here.abs().max().item<double>();
                Assert.True(error < tolerance, $"{dtype}, τ = {temperature}: {error:E2}");
            }
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void DistributionsAgreeWithTheCpu()
    {
        foreach (var (dtype, tolerance) in ((ScalarType, double)[])[(ScalarType.Float64, 1e-12), (ScalarType.Float32, 1e-5)])
        {
            using var scope = NewDisposeScope();
            var (there, other) = (Logits(dtype), Logits(dtype).flip(-1));
            var mask = Mask();
            var value = new OneHotCategorical(there, mask).Sample();
            Same(q => q.LogProbs);
            Same(q => q.Probs);
            Same(q => q.Entropy());
            Same(q => q.Mode());
            Close(new OneHotCategorical(there, mask).LogProb(value), new OneHotCategorical(there.cpu(), mask.cpu()).LogProb(value.cpu()));
            Close(new OneHotCategorical(there, mask).KL(new(other, mask)), new OneHotCategorical(there.cpu(), mask.cpu()).KL(new(other.cpu(), mask.cpu())));
            var (subset, here) = (new Subset(there, 2, mask), new Subset(there.cpu(), 2, mask.cpu()));
            var drawn = subset.Sample();
            Assert.True((drawn.sum(-1) == 2).all().item<bool>());
            Close(subset.Marginals, here.Marginals);
            Close(subset.LogProb(drawn), here.LogProb(drawn.cpu()));
            Close(subset.CovarianceProduct(other), here.CovarianceProduct(other.cpu()));

            void Same(Func<OneHotCategorical, Tensor> number) => Close(number(new(there, mask)), number(new(there.cpu(), mask.cpu())));
            void Close(Tensor gpu, Tensor cpu)
            {
                Assert.Equal(DeviceType.CUDA, gpu.device_type);
                Assert.True(gpu.cpu().allclose(cpu, tolerance, tolerance), $"{dtype}: {Largest(gpu.cpu() - cpu):E2}");
            }
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void SeveralSamplesAndReferencesWorkThere()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var theta = Logits(ScalarType.Float64).requires_grad_();
        var pair = DisArm.Sample(new OneHotCategorical(theta), generator);
        SurrogateLoss.Parallel(stack([Cost(pair.Value[0]), Cost(pair.Value[1])]), [pair]).mean().backward();
        Finite();
        var samples = new Reinforce().Sample(new OneHotCategorical(theta.expand(4, -1, -1, -1)), generator);
        var costs = stack([.. Enumerable.Range(0, 4).Select(s => Cost(samples.Value[s]))]);
        SurrogateLoss.Parallel(costs, [samples], LeaveOneOut.Baseline(costs)).mean().backward();
        Finite();
        var q = new OneHotCategorical(theta.expand(4, -1, -1, -1));
        var node = new Reinforce().Sample(q, generator);
        Vimco.Loss(costs.detach() - q.LogProb(node.Value).sum(-1), [node]).mean().backward();
        Finite();
        LocalExpectation.Loss(new OneHotCategorical(theta), Cost, generator).mean().backward();
        Finite();
        new SecondOrderStraightThrough(0.5).Sample(new Subset(theta, 2), generator).Value.sin().sum().backward();
        Finite();
        Assert.True(SurrogateLoss.Parallel(Cost(samples.Value[0]), [], new MovingAverageBaseline(0.9).Next(Cost(samples.Value[0]))).isfinite().all().item<bool>());
        var exact = ExactGradient.Of(theta.detach()[0], value => (value * value.sin()).sum([-2, -1]));
        Assert.Equal(DeviceType.CUDA, exact.device_type);

        void Finite()
        {
            Assert.True(theta.grad!.isfinite().all().item<bool>());
            Assert.True(Largest(theta.grad!) > 0);
            theta.grad!.zero_();
        }
    }

    [Fact(SkipUnless = nameof(HasGpu), Skip = NoGpu)]
    public void StudiesMeasureThere()
    {
        using var scope = NewDisposeScope();
        var study = new GradientStudy((estimator, generator) =>
        {
            var theta = Logits(ScalarType.Float32)[0].clone().requires_grad_();
            var node = estimator.Sample(new OneHotCategorical(theta));
            SurrogateLoss.Parallel((node.Value * node.Value.sin()).sum(), [node]).backward();
            return theta.grad!;
        })
        { Draws = 20 };
        var summary = study.Compare([new StraightThroughGumbelSoftmax(0.5), new GumbelRao(10, 0.5)]);
        Assert.All(summary, row => Assert.True(double.IsFinite(row.Trace.Value)));
    }

    private static (Tensor Value, Tensor Gradient) Draw(IGradientEstimator estimator, ScalarType dtype, bool masked)
    {
        using var generator = new Generator(7);
        var theta = Logits(dtype).requires_grad_();
        var node = estimator.Sample(new OneHotCategorical(theta, masked ? Mask() : null), generator);
        SurrogateLoss.Parallel(Cost(node.Value), [node]).sum().backward();
        return (node.Value.detach(), theta.grad!);
    }

    private static double Largest(Tensor numbers) => numbers.abs().max().to(ScalarType.Float64).item<double>();

    private static Tensor Logits(ScalarType dtype) => Everything.Logits(Shape, dtype).cuda();

    /// <summary>Closes category 1.</summary>
    private static Tensor Mask() => tensor(new[] { true, false, true, true, true }).expand(Shape).cuda();

    private static Tensor Cost(Tensor value) => (value * value.sin() + value * arange(value.shape[^1], dtype: value.dtype, device: value.device)).sum([-2, -1]);
}
