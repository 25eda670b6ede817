using DiscreteGradients.Backward;
using DiscreteGradients.Kernels;
using DiscreteGradients.Tests.HardInputs;
using DiscreteGradients.Tests.Kernels;
using DiscreteGradients.Tests.Statistics;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Estimators;

/// <summary>The exact and the antithetic way to the expectation given D. False-alarm rates: see <see cref="Law"/>.</summary>
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
        var draws = new ConditionalDraws(10, 0.5, NoiseKind.Independent, Seed.Next(generator));
        var average = form == GradientForm.Autograd ? draws with { ByKernel = true } : draws;
        Assert.True(theta.grad!.equal(average.Product([q.LogProbs, value], slopes)).all().item<bool>(), $"{form}");
    }

    // As τ grows, the open categories come to equal weights.
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void AMaskedCategoryHasNoWeightAtAnyTemperature(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var logProbs = tensor(new[] { Math.Log(0.5), -1e9, Math.Log(0.5) }).to(dtype).unsqueeze(0);
        var value = tensor(new double[] { 1, 0, 0 }).to(dtype).unsqueeze(0);
        foreach (var temperature in (double[])[1e8, 1e20])
        {
            var mean = new ConditionalDraws(4, temperature, NoiseKind.Independent, 3).Relaxation([logProbs, value])
                .to(ScalarType.Float64).data<double>().ToArray();
            Assert.Equal(0, mean[1]);
            Assert.Equal(0.5, mean[0], 1e-6);
            Assert.Equal(0.5, mean[2], 1e-6);
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(5)]
    public void AntitheticVariatesStandInPairsOfComplementaryUniforms(int samples)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var uniforms = empty(0);
        foreach (var exponentials in Exponentials.Draw(NoiseKind.Antithetic, zeros(200, 3, dtype: ScalarType.Float64), samples, 8, generator))
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
                Law.HasMean(reference, Draws(new GumbelRaoExact(temperature), logits, dtype, 2, 2).Mean());
                Law.SameMean(Draws(new GumbelRao(16, temperature) { Antithetic = true }, logits, dtype, 4_000, 3), reference);
                Law.SameMean(Draws(new GumbelRao(16, temperature), logits, dtype, 4_000, 4), reference);
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void TheExactFormDependsOnTheCategoryDrawnAlone(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var temperature in (double[])[0.01, 0.35, 2])
        {
            var logits = Everything.Logits([5, 4], dtype);
            var bits = new Dictionary<(long Row, long Category), byte[]>();
            for (ulong seed = 0; seed < 20; seed++)
            {
                using var generator = new Generator(seed);
                var theta = logits.clone().requires_grad_();
                var value = theta.SampleOneHot(new GumbelRaoExact(temperature), generator);
                (value * Scalars.Range(0, 4, dtype).cos()).sum().backward();
                for (long row = 0; row < 5; row++)
                {
                    var gradient = theta.grad![row].bytes.ToArray();
                    Assert.Equal(bits.GetValueOrDefault((row, value[row].argmax().item<long>()), gradient), gradient);
                    bits[(row, value[row].argmax().item<long>())] = gradient;
                }
            }
            Assert.True(bits.Count > 5, "one category a row: nothing is compared");
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(1.7)]
    [InlineData(10)]
    public void TheExactFormIsTheExpectation(double temperature)
    {
        var random = new Random(4);
        (int Categories, double Scale)[] rows = [(2, 0.5), (2, 5), (3, 2), (5, 20), (9, 1), (9, 5), (20, 1)];
        foreach (var (categories, scale) in rows)
        {
            // As float32 numbers, so that both dtypes solve one problem.
            double[] logProbs = [.. LogProbs(categories, scale, random).Select(x => (double)(float)x)], gradient = [.. logProbs.Select(_ => (double)(float)(random.NextDouble() - 0.5))];
            var drawn = random.Next(categories);
            var exact = ExpectationOracle.Gradient(logProbs, drawn, gradient, temperature);
            var what = $"τ = {temperature}, n = {categories}, scale {scale}";
            Assert.InRange(ExpectationOracle.RelativeError(Product(logProbs, drawn, gradient, temperature, ScalarType.Float64), exact), 0, 2e-9);
            var single = ExpectationOracle.RelativeError(Product(logProbs, drawn, gradient, temperature, ScalarType.Float32), exact);
            Assert.True(single < (temperature <= 1 ? 8e-6 : 4e-5), $"{what}: relative error {single:E1}");
            Assert.InRange(ExpectationOracle.RelativeError(Mean(logProbs, drawn, temperature), ExpectationOracle.Mean(logProbs, drawn, temperature)), 0, 2e-9);
        }
    }

    [Fact]
    public void TheOracleIsTheThreefoldIntegral()
    {
        var random = new Random(5);
        foreach (var temperature in (double[])[0.1, 0.6, 3])
        {
            double[] logProbs = LogProbs(3, 2, random), gradient = [0.3, -0.9, 0.4];
            var drawn = random.Next(3);
            var (oracle, integral) = (ExpectationOracle.Gradient(logProbs, drawn, gradient, temperature), ExpectationOracle.ThreefoldGradient(logProbs, drawn, gradient, temperature));
            Assert.InRange(ExpectationOracle.RelativeError(oracle, integral), 0, 1e-9);
        }
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(6)]
    public void TheExactFormHoldsWhereProbabilitiesAreTiny(double temperature)
    {
        // The category drawn is certain, or improbable itself; float32 holds log p to 4e-6 at −70.
        foreach (var drawn in (int[])[0, 1])
        {
            double[] logProbs = [drawn == 0 ? 0 : -70, drawn == 0 ? -69 : 0, -72.5, -85], gradient = [0.3, -0.5, 0.7, 0.2];
            var exact = ExpectationOracle.Gradient(logProbs, drawn, gradient, temperature);
            Assert.InRange(ExpectationOracle.RelativeError(Product(logProbs, drawn, gradient, temperature, ScalarType.Float64), exact), 0, 4e-9);
            Assert.InRange(ExpectationOracle.RelativeError(Product(logProbs, drawn, gradient, temperature, ScalarType.Float32), exact), 0, 5e-5);
        }
    }

    [Theory]
    [InlineData(0.3, 65)]
    [InlineData(0.5, 4096)]
    [InlineData(8, 1000)]
    public void TheKernelHoldsForManyCategories(double temperature, int categories)
    {
        var random = new Random(6);
        double[] logProbs = [.. LogProbs(categories, 1, random).Select(x => (double)(float)x)], gradient = [.. logProbs.Select(_ => (double)(float)(random.NextDouble() - 0.5))];
        var exact = Product(logProbs, 3, gradient, temperature, ScalarType.Float64);
        Assert.InRange(ExpectationOracle.RelativeError(Product(logProbs, 3, gradient, temperature, ScalarType.Float32), exact), 0, 5e-5);
    }

    [Fact]
    public void TheSurrogateFormInFloat32IsTheKernelToRounding()
    {
        using var scope = NewDisposeScope();
        var logits = Everything.Logits([40, 6], ScalarType.Float32);
        Tensor Gradient(GradientForm form)
        {
            using var generator = new Generator(1);
            var theta = logits.clone().requires_grad_();
            var node = new GumbelRaoExact(0.6) { Form = form }.Sample(new OneHotCategorical(theta), generator);
            SurrogateLoss.Parallel((node.Value * Scalars.Range(0, 6, ScalarType.Float32).cos()).sum(-1), [node]).sum().backward();
            return theta.grad!;
        }
        var (surrogate, attached) = (Gradient(GradientForm.Surrogate), Gradient(GradientForm.Autograd));
        var error = ((surrogate - attached).norm(1) / attached.norm(1)).max().item<float>();
        Assert.True(error < 1e-5, $"relative error {error:E1}");
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
        statistics.AddRange(Average(estimator, dtype, seed).Product([logProbs, value], gradient));
        return statistics;
    }

    private static IGradientMap Average(RelaxedEstimator estimator, ScalarType dtype, ulong seed)
    {
        var fused = dtype == ScalarType.Float32;
        if (estimator is GumbelRaoExact) return new ConditionalExpectation(estimator.Temperature, fused);
        var sampled = (GumbelRao)estimator;
        var kind = sampled.Antithetic ? NoiseKind.Antithetic : NoiseKind.Independent;
        return new ConditionalDraws(sampled.Samples, sampled.Temperature, kind, seed, fused);
    }

    private static double[] Product(double[] logProbs, int drawn, double[] gradient, double temperature, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor Row(double[] numbers) => tensor(numbers).to(dtype).unsqueeze(0);
        var average = new ConditionalExpectation(temperature, dtype == ScalarType.Float32);
        return [.. average.Product([Row(logProbs), Row(OneHot(logProbs, drawn))], Row(gradient)).to(ScalarType.Float64).data<double>()];
    }

    private static double[] Mean(double[] logProbs, int drawn, double temperature)
    {
        using var scope = NewDisposeScope();
        return [.. new ConditionalExpectation(temperature, ByKernel: false).Relaxation([tensor(logProbs).unsqueeze(0), tensor(OneHot(logProbs, drawn)).unsqueeze(0)]).data<double>()];
    }

    private static double[] OneHot(double[] like, int drawn) => [.. like.Select((_, j) => j == drawn ? 1.0 : 0)];

    private static double[] LogProbs(int categories, double scale, Random random)
    {
        double[] logits = [.. Enumerable.Range(0, categories).Select(_ => scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
        var largest = logits.Max();
        var log = largest + Math.Log(logits.Sum(x => Math.Exp(x - largest)));
        return [.. logits.Select(x => x - log)];
    }

    /// <summary>With p next to 0 the weight of the category is (p e/E)^(1/τ) of two exponentials: each moment has a closed
    /// form.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(100)]
    public void InFloat64ACategoryNextToImpossibleHasItsGradient(double temperature)
    {
        using var scope = NewDisposeScope();
        var theta = tensor(new double[] { 0, -200 }).unsqueeze(0).requires_grad_();
        var node = new GumbelRaoExact(temperature).Sample(new OneHotCategorical(theta));
        node.Value[0, 1].backward();
        var expected = Enumerable.Range(1, 20).Sum(k => (k % 2 == 1 ? k : -k) * Math.Exp(-200 * k / temperature) * Moment(k / temperature)) / temperature;
        Assert.Equal(1, theta.grad![0, 1].item<double>() / expected, 4e-9);

        // E (e/E)^x for x < 1; where there are none, what stands before is 0.
        static double Moment(double x) => x < 1 ? Math.PI * x / Math.Sin(Math.PI * x) : 0;
    }
}
