using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>The importance-weighted bound of each model.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Threads">Images at once.</param>
/// <param name="Version">Of the program, with the commit.</param>
/// <param name="Samples">M.</param>
/// <param name="Rows">One a model.</param>
public sealed record IwaeResult(Machine Machine, int Threads, string Version, int Samples, IReadOnlyList<IwaeRow> Rows)
    : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => "The importance-weighted bound";

    internal override string Caption =>
        Invariant($"Seconds for 100 images with M = {Samples} samples each (untrained weights: the time does not depend on them): medians, with the middle half of the rounds in brackets. ")
        + "A test set has 10,000 images.";

    internal override BenchmarkTable Table => new(
        ["model", "n", "s / 100 images"],
        [.. Rows.Select(row => (string[])[
            JsonText.Word(row.Architecture), Invariant($"{row.Arity}"), BenchmarkTable.Range(row.SecondsPer100Images)])]);
}
