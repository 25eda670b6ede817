using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>Rows that cannot be normalised are NaN, in everything; rows that the mask closes are zero; −∞ is a mask.</summary>
public sealed class RowsWithoutADistributionTests
{
    private const int Bad = 1;

    /// <summary>What makes a row of n logits impossible to normalise.</summary>
    private static IEnumerable<(string Name, Action<Tensor> Spoil)> Spoilers() =>
    [
        ("NaN", row => row[0] = double.NaN),
        ("NaN last", row => row[(int)row.shape[0] - 1] = double.NaN),
        ("NaN and infinity", row => { row.fill_(double.PositiveInfinity); row[0] = double.NaN; }),
        ("+∞", row => row[0] = double.PositiveInfinity),
        ("+∞ twice", row => row.fill_(double.PositiveInfinity)),
        ("−∞ everywhere", row => row.fill_(double.NegativeInfinity)),
    ];

    [Fact]
    public void AreNaNInValueAndGradientAndLeaveTheOtherRowsAsTheyWere()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases())
        {
            using var scope = NewDisposeScope();
            var logits = Everything.Logits(shape, dtype);
            var (value, gradient) = Everything.Draw(estimator, logits);
            foreach (var (name, spoil) in Spoilers())
            {
                using var inner = NewDisposeScope();
                var spoilt = logits.clone();
                spoil(spoilt[Bad]);
                var (v, g) = Everything.Draw(estimator, spoilt);
                var what = $"{estimator} {dtype} [{string.Join(", ", shape)}] {name}";
                Assert.True(v[Bad].isnan().all().item<bool>(), $"value: {what}");
                Assert.True(g[Bad].isnan().all().item<bool>(), $"gradient: {what}");
                Assert.True(WithoutTheBadRow(v, value), $"other values: {what}");
                Assert.True(WithoutTheBadRow(g, gradient), $"other gradients: {what}");
            }
        }

        static bool WithoutTheBadRow(Tensor actual, Tensor expected)
        {
            Tensor Rest(Tensor t) => cat([t[..Bad], t[(Bad + 1)..]]);
            return Rest(actual).allclose(Rest(expected), 1e-6, 1e-9);
        }
    }

    [Fact]
    public void AreNaNInEveryMemberOfTheDistribution()
    {
        foreach (var dtype in Everything.Dtypes)
        {
            foreach (var masked in (bool[])[false, true])
            {
                foreach (var (name, spoil) in Spoilers())
                {
                    using var scope = NewDisposeScope();
                    var logits = Everything.Logits([4, 3], dtype);
                    spoil(logits[Bad]);
                    var q = new OneHotCategorical(logits, masked ? ones([4, 3], dtype: ScalarType.Bool) : null);
                    var other = new OneHotCategorical(zeros([3], dtype: dtype));
                    foreach (var (member, result) in (IEnumerable<(string, Tensor)>)
                    [
                        ("Sample", q.Sample()), ("Mode", q.Mode()), ("LogProbs", q.LogProbs), ("Probs", q.Probs), ("Entropy", q.Entropy().unsqueeze(1)),
                        ("LogProb", q.LogProb(other.Sample().expand(4, 3)).unsqueeze(1)), ("KL", q.KL(other).unsqueeze(1)),
                        ("KL to it", new OneHotCategorical(zeros([4, 3], dtype: dtype)).KL(q).unsqueeze(1)),
                        ("SampleOneHot", logits.SampleOneHot(new StraightThrough())), ("Perturb", Gumbel.Perturb(q.LogProbs)),
                        ("PerturbGiven", Gumbel.PerturbGiven(q.LogProbs, q.Sample(), 2).sum(dim: 0)),
                    ])
                    {
                        var nan = result.isnan().any(-1);
                        Assert.True(nan[Bad].item<bool>(), $"{member} {dtype} {name}");
                        Assert.Equal(1, nan.sum().item<long>());
                    }
                }
            }
        }
    }

    [Fact]
    public void AreZeroWhereTheMaskClosesThemWhateverTheirLogitsAre()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases())
        {
            foreach (var (name, spoil) in Spoilers())
            {
                using var scope = NewDisposeScope();
                var logits = Everything.Logits(shape, dtype);
                spoil(logits[Bad]);
                var mask = ones(shape, dtype: ScalarType.Bool);
                mask[Bad] = false;
                var (value, gradient) = Everything.Draw(estimator, logits, mask);
                var what = $"{estimator} {dtype} [{string.Join(", ", shape)}] {name}";
                Assert.True((value[Bad] == 0).all().item<bool>(), $"value: {what}");
                Assert.True((gradient[Bad] == 0).all().item<bool>(), $"gradient: {what}");
                Assert.True(gradient.isfinite().all().item<bool>(), $"other gradients: {what}");
                if (estimator.Sample(new OneHotCategorical(logits.clone().requires_grad_(), mask)).Relaxation is { } relaxation)
                    Assert.True((relaxation[Bad] == 0).all().item<bool>() && relaxation.isfinite().all().item<bool>(), $"relaxation: {what}");
                var q = new OneHotCategorical(logits, mask);
                Assert.Equal(0, q.Entropy()[Bad].to(ScalarType.Float64).item<double>());
                Assert.Equal(0, q.Mode()[Bad].sum().to(ScalarType.Float64).item<double>());
                Assert.Equal(0, q.LogProb(q.Sample())[Bad].to(ScalarType.Float64).item<double>());
            }
        }
    }

    [Fact]
    public void ALogitOfMinusInfinityIsAMask()
    {
        foreach (var (estimator, dtype, shape) in Everything.Cases().Where(c => c.Shape[^1] > 1))
        {
            using var scope = NewDisposeScope();
            var logits = Everything.Logits(shape, dtype);
            var mask = ones(shape, dtype: ScalarType.Bool);
            mask[.., 1] = false;
            var (value, gradient) = Everything.Draw(estimator, logits, mask);
            var (v, g) = Everything.Draw(estimator, logits.masked_fill(mask.logical_not(), double.NegativeInfinity));
            var what = $"{estimator} {dtype} [{string.Join(", ", shape)}]";
            Assert.True(Everything.Bits(value).AsSpan().SequenceEqual(Everything.Bits(v)), what);
            Assert.True(Everything.Bits(gradient).AsSpan().SequenceEqual(Everything.Bits(g)), what);
            Assert.True(shape[^1] == 2 || gradient.abs().sum().to(ScalarType.Float64).item<double>() > 0, what);
        }
    }

    [Fact]
    public void ProbabilitiesOfZeroGoThroughTheirLogarithm()
    {
        foreach (var dtype in Everything.Dtypes)
        {
            using var scope = NewDisposeScope();
            var p = tensor(new[] { 0.5, 0, 0.5 }, dtype: dtype);
            var q = new OneHotCategorical(p.log());
            var other = new OneHotCategorical(tensor(new[] { 0.25, 0.25, 0.5 }, dtype: dtype).log());
            Assert.Equal(Math.Log(2), q.Entropy().to(ScalarType.Float64).item<double>(), 1e-6);
            Assert.Equal(0.5 * Math.Log(2), q.KL(other).to(ScalarType.Float64).item<double>(), 1e-6);
            Assert.Equal(0, q.KL(q).to(ScalarType.Float64).item<double>());
            Assert.Equal(-Math.Log(2), q.LogProb(tensor(new[] { 1.0, 0, 0 }, dtype: dtype)).to(ScalarType.Float64).item<double>(), 1e-6);
            Assert.Equal(p, q.Probs);
        }
    }

    [Fact]
    public void FiniteLogitsOfAnySizeAreNormalised()
    {
        foreach (var (dtype, huge) in ((ScalarType, double)[])[(ScalarType.Float32, 3e38), (ScalarType.Float64, 1.7e308), (ScalarType.Float32, 3e9)])
        {
            using var scope = NewDisposeScope();
            var logits = tensor(new[,] { { huge, -huge, 0 }, { -huge, -huge, -huge }, { huge, huge, -huge } }, dtype: dtype);
            var expected = tensor(new[,] { { 1, 0, 0 }, { 1 / 3.0, 1 / 3.0, 1 / 3.0 }, { 0.5, 0.5, 0 } }, dtype: dtype);
            var q = new OneHotCategorical(logits);
            Assert.True(q.Probs.allclose(expected), $"{dtype} {huge}");
            Assert.True(q.Entropy().isfinite().all().item<bool>());
            foreach (var estimator in Everything.Estimators())
                Assert.True(Everything.Draw(estimator, logits).Gradient.isfinite().all().item<bool>(), $"{estimator} {dtype} {huge}");
        }
    }
}
