using DiscreteGradients.Experiments.Timing;
using DiscreteGradients.Torch;
using TorchSharp;
using static DiscreteGradients.Experiments.InputException;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tradeoff;

/// <summary>Variance and bias of each estimator, exactly referred, and the time of one gradient.</summary>
internal static class TradeoffStudy
{
    /// <summary>Measures: first the variances, then the times of all estimators of an arity in turn.</summary>
    /// <param name="progress">Told the part done of 1, and what is measured.</param>
    public static IReadOnlyList<TradeoffRow> Measure(TradeoffSettings settings, Action<double, string>? progress = null,
        CancellationToken cancellation = default)
    {
        var rows = new List<TradeoffRow>();
        foreach (var (arity, index) in settings.Arities.Select((arity, index) => (arity, index)))
        {
            using var problem = new TradeoffProblem(arity, settings.Seed);
            var estimators =
                settings.Estimators.Select(name => (Name: name, Gradient: problem.Gradient(name, settings.Temperature))).ToList();
            var summaries = Summaries(problem, estimators, settings, part => Report(part / 2, "variance"), cancellation);
            var times = Times(problem, estimators, settings, part => Report((1 + part) / 2, "time"), cancellation);
            rows.AddRange(estimators.Zip(summaries, times)
                .Select(one => one.Second with { Estimator = one.First.Name, Milliseconds = one.Third }));

            void Report(double part, string what) =>
                progress?.Invoke((index + part) / settings.Arities.Count, Invariant($"arity {arity}, {what}"));
        }
        return rows;
    }

    private static List<TradeoffRow> Summaries(TradeoffProblem problem,
        List<(EstimatorName Name, Func<Generator, Tensor> Gradient)> estimators, TradeoffSettings settings,
        Action<double> progress, CancellationToken cancellation)
    {
        using var exact = problem.Exact();
        using var square = exact.Squared().sum();
        var unit = square.item<double>();
        var rows = new List<TradeoffRow>();
        foreach (var (name, gradient) in estimators)
        {
            var study = new GradientStudy((_, generator) => Gradient(gradient, generator))
            {
                Draws = settings.Draws,
                Seed = (long)settings.Seed,
            };
            var summary = study.Compare([new Reinforce()], exact)[0];
            rows.Add(new(problem.Arity, name, new(0, 0, 0), summary.Trace / unit, summary.SquaredBias!.Value / unit,
                summary.ScaleFreeError()!.Value));
            progress((double)rows.Count / estimators.Count);
        }
        return rows;

        Tensor Gradient(Func<Generator, Tensor> gradient, Generator generator)
        {
            cancellation.ThrowIfCancellationRequested();
            return gradient(generator);
        }
    }

    private static IEnumerable<Quartiles> Times(TradeoffProblem problem,
        List<(EstimatorName Name, Func<Generator, Tensor> Gradient)> estimators, TradeoffSettings settings,
        Action<double> progress, CancellationToken cancellation)
    {
        using var generator = new Generator(settings.Seed);
        var contestants = estimators.ConvertAll(one => new Timed(() => one.Gradient(generator).Dispose()));
        var seconds = InterleavedTiming.Seconds(contestants, TimeSpan.FromSeconds(settings.Seconds * contestants.Count), progress,
            cancellation);
        return seconds.Select(times => Quartiles.Of(times.Select(time => time * 1e3)));
    }
}

/// <summary>One estimator on the problem of one arity. Errors are standard errors; all figures but the time are functions of
/// the settings.</summary>
/// <param name="Milliseconds">The time of one gradient: sample, cost, backward pass.</param>
/// <param name="Trace">tr cov of the gradient, as a part of the squared length of the exact gradient.</param>
/// <param name="SquaredBias">In the same unit, less the sampling variance of the mean.</param>
/// <param name="ScaleFreeError">The least relative squared error over all factors of the gradient.</param>
internal sealed record TradeoffRow(int Arity, EstimatorName Estimator, Quartiles Milliseconds, Estimate Trace,
    Estimate SquaredBias, Estimate ScaleFreeError)
{
    /// <summary>The base-10 logarithm of <see cref="Trace"/>; null where nothing varies.</summary>
    public Estimate? Log10Trace => Trace.Log10;

    /// <summary>The name without K.</summary>
    public string Family => Estimator.With(setting: null);
}

/// <summary>The settings of a study of variance against time.</summary>
internal sealed record TradeoffSettings
{
    /// <summary>The numbers n of categories, a panel each; see <see cref="TradeoffProblem"/>.</summary>
    public IReadOnlyList<int> Arities { get; init; } = [2, 8];

    /// <summary>The estimators that are measured, by family in the order drawn.</summary>
    public IReadOnlyList<EstimatorName> Estimators { get; init; } = EstimatorName.ParseList(
        "reinforce,st,gs,st-gs,gr-mc:1,gr-mc:3,gr-mc:10,gr-mc:30,gr-mc:100,gr-mc:300,gr-mc:1000,gr,"
        + "st2:0.25,st2:0.5,st2:0.75,zgr,reinmax,rloo:2,rloo:4,rloo:8,disarm,local", severalEvaluations: true);

    /// <summary>The temperature τ of all of them.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Gradients drawn of each.</summary>
    public int Draws { get; init; } = 300;

    /// <summary>Spent on timing each.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>The seed of the problem and the draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public TradeoffSettings Validated()
    {
        if (Arities.Count is < 1 or > 3 || Arities.Except(TradeoffProblem.Arities).Any())
            throw new InputException(
                $"arities is {string.Join(",", Arities)}; expected one to three of "
                + $"{string.Join(", ", TradeoffProblem.Arities)}.");
        RequireOnce("arity", Arities);
        if (Estimators.Count == 0) throw new InputException("estimators names none; expected a list such as st-gs,gr-mc:100.");
        RequireOnce("estimator", Estimators);
        foreach (var estimator in Estimators.Where(name => !name.HasSeveralEvaluations)) estimator.Offered();
        Require(Temperature is >= 0.01 and <= 10, "temperature", Temperature, "a number from 0.01 to 10");
        Require(Draws >= 20, "draws", Draws, "at least 20");
        Require(Seconds is >= InterleavedTiming.LeastSeconds and <= InterleavedTiming.MostSeconds, "seconds", Seconds,
            Invariant($"a number from {InterleavedTiming.LeastSeconds} to {InterleavedTiming.MostSeconds}"));
        return this;
    }
}
