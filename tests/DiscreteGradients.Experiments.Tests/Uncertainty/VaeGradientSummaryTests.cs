using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Uncertainty;

/// <summary>The numbers of a gradient study and their errors, from simulated minibatches whose moments are known.</summary>
/// <remarks>A minibatch b has the mean gradient μ + u_b + δ (δ the estimator's bias) and P passes of spread s around it; u_b is the
/// minibatch's own, common to estimator and reference.</remarks>
public sealed class VaeGradientSummaryTests
{
    private const int Dimension = 8, Minibatches = 40, Passes = 5, Blocks = 10;
    private const double PassSpread = 1.5, MinibatchSpread = 0.8, Bias = 0.5, ReferenceSpread = 0.3;
    private const double Trace = Dimension * PassSpread * PassSpread;

    private static readonly VaeGradientSettings Settings = new()
    {
        Estimators = EstimatorName.ParseList("st-gs,gr-mc:10"),
        Temperatures = [0.5],
        Minibatches = Minibatches,
        Passes = Passes,
        ReferencePasses = 100,
    };

    [Fact]
    public void TheNumbersAreThoseOfTheDirectFormulas()
    {
        var simulation = new Simulation(new Random(1), bias: Bias);
        var row = simulation.Row(0);
        var traces = simulation.PassTraces[0];
        Assert.Equal(traces.Average(), row.Trace.Value, 1e-12);
        Assert.Equal(Math.Sqrt(Variance(traces) / Minibatches), row.Trace.Error, 1e-12);
        Assert.Equal(Math.Log10(row.Trace.Value), row.Log10Trace!.Value.Value, 1e-12);
        Assert.Equal(row.Trace.Error / row.Trace.Value / Math.Log(10), row.Log10Trace.Value.Error, 1e-12);
        // tr var of the minibatches' means, less what the passes put into them.
        var means = simulation.Means[0];
        var between = Enumerable.Range(0, Dimension).Sum(d => Variance([.. means.Select(mean => mean[d])]));
        Assert.Equal(between - row.Trace.Value / Passes, row.MinibatchTrace.Value, 1e-10);
        // The squared bias: the mean product of the differences of two different blocks.
        var differences = Enumerable.Range(0, Blocks).Select(block => Minus(simulation.BlockMean(0, block), simulation.ReferenceBlock(block))).ToList();
        var pairs = from i in Enumerable.Range(0, Blocks) from j in Enumerable.Range(0, Blocks) where i != j select Dot(differences[i], differences[j]);
        Assert.Equal(pairs.Average(), row.SquaredBias!.Value.Value, 1e-10);
        Assert.Equal(row.Trace.Value + row.SquaredBias.Value.Value, row.MeanSquaredError!.Value.Value);
        // Estimators of one temperature are compared minibatch by minibatch with the one before.
        var second = simulation.Row(1);
        var gaps = traces.Zip(simulation.PassTraces[1], (a, b) => a - b).ToList();
        Assert.Null(row.TraceDifference);
        Assert.Equal(gaps.Average(), second.TraceDifference!.Value.Value, 1e-12);
        Assert.Equal(Math.Sqrt(Variance(gaps) / Minibatches), second.TraceDifference!.Value.Error, 1e-12);
    }

    [Fact]
    public void TheJackknifeOfTheMinibatchTraceLeavesOutABlockAtATime()
    {
        var simulation = new Simulation(new Random(2), 0);
        var leftOut = Enumerable.Range(0, Blocks).Select(without =>
        {
            var kept = Enumerable.Range(0, Minibatches).Where(m => m * Blocks / Minibatches != without).ToList();
            var between = Enumerable.Range(0, Dimension).Sum(d => Variance([.. kept.Select(m => simulation.Means[0][m][d])]));
            return between - kept.Average(m => simulation.PassTraces[0][m]) / Passes;
        }).ToList();
        var centre = leftOut.Average();
        Assert.Equal(Math.Sqrt(0.9 * leftOut.Sum(v => (v - centre) * (v - centre))), simulation.Row(0).MinibatchTrace.Error, 1e-9);
    }

    // One number for a gradient, three blocks of one, two and three minibatches, and no noise of passes.
    [Fact]
    public void TheMinibatchTraceCountsEachMinibatchOnce_HoweverTheyAreInBlocks()
    {
        double[][] blocks = [[1], [4, 2], [7, 3, 5]];
        var parts = blocks.Select(block => new GradientPart { Traces = new double[block.Length], SquaredMeans = [.. block.Select(mean => mean * mean)] });
        var products = from one in blocks from other in blocks select one.Average() * other.Average();
        var settings = Settings with { Estimators = EstimatorName.ParseList("st-gs"), Temperatures = [0.5], ReferencePasses = 0 };
        var unit = new VaeGradientStudy.Measured(settings.Estimators[0], 0.5, [.. parts], new() { Products = [.. products] });
        var row = new VaeGradientSummary(settings, [unit], null).Result(1, 2).Rows.Single();
        Assert.Equal(Variance([.. blocks.SelectMany(block => block)]), row.MinibatchTrace.Value, 1e-12);
    }

