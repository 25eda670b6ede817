using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>Every public entry with what it does not take, each refused by the name of the argument, and with what is small or
/// unusual and taken.</summary>
public sealed class ShapesAndDtypesTests
{
    private static Tensor Bool(params long[] shape) => ones(shape, dtype: ScalarType.Bool);

    private static Tensor Complex(params long[] shape) => zeros(shape, dtype: ScalarType.ComplexFloat32);

    private static OneHotCategorical Q(params long[] shape) => new(zeros(shape).requires_grad_());

    private static StochasticNode Scored(params long[] shape) => new Reinforce().Sample(Q(shape));

    /// <summary>What is refused, and the words that say why.</summary>
    private static readonly (string Words, Action Call)[] Refused =
    [
        ("logits has dtype Int64; expected Float32 or Float64", () => new OneHotCategorical(zeros([2, 3], dtype: ScalarType.Int64))),
        ("logits has dtype Float16", () => new OneHotCategorical(zeros([2, 3], dtype: ScalarType.Float16))),
        ("logits is a scalar", () => new OneHotCategorical(tensor(1.0f))),
        ("logits has shape [2, 0]", () => new OneHotCategorical(zeros(2, 0))),
        ("mask has dtype Float32", () => new OneHotCategorical(zeros(2, 3), ones(2, 3))),
        ("mask has shape [3, 2]; expected one that broadcasts to that of logits, [2, 3]", () => new OneHotCategorical(zeros(2, 3), Bool(3, 2))),
        ("mask has shape [1, 2, 3]", () => new OneHotCategorical(zeros(2, 3), Bool(1, 2, 3))),
        ("mask has shape [2, 3]", () => zeros(1, 3).SampleOneHot(new StraightThrough(), mask: Bool(2, 3))),
        ("value has shape [3]", () => Q(2, 3).LogProb(zeros(3))),
        ("value has dtype ComplexFloat32", () => Q(2, 3).LogProb(zeros([2, 3], dtype: ScalarType.ComplexFloat32))),
        ("other has shape [5, 1, 3]; expected one that broadcasts to that of this distribution, [5, 3]", () => Q(5, 3).KL(Q(5, 1, 3))),
        ("other has shape [5, 1]", () => Q(5, 3).KL(Q(5, 1))),
        ("other has shape [5, 3]", () => Q(1, 3).KL(Q(5, 3))),
        ("logProbs has dtype Int32", () => Gumbel.Perturb(zeros([3], dtype: ScalarType.Int32))),
        ("value has shape [2]", () => Gumbel.PerturbGiven(zeros(3), zeros(2), 1)),
        ("value has dtype ComplexFloat64", () => Gumbel.PerturbGiven(zeros(3), zeros([3], dtype: ScalarType.ComplexFloat64), 1)),
        ("samples is 0", () => Gumbel.PerturbGiven(zeros(3), zeros(3), 0)),
        ("baseline has shape [5, 1]; expected one that broadcasts to that of the cost, [5]", () => SurrogateLoss.Parallel(zeros(5), [Scored(5, 3)], zeros(5, 1))),
        ("baseline has shape [2]", () => SurrogateLoss.Sequential(zeros(5), [Scored(5, 3)], zeros(2))),
        ("baseline has shape [5, 1]", () => SurrogateLoss.Sequential([zeros(5)], [Scored(5, 3)], zeros(5, 1))),
        ("baseline has dtype ComplexFloat32", () => SurrogateLoss.Parallel(zeros(5), [Scored(5, 3)], zeros([5], dtype: ScalarType.ComplexFloat32))),
        ("cost has dtype ComplexFloat32", () => SurrogateLoss.Parallel(zeros([5], dtype: ScalarType.ComplexFloat32), [Scored(5, 3)])),
        ("the value of node 0 has shape [5, 3]; expected leading axes [3]", () => SurrogateLoss.Parallel(zeros(3), [Scored(5, 3)])),
        ("the value of node 0 has shape [5, 3]; expected leading axes [5, 1]", () => SurrogateLoss.Parallel(zeros(5, 1), [Scored(5, 3)])),
        ("cost 1 has shape [5, 1]; expected the shape of cost 0, [5]", () => SurrogateLoss.Sequential([zeros(5), zeros(5, 1)], [Scored(5, 3), Scored(5, 3)])),
        ("2 costs for 1 nodes", () => SurrogateLoss.Sequential([zeros(5), zeros(5)], [Scored(5, 3)])),
        ("cost has dtype ComplexFloat32", () => new MovingAverageBaseline(0.9).Next(zeros([5], dtype: ScalarType.ComplexFloat32))),
        ("value is NaN; expected a finite number", () => new MovingAverageBaseline(0.9, double.NaN)),
        ("cost has dtype ComplexFloat32", () => LeaveOneOut.Baseline(Complex(5))),
        ("logits has dtype Int64", () => new Subset(zeros([2, 4], dtype: ScalarType.Int64), 2)),
        ("mask has dtype Float32", () => new Subset(zeros(2, 4), 2, ones(2, 4))),
        ("value has dtype ComplexFloat32", () => new Subset(zeros(2, 4), 2).LogProb(Complex(2, 4))),
        ("vector has dtype ComplexFloat32", () => new Subset(zeros(2, 4), 2).CovarianceProduct(Complex(2, 4))),
        ("value has shape [3]", () => LocalExpectation.Of(Q(2, 3), zeros(3), v => v.sum([2]))),
        ("value has dtype ComplexFloat32", () => LocalExpectation.Of(Q(2, 3), Complex(2, 3), v => v.sum([2]))),
        ("logits has dtype Int64", () => ExactGradient.Of(zeros([2, 3], dtype: ScalarType.Int64), v => v.sum([1, 2]))),
        ("the cost has shape [8, 1]; expected [8]", () => ExactGradient.Of(zeros(3, 2), v => v.sum([1, 2]).unsqueeze(1))),
        ("a trace is not finite", () => VarianceDecomposition.Fit([(1, new(double.NaN, 0.1)), (10, new(1, 0.1))])),
        ("an error that is not above 0", () => VarianceDecomposition.Fit([(1, new(1, double.NaN)), (10, new(1, 0.1))])),
        ("gradient has shape [2]; expected 3 elements", () => new GradientStatistics(3).Add(zeros(2))),
        ("temperature is 1E-39; expected at least 1E-36 for logits of dtype Float32", () => new GumbelRao(3, 1e-39).Sample(Q(2, 3))),
        ("temperature is 1E-307; expected at least 1E-306 for logits of dtype Float64", () => zeros([2, 3], dtype: ScalarType.Float64).SampleOneHot(new GumbelSoftmax(1e-307))),
    ];

