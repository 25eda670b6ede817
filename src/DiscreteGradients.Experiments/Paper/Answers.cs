using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>The head of docs/results.md: sentences on the paper's claims, computed from our records. A question whose record is
/// not there is left out.</summary>
internal static class Answers
{
    internal static readonly EstimatorName StraightThrough = new(EstimatorFamily.StraightThroughGumbelSoftmax),
        Rao = new(EstimatorFamily.GumbelRaoExact);

    /// <summary>Writes one paragraph a question.</summary>
    /// <param name="root">The folder of the records.</param>
    /// <param name="searches">Those below it.</param>
    public static string Markdown(string root, IReadOnlyList<SearchFolder> searches)
    {
        var bounds = new BoundAnswers(searches);
        (string Question, IEnumerable<string> Sentences)[] all =
        [
            ("Does it help?", bounds.Gains()),
            ("Does a larger K help?", bounds.Samples()),
            ("Does it help more with small batches?", bounds.BatchSizes()),
            ("How do the others do?", bounds.Others()),
            ("Does training take fewer steps?", ConvergenceAnswers.Sentences(searches)),
            ("How much less does the gradient vary?", Variances(root)),
            ("What does it cost?", Costs(root)),
            ("Is it more robust?", Stability(root)),
        ];
        return string.Concat(all.Select(answer => (answer.Question, Text: string.Join(' ', answer.Sentences)))
            .Where(answer => answer.Text.Length > 0).Select(answer => $"**{answer.Question}** {answer.Text}\n\n"));
    }

    /// <summary>The ratio of the variance of GR to that of ST-GS, for each temperature of each study of a VAE's gradients: on the
    /// same minibatches, where the study compares with ST-GS.</summary>
    public static IEnumerable<((string Path, int Step, int Arity) Study, double Temperature, Estimate Ratio)> VarianceRatios(
        string root) =>
        from study in ResultsDocument.Studies(root)
        let result = VaeGradientStudy.Read(study.Path, study.Step, study.Arity)
        where result is not null
        from row in result.Rows
        where row.Estimator == Rao
        from reference in result.Rows
        where reference.Estimator == StraightThrough && reference.Temperature == row.Temperature
        let paired = result.Settings.Estimators[0] == StraightThrough ? row.TraceRatio : null
        select (study, row.Temperature, paired ?? Conclusion.Ratio(row.Trace, reference.Trace));

    /// <summary>The median milliseconds of a training step of the VAE by us or by PyTorch, batch size 20, 8 categories, one
    /// thread; null where it was not measured. The ratio of GR to ST-GS is the median over rounds, which the two took in turn; of
    /// the two medians where the record has none.</summary>
    public static (double? StraightThrough, double? Rao, double? Ratio, double? PyTorch) StepMilliseconds(string root)
    {
        var ours = Rows(root, "vae-1.json").FindAll(row => Is(row, "arity", "8"));
        var (plain, rao) = (ours.Find(row => Is(row, "estimator", "st-gs")), ours.Find(row => Is(row, "estimator", "gr")));
        // The ratios of a record are to its first estimator.
        var ratio = ours.FirstOrDefault() == plain ? Median(rao, "ratio") : null;
        return (Median(plain), Median(rao), ratio ?? Median(rao) / Median(plain),
            Median(Rows(root, "peer-vae-1.json").Find(row => Is(row, "case", "st-gs, n = 8, batch size 20"))));
    }

    /// <summary>The median milliseconds of a sample and a backward pass of GR-MC100 at [20, 80, 8], two threads: by the
    /// implementation published with GST, by our kernel, and of GR without draws; null where it was not measured.</summary>
    public static (double? Published, double? Draws, double? Exact) BackwardMilliseconds(string root)
    {
        var ours = Rows(root, "kernel-2.json").Find(row => Is(row, "samples", "100") && row["workload"] is { } workload
            && Is(workload, "batch", "20") && Is(workload, "variables", "80") && Is(workload, "categories", "8"));
        return (Median(Rows(root, "peer-gst-2.json").Find(row => Is(row, "case", "[20, 80, 8], K = 100"))), Median(ours, "fused"),
            Median(ours, "exact"));
    }

