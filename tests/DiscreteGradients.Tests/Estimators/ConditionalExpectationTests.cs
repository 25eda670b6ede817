using DiscreteGradients.Autograd;
using DiscreteGradients.Kernels;
using DiscreteGradients.Tests.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The exact, quasi-Monte-Carlo and antithetic ways to the expectation given D. False-alarm rates: see
/// <see cref="Law"/>.</summary>
public sealed class ConditionalExpectationTests
{
    [Fact]
    public void TheFusedKernelServesTheBackwardPassInFloat32AndTensorOperationsTheSurrogate()
    {
        foreach (var form in Enum.GetValues<GradientForm>()) Check(form);
    }

    private static void Check(GradientForm form)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var theta = randn([20, 5], generator: generator).requires_grad_();
        var slopes = randn([20, 5], generator: generator);
        var state = generator.get_state();
        var node = new GumbelRao(10, 0.5) { Form = form }.Sample(new OneHotCategorical(theta), generator);
        SurrogateLoss.Parallel((node.Value * slopes).sum(-1), [node]).sum().backward();

        generator.set_state(state);
        var q = new OneHotCategorical(theta.detach());
        var value = q.Sample(generator);
        var draws = new ConditionalDraws(10, 0.5, DrawKind.Independent, Seed.Next(generator));
        ISoftmaxAverage average = form == GradientForm.Autograd ? new FusedDraws(draws, 1) : draws;
        Assert.True(theta.grad!.equal(average.JacobianProduct([q.LogProbs, value], slopes)).all().item<bool>(), $"{form}");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(5)]
    public void AntitheticVariatesStandInPairsOfComplementaryUniforms(int samples)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var uniforms = empty(0);
        foreach (var exponentials in Exponentials.Draw(DrawKind.Antithetic, zeros(200, 3, dtype: ScalarType.Float64), zeros(200, 3), samples, 8, generator))
            uniforms = exponentials.neg().exp().MoveToOuterDisposeScope();
        var half = (samples + 1) / 2;
        Assert.True((uniforms[..(samples - half)] + uniforms[half..]).allclose(ones(samples - half, 200, 3, dtype: ScalarType.Float64), 1e-12, 1e-12));
        // Those of one half are independent of each other: correlations have the error 1/√600, false alarm 6e-7 at five of them.
        var centred = (uniforms[..half].flatten(1) - 0.5) * Math.Sqrt(12);
        var correlations = centred.matmul(centred.t()) / 600;
        Assert.True((correlations - correlations.diag().diag()).abs().max().item<double>() < 5 / Math.Sqrt(600));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void EveryWayHasTheSameMeanWithMasksAndAtTheExtremes(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        double[][] rows = [[0.3, -0.8, 1.1, 0.2], [50, -50, 48, 49], [double.NegativeInfinity, 0.4, -0.6, 2], [-50, double.NegativeInfinity, double.NegativeInfinity, -49.5]];
        foreach (var temperature in (double[])[0.01, 0.35, 2])
        {
            foreach (var logits in rows)
            {
                var reference = Draws(new GumbelRao(50, temperature), logits, ScalarType.Float64, 2_000, 1);
                Law.SameMean(Draws(new GumbelRaoQuasi(16, temperature), logits, dtype, 4_000, 2), reference);
                Law.SameMean(Draws(new GumbelRao(16, temperature) { Antithetic = true }, logits, dtype, 4_000, 3), reference);
                Law.SameMean(Draws(new GumbelRao(16, temperature), logits, dtype, 4_000, 4), reference);
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void TheExactFormHasTheMeanOfManyDrawsAndNoVariance(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var temperature in (double[])[0.01, 0.35, 2])
        {
            foreach (var logits in (double[][])[[0.3, -0.8], [50, -50], [double.NegativeInfinity, 0.4]])
            {
                var exact = Draws(new GumbelRaoExact(temperature), logits, dtype, 200, 1);
                Assert.Equal(0, exact.TraceOfCovariance, 1e-24);
                Law.HasMean(Draws(new GumbelRao(50, temperature), logits, ScalarType.Float64, 4_000, 2), exact.Mean());
            }
        }
    }

    [Fact]
    public void TheExactFormIsRightToAMillionth()
    {
        using var scope = NewDisposeScope();
        foreach (var temperature in (double[])[0.01, 0.03, 0.1, 0.5, 1, 1.7, 4, 10])
        {
            // Each row of logits (0, d) with either category drawn; the reference is adaptive in neither d nor τ.
            var d = linspace(-40, 40, 161, dtype: ScalarType.Float64);
            var logits = stack([zeros_like(d), d], 1).repeat(2, 1);
            var value = cat([tensor(new double[,] { { 1, 0 } }).expand(161, 2), tensor(new double[,] { { 0, 1 } }).expand(161, 2)]);
            var gradient = tensor(new double[,] { { 0, 1 } }).expand(322, 2);
            var expected = new double[322];
            var (logProbs, drawn) = (logits.log_softmax(-1), value[.., 1]);
            for (var row = 0; row < 322; row++)
            {
                var other = drawn[row].item<double>() > 0 ? 0 : 1;
                expected[row] = Reference(logProbs[row, other].item<double>(), temperature);
            }
            var exact = tensor(expected);
            foreach (var threads in (int?[])[1, null])
            {
                var dtype = threads is null ? ScalarType.Float64 : ScalarType.Float32;
                var average = new BinaryExpectation(temperature, threads);
                Tensor[] constants = [logits.to(dtype).log_softmax(-1), value.to(dtype)];
                var product = average.JacobianProduct(constants, gradient.to(dtype))[.., 1].to(ScalarType.Float64);
                // Float32 log-probabilities carry an error of up to 2^-19 at -40, beside the table's own.
                var allowed = threads is null ? 1e-9 : 1e-6 + 2e-6 * (logProbs.abs().max(-1).values / 40);
                var error = ((product - exact) / exact).abs();
                Assert.True((error <= allowed).all().item<bool>(), $"τ = {temperature}, {dtype}: relative error {error.max().item<double>():E1}");
            }
        }
    }

    [Fact]
    public void QuasiMonteCarloNeedsAnEighthOfTheDraws()
    {
        using var scope = NewDisposeScope();
        foreach (var categories in (int[])[4, 8])
        {
            foreach (var temperature in (double[])[0.35, 0.7, 1])
            {
                // 64 rows of different logits, one draw each; the conditional variance is over the seed.
                using var generator = new Generator((ulong)categories);
                var q = new OneHotCategorical(randn([64, categories], generator: generator) * 1.5);
                var value = q.Sample(generator);
                var gradient = randn([64, categories], generator: generator);
                double Trace(DrawKind kind, int samples)
                {
                    using var statistics = new GradientStatistics(64 * categories);
                    for (ulong seed = 0; seed < 400; seed++)
                    {
                        using var step = NewDisposeScope();
                        statistics.Add(CpuKernels.JacobianProduct(q.LogProbs, value, gradient, new ConditionalDraws(samples, temperature, kind, seed), 2));
                    }
                    return statistics.TraceOfCovariance;
                }
                var (quasi, many, antithetic) = (Trace(DrawKind.Sobol, 128), Trace(DrawKind.Independent, 1000), Trace(DrawKind.Antithetic, 1000));
                // The ratio of two traces from 400 draws of 64 rows each has a relative error of about 1 %.
                Assert.True(quasi < 1.05 * many, $"n = {categories}, τ = {temperature}: {quasi / many:F3}");
                Assert.True(antithetic < 1.05 * many, $"n = {categories}, τ = {temperature}, antithetic: {antithetic / many:F3}");
            }
        }
    }

    [Fact]
    public void BadSettingsAreNamed()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("samples is 100; expected a power of two", Assert.Throws<ArgumentOutOfRangeException>(() => new GumbelRaoQuasi(100, 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("gr-qmc:K", Assert.Throws<ArgumentException>(() => new GumbelRaoExact(0.5).Sample(new OneHotCategorical(zeros(2, 3)))).Message, StringComparison.Ordinal);
        Assert.Contains("65 categories; expected at most 64", Assert.Throws<ArgumentException>(() => new GumbelRaoQuasi(128, 0.5).Sample(new OneHotCategorical(zeros(2, 65)))).Message, StringComparison.Ordinal);
        Assert.Contains("threads is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new GumbelRao(2, 0.5) { Threads = 0 }).Message, StringComparison.Ordinal);
    }

    /// <summary>Gradients of a fixed linear cost, one category drawn throughout, so that only the noise given D varies.</summary>
    private static GradientStatistics Draws(RelaxedEstimator estimator, double[] logits, ScalarType dtype, int rows, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var allowed = logits.Select(logit => !double.IsNegativeInfinity(logit)).ToArray();
        var statistics = new GradientStatistics(logits.Length);
        var wanted = Array.FindLastIndex(allowed, open => open);
        // Rejection would wait for ever for a category of probability e^-100: condition by hand.
        var theta = tensor(logits.Select((logit, j) => allowed[j] ? logit : -1e9).ToArray());
        var logProbs = theta.log_softmax(-1).expand(rows, logits.Length).contiguous().to(dtype);
        var value = nn.functional.one_hot(tensor((long)wanted), logits.Length).expand(rows, logits.Length).contiguous().to(dtype);
        var gradient = (arange(logits.Length, dtype: ScalarType.Float64) * 1.7).cos().expand(rows, logits.Length).contiguous().to(dtype);
        statistics.AddRange(Average(estimator, dtype, seed).JacobianProduct([logProbs, value], gradient));
        return statistics;
    }

    private static ISoftmaxAverage Average(RelaxedEstimator estimator, ScalarType dtype, ulong seed)
    {
        var fused = dtype == ScalarType.Float32;
        if (estimator is GumbelRaoExact) return new BinaryExpectation(estimator.Temperature, fused ? 1 : null);
        var draws = estimator switch
        {
            GumbelRaoQuasi quasi => new ConditionalDraws(quasi.Samples, quasi.Temperature, DrawKind.Sobol, seed),
            GumbelRao { Antithetic: true } pairs => new ConditionalDraws(pairs.Samples, pairs.Temperature, DrawKind.Antithetic, seed),
            GumbelRao plain => new ConditionalDraws(plain.Samples, plain.Temperature, DrawKind.Independent, seed),
            _ => throw new NotSupportedException(),
        };
        return fused ? new FusedDraws(draws, 1) : draws;
    }

    /// <summary>E[w/(1 + w)²]/τ with w = (1 + r/p_j)^(−1/τ): trapezoid in log(r/p_j), step 1/16, whatever the arguments.</summary>
    private static double Reference(double logProb, double temperature)
    {
        double sum = 0;
        const double Step = 1.0 / 16;
        for (var s = -80.0; s <= 120; s += Step)
        {
            var t = s + logProb;                                    // log r
            var density = 1 / (2 + Math.Exp(t) + Math.Exp(-t));
            var log = (s > 30 ? s : Math.Log(1 + Math.Exp(s))) / temperature;
            sum += density / (2 + Math.Exp(log) + Math.Exp(-log)) * Step;
        }
        return sum / temperature;
    }
}