    [Fact]
    public void TheErrorsAgainstTheReferenceAreThoseOfBlocksLeftOut()
    {
        var simulation = new Simulation(new Random(3), Bias, level: 1);
        var result = simulation.Result();
        var row = result.Rows[0];
        var all = Enumerable.Range(0, Blocks).ToList();
        var (means, references) = (all.ConvertAll(block => simulation.BlockMean(0, block)), all.ConvertAll(simulation.ReferenceBlock));
        var differences = all.ConvertAll(block => Minus(means[block], references[block]));
        var traces = all.ConvertAll(block =>
            Enumerable.Range(0, Minibatches).Where(m => m * Blocks / Minibatches == block).Average(m => simulation.PassTraces[0][m]));

        Assert.Equal(OfTwo(all, (i, j) => Dot(references[i], references[j])), result.ReferenceSquaredNorm!.Value.Value, 1e-10);
        var error = LeftOut(Squared);
        Assert.True(error > row.SquaredBias!.Value.Error, "the trace has its part in it");
        Assert.Equal(error, row.MeanSquaredError!.Value.Error, 1e-10);
        Assert.Equal(ScaleFree(all), row.ScaleFreeError!.Value.Value, 1e-10);
        Assert.Equal(LeftOut(ScaleFree), row.ScaleFreeError.Value.Error, 1e-10);

        static double OfTwo(List<int> kept, Func<int, int, double> product) =>
            (from i in kept from j in kept where i != j select product(i, j)).Average();

        double Squared(List<int> kept) => kept.Average(i => traces[i]) + OfTwo(kept, (i, j) => Dot(differences[i], differences[j]));

        double ScaleFree(List<int> kept)
        {
            var along = (from i in kept
                         from j in kept
                         from k in kept
                         from l in kept
                         where i != j && i != k && i != l && j != k && j != l && k != l
                         select Dot(means[i], references[j]) * Dot(means[k], references[l])).Average();
            var length = OfTwo(kept, (i, j) => Dot(means[i], means[j])) + kept.Average(i => traces[i]);
            return 1 - along / (OfTwo(kept, (i, j) => Dot(references[i], references[j])) * length);
        }

        double LeftOut(Func<List<int>, double> statistic)
        {
            var values = all.ConvertAll(block => statistic(all.FindAll(other => other != block)));
            return Math.Sqrt(0.9 * values.Sum(value => Math.Pow(value - values.Average(), 2)));
        }
    }

