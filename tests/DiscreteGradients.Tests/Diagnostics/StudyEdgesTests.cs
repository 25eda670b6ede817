using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>Studies at their edges: the noise of a reference, vectors of length zero, weights beyond their range.</summary>
public sealed class StudyEdgesTests
{
    /// <summary>If a reference were drawn with the estimators' noise, what they share would cancel.</summary>
    [Fact]
    public void AReferenceHasNoiseOfItsOwn()
    {
        using var scope = NewDisposeScope();
        var (own, references) = (new HashSet<double>(), new HashSet<double>());
        var study = new GradientStudy(Draw) { Draws = 20, Seed = 5 };
        var curve = new TemperatureStudy(Draw) { Draws = 20, Seed = 5 };
        foreach (var run in (Action[])
        [
            () => study.Compare([Family(0.5)], new Reinforce(), 20),
            () => study.Compare([Family(0.5)], Unbiased, 20),
            () => curve.Measure(Family, [0.1, 0.2, 0.4], new Reinforce(), 20),
            () => curve.Measure(Family, [0.1, 0.2, 0.4], Unbiased, 20),
        ])
        {
            own.Clear();
            references.Clear();
            run();
            Assert.Equal((20, 20), (own.Count, references.Count));
            Assert.Empty(own.Intersect(references));
        }

        static IGradientEstimator Family(double temperature) => new GumbelRao(2, temperature);

        Tensor Draw(IGradientEstimator estimator, Generator generator) =>
            Noted(estimator is Reinforce ? references : own, generator);

        Tensor Unbiased(Generator generator) => Noted(references, generator);

        static Tensor Noted(HashSet<double> numbers, Generator generator)
        {
            var gradient = randn(1, dtype: ScalarType.Float64, generator: generator);
            numbers.Add(gradient.item<double>());
            return gradient;
        }
    }

    [Fact]
    public void ADecompositionTakesOneTenAndAHundredDrawsAndTheirLimit()
    {
        using var scope = NewDisposeScope();
        var asked = new List<IGradientEstimator>();
        var parts = new GradientStudy((estimator, generator) =>
        {
            if (!asked.Contains(estimator)) asked.Add(estimator);
            return randn(2, generator: generator);
        })
        { Draws = 20 }.Decompose(0.25);
        IGradientEstimator[] expected =
            [new GumbelRao(1, 0.25), new GumbelRao(10, 0.25), new GumbelRao(100, 0.25), new GumbelRaoExact(0.25)];
        Assert.Equal(expected, asked);
        Assert.Equal(2, parts.DegreesOfFreedom);
    }

    [Fact]
    public void ADecompositionRefusesAKThatIsGivenTwice_BeforeItDraws()
    {
        var study = new GradientStudy((_, _) => throw new InvalidTimeZoneException("drawn"));
        var refused = Assert.Throws<ArgumentException>(() => study.Decompose(0.5, [10, 1, 10]));
        Assert.StartsWith("samples is [10, 1, 10]; expected each K once.", refused.Message, StringComparison.Ordinal);
        Assert.Equal("samples", refused.ParamName);
    }