    private static IEnumerable<string> Variances(string root) =>
        from study in VarianceRatios(root).GroupBy(ratio => ratio.Study)
        let model = study.Key.Arity switch
        {
            0 => "a VAE",
            8 => "an 8-ary VAE",
            var arity => Invariant($"a {arity}-ary VAE"),
        }
        let ratios = study.OrderBy(ratio => ratio.Temperature).ToList()
        let values = ratios.ConvertAll(ratio => ratio.Ratio.Value)
        let rises = values.Count > 1 && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second)
        select Invariant($"On {model} after {study.Key.Step:N0} steps, GR's gradient has ")
            + string.Join(", ", ratios.Select(ratio => Invariant($"{Conclusion.Text(ratio.Ratio)} (τ = {ratio.Temperature})")))
            + " times the variance of ST-GS's, with the same mean"
            + (rises ? ": the lower the temperature, the more it saves." : ".");

    private static IEnumerable<string> Costs(string root)
    {
        if (StepMilliseconds(root) is { StraightThrough: { } plain, Rao: { } rao, Ratio: { } ratio } step)
            yield return Invariant($"A training step of the 8-ary VAE takes {ratio:F2} times as long as with ST-GS ({rao:F2} and {plain:F2} ms on one thread")
                + (step.PyTorch is { } torch ? Invariant($"; PyTorch takes {torch:F2} ms with ST-GS).") : ").");
        if (BackwardMilliseconds(root) is { Published: { } published, Draws: { } draws, Exact: { } exact })
            yield return Invariant($"For the gradient alone, GR-MC100 is {published / draws:F0} times and GR {published / exact:F0} times faster than the published implementation of GR-MC100 in PyTorch.");
    }

    private static IEnumerable<string> Stability(string root) =>
        from place in ListOpsTable.Outcomes(root).GroupBy(row => (row.Settings.MaxLength, row.Settings.Temperature))
        orderby place.Key
        let cells = place.GroupBy(row => row.Settings with { Estimator = Rao }).ToList()
        from cell in cells
        let apart = cells.Count == 1
            ? "" : Invariant($"{cell.Key.Epochs} epochs on {cell.First().Data}, batch size {cell.Key.Batch}, ")
        let rates = cell.SelectMany(row => row.LearningRates).Distinct().Order().ToList()
        let trained = (rates.Count == 1 ? "learning rate " : "learning rates ")
            + string.Join(", ", rates.Select(rate => Invariant($"{rate}")))
        let fallen = string.Join(", ",
            cell.Select(row => Invariant($"{row.Fell} of {row.Runs} runs of {row.Settings.Estimator.PaperName}")))
        let accuracies = cell.Where(row => row.Accuracy.Length > 0).Select(row =>
            $"{row.Accuracy} % for {row.Settings.Estimator.PaperName}{(row.Part.Length > 0 ? $" over {row.Part} runs" : "")}"
                + (row.Paper is { } paper ? Invariant($" (paper: {paper:F1})") : ""))
        select Invariant($"On ListOps up to length {cell.Key.MaxLength} at τ = {cell.Key.Temperature}, {apart}{trained}, ")
            + (cell.Any(row => row.Fell > 0) ? $"accuracy fell during training in {fallen}"
                : Invariant($"accuracy fell during training in none of {cell.Sum(row => row.Runs)} runs"))
            + (accuracies.Any() ? ". At the best epoch of the best learning rate it was "
                + $"{string.Join(", ", accuracies)}; ± the standard deviation over seeds." : ".");

    private static List<JsonNode> Rows(string root, string name) =>
        JsonFile.ReadOrDefault<JsonNode>(Path.Combine(root, "bench", name))?["rows"]?.AsArray().OfType<JsonNode>().ToList() ?? [];

    private static bool Is(JsonNode row, string key, string value) => row[key]?.ToString() == value;

    private static double? Median(JsonNode? row, string column = "milliseconds") => (double?)row?[column]?["median"];
}