    // Traces a/K + c of each minibatch, with others at each temperature. Neither K nor τ comes in order; what is no independent
    // mean of K lies off the line.
    [Fact]
    public void EachTemperatureIsComparedWithinItself()
    {
        var settings = Settings with
        {
            Estimators = EstimatorName.ParseList("zgr,gr-mc:10,st-gs,gr,gr-mc:10:antithetic"),
            Temperatures = [1, 0.2],
            ReferencePasses = 0,
        };
        var measured = (from temperature in settings.Temperatures
                        from name in settings.Estimators
                        where name.HasTemperature || temperature == 1
                        select Unit(name, temperature)).ToList();
        var result = new VaeGradientSummary(settings, measured, null).Result(7, 4);
        Assert.Equal([1, 0.2], result.Lines.Select(line => line.Temperature));
        foreach (var line in result.Lines)
        {
            Assert.Equal([1, 10, int.MaxValue], line.Points.Select(point => point.Samples));
            Assert.Equal(Mean(m => Conditional(line.Temperature, m)), line.Conditional.Value, 1e-6);
            Assert.Equal(Mean(m => Residual(line.Temperature, m)), line.Residual.Value, 1e-6);
        }
        // By place: zgr, then the four at 1, then the four at 0.2.
        Assert.Null(result.Rows[0].TraceDifference);
        Assert.Equal(Mean(m => Trace(measured[0], m) - Trace(measured[1], m)), result.Rows[1].TraceDifference!.Value.Value, 1e-9);
        Assert.Null(result.Rows[5].TraceDifference);
        Assert.Equal(Mean(m => Trace(measured[5], m) - Trace(measured[6], m)), result.Rows[6].TraceDifference!.Value.Value, 1e-9);
        // One without a temperature stands beside those of each.
        Assert.Null(result.Rows[0].TraceRatio);
        foreach (var place in new[] { 1, 2, 5, 6 })
            Assert.Equal(Mean(m => Trace(measured[place], m)) / Mean(m => Trace(measured[0], m)), result.Rows[place].TraceRatio!.Value.Value, 1e-9);
        // One with a temperature beside its own alone.
        var rest = new VaeGradientSummary(settings with { Estimators = [.. settings.Estimators.Skip(1)] }, [.. measured.Skip(1)], null).Result(7, 4);
        Assert.Null(rest.Rows[4].TraceRatio);
        foreach (var (place, first) in new[] { (1, 0), (2, 0), (5, 4), (6, 4) })
            Assert.Equal(Mean(m => Trace(measured[place + 1], m)) / Mean(m => Trace(measured[first + 1], m)), rest.Rows[place].TraceRatio!.Value.Value, 1e-9);

        static double Conditional(double temperature, int m) => temperature == 1 ? 4 + m % 3 : 40 + m % 7;
        static double Residual(double temperature, int m) => temperature == 1 ? 2 + m % 2 : 20 + m % 5;
        static double Mean(Func<int, double> of) => Enumerable.Range(0, 20).Average(of);
        static double Trace(VaeGradientStudy.Measured unit, int m) => unit.Parts[m / 2].Traces![m % 2];
        static VaeGradientStudy.Measured Unit(EstimatorName name, double temperature)
        {
            double At(int m) => $"{name}" switch
            {
                "zgr" => 5 + 0.1 * m,
                "st-gs" => Conditional(temperature, m) + Residual(temperature, m),
                "gr-mc:10" => Conditional(temperature, m) / 10 + Residual(temperature, m),
                "gr" => Conditional(temperature, m) / int.MaxValue + Residual(temperature, m),
                _ => 0.123,
            };
            return new(name, temperature,
                [.. Enumerable.Range(0, 10).Select(block => new GradientPart { Traces = [At(2 * block), At(2 * block + 1)], SquaredMeans = [1, 1] })],
                new() { Products = [.. Enumerable.Repeat(1.0, 100)] });
        }
    }

    // Three traces that are on no line in 1/K: the residuals of the fit are orthogonal to 1 and to 1/K under the weights.
    [Fact]
    public void ALineInTheInverseOfKWeighsByTheInverseSquareOfTheTrace()
    {
        (int Samples, double Trace)[] traces = [(1, 100), (10, 20), (100, 4)];
        var line = MinibatchDecomposition.Fit(0.5, [.. traces.Select(one => (one.Samples, (IReadOnlyList<double>)[one.Trace, one.Trace]))]);
        double[] residuals = [.. line.Points.Select(point => (point.Trace - point.Line) / (point.Trace * point.Trace))];
        Assert.Equal(0, residuals.Sum(), 1e-12);
        Assert.Equal(0, residuals.Zip(traces, (residual, one) => residual / one.Samples).Sum(), 1e-12);
        Assert.All(line.Points, point => Assert.True(Math.Abs(point.Difference.Value) > 1e-3, $"{point}"));
    }

    // The least error is at 0.3, in the middle, where there is no bias.
    [Fact]
    public void ASuggestionDoesNotDependOnTheOrderOfTheTemperatures()
    {
        var simulations = new Dictionary<double, Simulation> { [1] = Biased(6), [0.3] = Biased(0), [0.1] = Biased(9) };
        var first = Suggested(0.1, 0.3, 1);
        Assert.InRange(first.Temperature, 0.15, 0.7);
        Assert.False(first.AtEdge);
        Assert.Equal(first, Suggested(1, 0.3, 0.1));
        Assert.Equal(first, Suggested(0.3, 1, 0.1));

        static Simulation Biased(double bias) => new(new Random(1), bias);

        SuggestedTemperature Suggested(params double[] temperatures)
        {
            var settings = Settings with { Estimators = EstimatorName.ParseList("st-gs"), Temperatures = temperatures };
            var measured = temperatures.Select(temperature => simulations[temperature].Measured(0, temperature)).ToList();
            return new VaeGradientSummary(settings, measured, simulations[0.3].Own()).Result(null, 8).Suggestions!.Single();
        }
    }

    [Fact(Explicit = true)]
    public void TheErrorOfATraceCovers() => Covers("trace", 0, 0, row => row.Trace, Trace, 0.935, 0.96);

    [Fact(Explicit = true)]
    public void TheErrorOfADifferenceOfTracesCovers() => Covers("difference of traces", 0, 1, row => row.TraceDifference!.Value, 0, 0.935, 0.96);

    // The trace of few minibatches is skew, and ten blocks tell its error to a quarter.
    [Fact(Explicit = true)]
    public void TheErrorOfAMinibatchTraceCovers() =>
        Covers("minibatch trace", 0, 0, row => row.MinibatchTrace, Dimension * MinibatchSpread * MinibatchSpread, 0.88, 0.95);