    [Theory]
    [InlineData]
    [InlineData(1, 0)]
    [InlineData(1, int.MaxValue)]
    public void ADecompositionRefusesWhatIsNoK_BeforeItDraws(params int[] samples)
    {
        var study = new GradientStudy((_, _) => throw new InvalidTimeZoneException("drawn"));
        var refused = Assert.Throws<ArgumentException>(() => study.Decompose(0.5, samples));
        Assert.StartsWith($"samples is [{string.Join(", ", samples)}]; expected at least one K, each of at least 1 and below 2147483647.",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGradientOfNaNIsNamed()
    {
        using var scope = NewDisposeScope();
        var study = new GradientStudy((_, _) => full(2, double.NaN)) { Draws = 20 };
        Assert.StartsWith("the trace of GumbelRao", Assert.Throws<InvalidOperationException>(() => study.Decompose(0.5)).Message, StringComparison.Ordinal);
        var row = Assert.Single(study.Compare([new Reinforce()]));
        Assert.True(double.IsNaN(row.Log10Trace!.Value.Value));
        Assert.EndsWith("log10 trace NaN", row.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AReferenceHasAsManyElementsAsAGradient()
    {
        using var scope = NewDisposeScope();
        var study = new GradientStudy((_, _) => ones(3)) { Draws = 20 };
        var curve = new TemperatureStudy((_, _) => ones(3)) { Draws = 20 };
        foreach (var elements in (long[])[1, 4])
        {
            foreach (var run in (Action[])
            [
                () => study.Compare([Family(0.5)], ones(elements)),
                () => study.Compare([Family(0.5)], _ => ones(elements)),
                () => curve.Measure(Family, [0.1, 0.2, 0.4], ones(elements)),
                () => curve.Measure(Family, [0.1, 0.2, 0.4], _ => ones(elements)),
            ])
            {
                Assert.StartsWith($"the study's closure gave 3 elements a draw; expected {elements}, ",
                    Assert.Throws<InvalidOperationException>(run).Message, StringComparison.Ordinal);
            }
        }
        // Three times (√2)².
        var row = Assert.Single(study.Compare([Family(0.5)], full(3, 1 - Math.Sqrt(2)).reshape(1, 3)));
        Assert.Equal(6, row.SquaredBias!.Value.Value, 1e-5);

        // The draws among themselves, too.
        var count = 2;
        var growing = new GradientStudy((_, _) => ones(++count)) { Draws = 20 };
        Assert.StartsWith("the study's closure gave 4 elements a draw; expected 3, ",
            Assert.Throws<InvalidOperationException>(() => growing.Compare([Family(0.5)])).Message, StringComparison.Ordinal);

        static IGradientEstimator Family(double temperature) => new GumbelRao(2, temperature);
    }

    [Fact]
    public void AGridOfTemperaturesIsCheckedBeforeAReferenceIsDrawn()
    {
        var study = new TemperatureStudy((_, _) => throw new InvalidTimeZoneException("drawn"));
        foreach (var run in (Action[])
        [
            () => study.Measure(Family, [0.5, 0.4, 1], new Reinforce()),
            () => study.Measure(Family, [0.5, 0.4, 1], _ => throw new InvalidTimeZoneException("drawn")),
        ])
        {
            Assert.StartsWith("temperatures is [0.5, 0.4, 1]; expected", Assert.Throws<ArgumentException>(run).Message,
                StringComparison.Ordinal);
        }

        static IGradientEstimator Family(double temperature) => new GumbelRao(2, temperature);
    }

    [Fact]
    public void AGradientOfZeroHasTheScaleFreeErrorOne_AndToAReferenceOfZeroThereIsNone()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(new Estimate(1, 0), Row(zeros(3), ones(3)).ScaleFreeError());
        Assert.Null(Row(ones(3), zeros(3)).ScaleFreeError());
        // What points where the reference does, without noise, is right but for a factor.
        Assert.Equal(0, Row(full(3, 2.0), ones(3)).ScaleFreeError()!.Value.Value, 1e-12);
        foreach (var batch in (double[])[0.5, double.NaN])
        {
            var refused = Assert.Throws<ArgumentOutOfRangeException>(() => Row(ones(3), ones(3)).ScaleFreeError(batch));
            Assert.Contains("expected at least 1", refused.Message, StringComparison.Ordinal);
        }

        static GradientSummary Row(Tensor gradient, Tensor reference) =>
            new GradientStudy((_, _) => gradient) { Draws = 20 }.Compare([new Reinforce()], reference)[0];
    }

    // N = 1 + z and S = slope · z, with z standard normal: λ = (1 − slope)/(1 + 1), which is 2 and −14.5.
    [Theory]
    [InlineData(-3, 1)]
    [InlineData(30, 0)]
    public void AWeightStaysWithinZeroAndOne(double slope, double weight)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(new WeightChoice(new(weight, 0), weight, weight), Study(slope).Measure());
    }

    // S is noise of deviation 8 beside an N of 1 ± 0.3: λ is about 0.92, with an error that is almost as large.
    [Fact]
    public void TheIntervalOfAWeightStaysWithinZeroAndOne()
    {
        using var scope = NewDisposeScope();
        var choices = Enumerable.Range(0, 80)
            .Select(seed => Study(0, spread: 0.3, noise: 8, draws: 20, seed: seed).Measure()).ToList();
        Assert.All(choices, choice => Assert.InRange(choice.Low, 0, choice.Weight.Value));
        Assert.All(choices, choice => Assert.InRange(choice.High, choice.Weight.Value, 1));
        Assert.Contains(choices, choice => choice.Weight.Value > 0 && choice.Low == 0);
        Assert.Contains(choices, choice => choice.Weight.Value < 1 && choice.High == 1);
    }

    [Fact]
    public void AWeightStudyTakesAThousandDraws_AndLooksForTheWeightOfOneGradient()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(1000, new WeightStudy((_, _) => ones(1)).Draws);
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new WeightStudy((_, _) => ones(1)) { Draws = 19 });
        Assert.Contains("draws is 19", refused.Message, StringComparison.Ordinal);
        // λ = (1 − 0.2/B)/(1 + 1/B).
        var study = Study(0.2);
        Assert.Equal(study.Measure(1), study.Measure());
        Assert.NotEqual(study.Measure(2), study.Measure());
        Assert.Equal("weight 0.5 (95 %: 0.25 to 0.75)", $"{new WeightChoice(new(0.5, 0.1), 0.25, 0.75)}");
    }

    [Fact]
    public void BlocksOfAnyNumberOfDrawsFollowOneAnother()
    {
        Assert.Equal([0, 2, 5, 7, 10, 12, 15, 17, 20, 22, 25],
            Enumerable.Range(0, 11).Select(block => GradientBlocks.Start(block, 25)));
        // The product of nine and a billion is beyond int.
        Assert.Equal(900_000_000, GradientBlocks.Start(9, 1_000_000_000));
        Assert.Equal(int.MaxValue, GradientBlocks.Start(10, int.MaxValue));
    }

    // What does not vary: rounding makes Σ‖g‖² now larger than n‖mean‖², now smaller.
    [Fact]
    public void NoTraceIsBelowZero()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        for (var repeat = 0; repeat < 5; repeat++)
        {
            using var blocks = new GradientBlocks(3);
            for (var block = 0; block < GradientBlocks.Count; block++)
            {
                var row = randn([1, 3], dtype: ScalarType.Float64, generator: generator);
                for (var draw = 0; draw < 7; draw++) blocks.Add(block, row);
            }
            Assert.All(blocks.Against(zeros(1, 3, dtype: ScalarType.Float64)).Traces, trace => Assert.InRange(trace, 0, 1e-13));
        }
    }

    // S = slope · z + noise · y and N = 1 + spread · z, of one element.
    private static WeightStudy Study(double slope, double spread = 1, double noise = 0, int draws = 200, long seed = 0) =>
        new((estimator, generator, count) =>
        {
            var z = randn([count, 1], dtype: ScalarType.Float64, generator: generator);
            var y = randn([count, 1], dtype: ScalarType.Float64, generator: generator);
            return z * slope + y * noise + (z * spread + 1) * ((SecondOrderStraightThrough)estimator).Weight;
        }, drawsAtOnce: 20)
        { Draws = draws, Seed = seed };
}
