namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Training steps of the VAE with each estimator.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Threads">Of the fused kernel; libtorch runs on one.</param>
/// <param name="Version">Of the program, with the commit.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="Rows">One an arity and estimator, the first of an arity being what the others are compared with.</param>
public sealed record VaeResult(Machine Machine, int Threads, string Version, int BatchSize, IReadOnlyList<VaeRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => Invariant($"A training step of the VAE, batch size {BatchSize}");

    internal override string Caption =>
        Invariant($"The whole step of `dgrad train vae`, batch size {BatchSize}, otherwise at the defaults: minibatch, both networks forward and backward, the estimator, ")
        + $"SGD with momentum. Estimators were timed in turn; medians, with the middle half of the rounds in brackets. Ratio: the time of a step over that of {Rows[0].Estimator} in the same round.";

    internal override BenchmarkTable Table => new(
        ["estimator", "n", "steps/s", "ms a step", "ratio"],
        [.. Rows.Select(row => (string[])[
            $"{row.Estimator}", Invariant($"{row.Arity}"), BenchmarkTable.Number(row.StepsPerSecond),
            BenchmarkTable.Number(row.Milliseconds.Median), BenchmarkTable.Range(row.Ratio)])]);
}
