using System.Diagnostics;
using System.Globalization;

namespace DiscreteGradients.Experiments.Timing;

/// <summary>Times contestants in one process, a block of runs of each in turn, so that whatever else the machine does meets
/// all of them alike.</summary>
internal static class InterleavedTiming
{
    /// <summary>Rounds are at least so many, whatever they cost.</summary>
    public const int FewestRounds = 5;

    /// <summary>The range of the seconds that are spent on a contestant.</summary>
    public const double LeastSeconds = 1e-3, MostSeconds = 86_400;

    private const int WantedRounds = 15;
    private const double WarmUpPart = 0.25;

    /// <summary>Seconds a run of each contestant in each round, [contestants][rounds].</summary>
    /// <param name="budget">For all of them, the warm-up included; overrun where <see cref="FewestRounds"/> take longer.</param>
    /// <param name="progress">Told the part done, at most 1.</param>
    public static double[][] Seconds(
        IReadOnlyList<Timed> contestants, TimeSpan budget, Action<double>? progress, CancellationToken cancellation)
    {
        var share = budget / contestants.Count;
        var block = share * (1 - WarmUpPart) / WantedRounds;
        var repetitions = contestants.Select(
            contestant => Block(contestant, () => WarmUp(contestant, share * WarmUpPart, block, cancellation))).ToArray();
        var seconds = contestants.Select(_ => new List<double>()).ToArray();
        var clock = Stopwatch.StartNew();
        for (var (round, done) = (0, 0.0); done < 1; round++)
        {
            for (var turn = 0; turn < contestants.Count; turn++)
            {
                cancellation.ThrowIfCancellationRequested();
                // There and back: nobody is always first.
                var i = round % 2 == 0 ? turn : contestants.Count - 1 - turn;
                seconds[i].Add(Block(contestants[i], () => Time(contestants[i], repetitions[i])));
            }
            done = Math.Min(1, Math.Min((round + 1.0) / FewestRounds, clock.Elapsed / (budget * (1 - WarmUpPart))));
            progress?.Invoke(done);
        }
        return [.. seconds.Select(list => list.ToArray())];
    }

    private static T Block<T>(Timed contestant, Func<T> body)
    {
        contestant.Before?.Invoke();
        try
        {
            return body();
        }
        finally
        {
            contestant.After?.Invoke();
        }
    }

    // Runs at least twice: the first compiles. Returns how often a block repeats.
    private static int WarmUp(Timed contestant, TimeSpan length, TimeSpan block, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var fastest = double.PositiveInfinity;
        for (var run = 0; run < 2 || clock.Elapsed < length; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            fastest = Math.Min(fastest, Time(contestant, 1));
        }
        return (int)Math.Clamp(block.TotalSeconds / fastest, 1, 1_000_000);
    }

    private static double Time(Timed contestant, int repetitions)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions; i++) contestant.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions;
    }
}

/// <summary>Something to be timed.</summary>
/// <param name="Run">The thing whose duration is wanted, once.</param>
/// <param name="Before">Prepares a block of runs; not timed.</param>
/// <param name="After">Clears up after a block; not timed.</param>
internal sealed record Timed(Action Run, Action? Before = null, Action? After = null);

/// <summary>The three quartiles of repeated measurements; what happens to a few of them does not move it.</summary>
internal sealed record Quartiles(double Low, double Median, double High)
{
    /// <summary>The quartiles of at least one number, by linear interpolation.</summary>
    public static Quartiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(At(0.25), At(0.5), At(0.75));
        double At(double part)
        {
            var (below, position) = ((int)(part * (sorted.Length - 1)), part * (sorted.Length - 1));
            var above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
        }
    }

    /// <summary>The quartiles of the quotients of measurements made in turn: a machine that slows down for a while slows
    /// both.</summary>
    public static Quartiles OfRatios(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators) =>
        Of(numerators.Zip(denominators, (numerator, denominator) => numerator / denominator));

    /// <summary>The median and the middle half, as in "40.2 (38.0–41.0)"; "-" for none.</summary>
    public static string Text(Quartiles? quartiles) =>
        quartiles is null ? "-" : $"{Number(quartiles.Median)} ({Number(quartiles.Low)}–{Number(quartiles.High)})";

    /// <summary>A number with three significant digits and no exponent; "-" for none.</summary>
    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 or 0 => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 => value.Value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F3", CultureInfo.InvariantCulture),
    };
}