    [Theory(Explicit = true)]
    [InlineData(0)]
    [InlineData(Bias)]
    [InlineData(3)]
    public void TheErrorOfASquaredBiasCovers(double bias) =>
        Covers($"squared bias at {bias}", bias, 0, row => row.SquaredBias!.Value, bias * bias, 0.86, 0.99);

    [Theory(Explicit = true)]
    [InlineData(0)]
    [InlineData(3)]
    public void TheErrorOfAMeanSquaredErrorCovers(double bias) =>
        Covers($"mean squared error at {bias}", bias, 0, row => row.MeanSquaredError!.Value, Trace + bias * bias, 0.88, 0.99);

    private static void Covers(string what, double bias, int row, Func<VaeGradientMeasurement, Estimate> measured, double truth, double least, double most) =>
        Coverage.Holds(what, repeat =>
        {
            var estimate = measured(new Simulation(new Random(repeat), bias).Row(row));
            return (estimate.Value, estimate.Error);
        }, truth, least, most);

    private static double Variance(List<double> values) => values.Sum(v => Math.Pow(v - values.Average(), 2)) / (values.Count - 1);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Minus(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    /// <summary>Two estimators and a reference on the same minibatches.</summary>
    private sealed class Simulation
    {
        private readonly double[][] reference;

        public Simulation(Random random, double bias, double level = 0)
        {
            double[] Normal(double spread) => [.. Enumerable.Range(0, Dimension).Select(_ => spread * random.NextNormal())];
            var own = Enumerable.Range(0, Minibatches).Select(_ => Array.ConvertAll(Normal(MinibatchSpread), u => u + level)).ToArray();
            reference = [.. own.Select(u => Plus(u, Normal(ReferenceSpread)))];
            for (var estimator = 0; estimator < 2; estimator++)
            {
                foreach (var u in own)
                {
                    var passes = Enumerable.Range(0, Passes).Select(_ => Plus(u, Normal(PassSpread))).ToList();
                    var mean = Enumerable.Range(0, Dimension).Select(d => passes.Average(pass => pass[d])).ToArray();
                    PassTraces[estimator].Add(Enumerable.Range(0, Dimension).Sum(d => Variance([.. passes.Select(pass => pass[d])])));
                    mean[0] += bias;
                    Means[estimator].Add(mean);
                }
            }

            static double[] Plus(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
        }

        public List<double>[] PassTraces { get; } = [[], []];

        public List<double[]>[] Means { get; } = [[], []];

        public VaeGradientMeasurement Row(int estimator) => Result().Rows[estimator];

        public VaeGradientResult Result()
        {
            var measured = Settings.Estimators.Select((_, i) => Measured(i, 0.5)).ToList();
            return new VaeGradientSummary(Settings, measured, Own()).Result(null, 8);
        }

        public VaeGradientStudy.Measured Measured(int estimator, double temperature) => new(Settings.Estimators[estimator], temperature,
            [.. Enumerable.Range(0, Blocks).Select(block => Part(estimator, block))], Products(estimator));

        /// <summary>The products of the reference with itself.</summary>
        public GradientPart Own()
        {
            var own = Enumerable.Range(0, Blocks).Select(ReferenceBlock).ToList();
            return new() { Products = [.. Products(own, own)] };
        }

        public double[] BlockMean(int estimator, int block) => MeanOf([.. Of(block).Select(m => Means[estimator][m])]);

        public double[] ReferenceBlock(int block) => MeanOf([.. Of(block).Select(m => reference[m])]);

        private GradientPart Part(int estimator, int block) => new()
        {
            Traces = [.. Of(block).Select(m => PassTraces[estimator][m])],
            SquaredMeans = [.. Of(block).Select(m => Dot(Means[estimator][m], Means[estimator][m]))],
        };

        private GradientPart Products(int estimator)
        {
            var means = Enumerable.Range(0, Blocks).Select(block => BlockMean(estimator, block)).ToList();
            return new() { Products = [.. Products(means, means)], ReferenceProducts = [.. Products(means, [.. Enumerable.Range(0, Blocks).Select(ReferenceBlock)])] };
        }

        private static IEnumerable<double> Products(List<double[]> a, List<double[]> b) => from x in a from y in b select Dot(x, y);

        private static IEnumerable<int> Of(int block) => Enumerable.Range(0, Minibatches).Where(m => m * Blocks / Minibatches == block);

        private static double[] MeanOf(List<double[]> vectors) => [.. Enumerable.Range(0, Dimension).Select(d => vectors.Average(vector => vector[d]))];
    }
}
