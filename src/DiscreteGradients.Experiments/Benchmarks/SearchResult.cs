namespace DiscreteGradients.Experiments.Benchmarks;

/// <summary>Searches: more workers, and reports of a large record.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Threads">Of a worker.</param>
/// <param name="Version">Of the program, with the commit.</param>
/// <param name="Rows">One a command.</param>
public sealed record SearchResult(Machine Machine, int Threads, string Version, IReadOnlyList<SearchRow> Rows) : BenchmarkResult(Machine, Threads, Version)
{
    internal override string Title => "A search";

    internal override string Caption =>
        "Seconds of the whole command, its start included: medians, with the middle half of the rounds in brackets. Ratio: the time with one worker "
        + "over that with two, in the same round. The record is made up: folders and files as a search leaves them. No index: index.jsonl deleted before.";

    internal override BenchmarkTable Table => new(
        ["command", "s", "ratio"], [.. Rows.Select(row => (string[])[row.Name, BenchmarkTable.Range(row.Seconds), BenchmarkTable.Range(row.Ratio)])]);
}