    public static TheoryData<int> RefusedIndices => [.. Enumerable.Range(0, Refused.Length)];

    [Theory, MemberData(nameof(RefusedIndices))]
    public void WhatIsNotTakenIsRefusedByName(int index)
    {
        using var scope = NewDisposeScope();
        Assert.Contains(Refused[index].Words, Assert.ThrowsAny<ArgumentException>(Refused[index].Call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATemperatureIsNotChosenWhereAnErrorIsNaN()
    {
        using var scope = NewDisposeScope();
        var study = new TemperatureStudy((estimator, generator) => randn(2, generator: generator) * (((GumbelRao)estimator).Temperature > 1 ? double.NaN : 1)) { Draws = 20 };
        var best = study.Measure(temperature => new GumbelRao(2, temperature), [0.1, 0.5, 1.5], zeros(2)).Best;
        Assert.True(double.IsNaN(best.Temperature) && double.IsNaN(best.Low) && double.IsNaN(best.High));
    }

    [Fact]
    public void NothingToDrawGivesNothing()
    {
        foreach (var dtype in Everything.Dtypes)
        {
            foreach (var estimator in Everything.Estimators())
            {
                using var scope = NewDisposeScope();
                var (value, gradient) = Everything.Draw(estimator, zeros([0, 3], dtype: dtype), Bool(3));
                Assert.Equal([0, 3], value.shape);
                Assert.Equal([0, 3], gradient.shape);
            }
            var q = new OneHotCategorical(zeros([0, 3], dtype: dtype));
            Assert.All((Tensor[])[q.Sample(), q.Mode(), q.LogProbs, q.Probs], t => Assert.Equal([0, 3], t.shape));
            Assert.All((Tensor[])[q.Entropy(), q.KL(q), q.LogProb(q.Sample())], t => Assert.Equal([0], t.shape));
        }
    }

    [Fact]
    public void AMaskBroadcasts()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases())
        {
            using var scope = NewDisposeScope();
            var logits = Everything.Logits(shape, dtype);
            var small = Scalars.Range(0, shape[^1]) > Scalars.Zero;
            var (value, gradient) = Everything.Draw(estimator, logits, small);
            var (v, g) = Everything.Draw(estimator, logits, small.expand(shape).clone());
            Assert.True(Everything.Bits(value).AsSpan().SequenceEqual(Everything.Bits(v)), $"{estimator} {dtype}");
            Assert.True(Everything.Bits(gradient).AsSpan().SequenceEqual(Everything.Bits(g)), $"{estimator} {dtype}");
            Assert.Equal(shape, new OneHotCategorical(logits, small).Mask!.shape);
        }
    }

    [Fact]
    public void ADivergenceBroadcastsToItsOwnShapeOnly()
    {
        using var scope = NewDisposeScope();
        var (q, prior) = (new OneHotCategorical(Everything.Logits([5, 4, 3], ScalarType.Float64)), new OneHotCategorical(Everything.Logits([4, 3], ScalarType.Float64)));
        Assert.Equal([5, 4], q.KL(prior).shape);
        Assert.True(q.KL(prior)[2].allclose(new OneHotCategorical(q.LogProbs[2]).KL(prior)));
    }

    [Fact]
    public void CostsOfIntegersAndTruthValuesCountAsNumbers()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases())
        {
            using var scope = NewDisposeScope();
            foreach (var kind in (ScalarType[])[ScalarType.Int64, ScalarType.Int32, ScalarType.Bool])
            {
                foreach (var close in (Func<Tensor, StochasticNode, Tensor, Tensor>[])
                [
                    (f, node, b) => SurrogateLoss.Parallel(f, [node], b),
                    (f, node, b) => SurrogateLoss.Sequential(f, [node], b),
                    (f, node, b) => SurrogateLoss.Sequential([f], [node], b),
                ])
                {
                    var reward = (Scalars.Range(0, shape[0]) > Scalars.One).to(kind);
                    Assert.True(Gradient(reward, reward.max()).allclose(Gradient(reward.to(dtype), reward.max().to(dtype))), $"{estimator} {dtype} {kind}");

                    Tensor Gradient(Tensor cost, Tensor baseline)
                    {
                        using var generator = new Generator(5);
                        var theta = Everything.Logits(shape, dtype).requires_grad_();
                        var node = estimator.Sample(new OneHotCategorical(theta), generator);
                        var loss = close(cost, node, baseline);
                        if (loss.requires_grad) loss.sum().backward();
                        Assert.True(theta.grad is not null == estimator is Reinforce);
                        return theta.grad ?? zeros_like(theta);
                    }
                }
            }
        }
    }

    /// <summary>Logits, or the gradient that comes back, in the order of the columns: in float32, whose noise does not go by how
    /// numbers lie in memory.</summary>
    [Fact]
    public void NumbersByColumnsGiveWhatNumbersByRowsGive()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases().Where(one => one.Dtype == ScalarType.Float32))
        {
            using var scope = NewDisposeScope();
            var logits = Everything.Logits(shape, dtype);
            var slopes = logits.sin();
            var (value, gradient) = Draw(logits, slopes);
            foreach (var (x, y) in ((Tensor, Tensor)[])[(ByColumns(logits), slopes), (logits, ByColumns(slopes))])
            {
                var (v, g) = Draw(x, y);
                Assert.True(value.allclose(v, 1e-5, 1e-6), $"{estimator} [{string.Join(", ", shape)}]");
                Assert.True(gradient.allclose(g, 1e-4, 1e-5), $"{estimator} [{string.Join(", ", shape)}]");
            }

            (Tensor Value, Tensor Gradient) Draw(Tensor start, Tensor by)
            {
                using var generator = new Generator(7);
                var theta = start.clone().requires_grad_();
                var node = estimator.Sample(new OneHotCategorical(theta), generator);
                SurrogateLoss.Parallel((node.Value * by).sum(-1), [node]).sum().backward();
                return (node.Value.detach(), theta.grad!);
            }
        }

        static Tensor ByColumns(Tensor tensor) => tensor.t().contiguous().t();
    }

    [Fact]
    public void ATemperatureThatTheDtypeCanDivideByGivesNoNaN()
    {
        foreach (var (dtype, temperature) in ((ScalarType, double)[])[(ScalarType.Float32, 1e-36), (ScalarType.Float64, 1e-306), (ScalarType.Float32, 1e38), (ScalarType.Float64, 1e300)])
        {
            foreach (var shape in Everything.Shapes)
            {
                foreach (var estimator in Everything.Estimators(temperature))
                {
                    using var scope = NewDisposeScope();
                    var (value, gradient) = Everything.Draw(estimator, Everything.Logits(shape, dtype), Scalars.Range(0, shape[^1]) != Scalars.One);
                    Assert.False(value.isnan().any().item<bool>(), $"value: {estimator} {dtype}");
                    Assert.False(gradient.isnan().any().item<bool>(), $"gradient: {estimator} {dtype}");
                }
            }
        }
    }

    [Fact]
    public async Task ADrawMayGoBackwardsOnAnotherThread()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases())
        {
            var (logits, here) = (Everything.Logits(shape, dtype), Everything.Draw(estimator, Everything.Logits(shape, dtype)).Gradient);
            var theta = logits.requires_grad_();
            using var generator = new Generator(7);
            var node = await Task.Run(() => estimator.Sample(new OneHotCategorical(theta), generator), TestContext.Current.CancellationToken);
            var loss = await Task.Run(() => SurrogateLoss.Parallel(Everything.Cost(node.Value), [node]), TestContext.Current.CancellationToken);
            loss.sum().backward();
            Assert.True(Everything.Bits(here).AsSpan().SequenceEqual(Everything.Bits(theta.grad!)), $"{estimator} {dtype}");
        }
    }
}
