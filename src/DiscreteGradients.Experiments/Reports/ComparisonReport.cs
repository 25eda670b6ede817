using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>The page of a comparison, its conclusions and its table; and its two curves as SVG and PNG.</summary>
internal static class ComparisonReport
{
    /// <summary>Writes report.html, loss and variance as pictures, and a sheet of digits into the comparison's folder.</summary>
    public static void Write(ComparisonResult result, MnistData data, string path)
    {
        Draw("Variance of the gradient of the inference network", "trace of covariance given the minibatch", "variance",
            isLogarithmic: true, row => row.Variances.Select(point => ((double)point.Step, (Estimate?)point.Variance.Value)));
        Draw("Training objective", "−ELBO with one sample, nats", "loss", isLogarithmic: false,
            row => row.Losses.Select(point => ((double)point.Step, (Estimate?)new Estimate(point.Loss, double.NaN))));
        var (page, digits) = Make(path, data.Source);
        IReadOnlyList<IReadOnlyList<float[]>> rows = digits.Count > 0
            ? [.. digits.Select(row => row.Images)] : [VaePictures.TestImages(data)];
        AtomicFile.Write(Path.Combine(path, "digits.png"), stream => stream.Write(ImageSheet.Png(rows, VaePictures.Side)));
        AtomicFile.Write(Path.Combine(path, "report.html"), page);

        void Draw(string title, string axis, string name, bool isLogarithmic,
            Func<ComparisonRow, IEnumerable<(double, Estimate?)>> points)
        {
            var curves = result.Rows.Select(row => CurveStyle.Of(row.Estimator)).Distinct().ToList();
            using var panels = PanelSheet.WithLegend(1, curves);
            var panel = new CurvePanel(title, "step", axis);
            if (isLogarithmic) panel.LogarithmicY();
            foreach (var row in result.Rows) panel.Add(CurveStyle.Of(row.Estimator), points(row));
            panels.Add(panel.Plot);
            panels.Add(CurvePanel.Legend(curves));
            panels.Save(path, name);
        }
    }

    /// <summary>Makes the page from the comparison's folder.</summary>
    /// <param name="elsewhere">Where the data are now; null for where the settings say.</param>
    public static string Page(string path, string? elsewhere) => Make(path, elsewhere).Page;

    private static (string Page, IReadOnlyList<(string Name, IReadOnlyList<float[]> Images)> Digits) Make(string path,
        string? elsewhere)
    {
        var result = VaeComparison.Read(path);
        var runs = RunRecord.Styled([.. result.Rows.Select(row => RunRecord.Read(row.Folder))]);
        var report =
            new HtmlReport($"{string.Join(", ", result.Rows.Select(row => row.Estimator.PaperName).Distinct())} compared");
        report.Conclusions(Conclusions(result)).Table(Numbers(result)).Paragraph(Caption(result));
        var variance = new HtmlChart("Variance of the gradient of the inference network", "step",
            "trace of covariance given the minibatch", IsLogarithmicY: true);
        foreach (var (row, run) in result.Rows.Zip(runs))
            variance.Add(run.Name, run.Style, row.Variances.Select(point => ((double)point.Step, point.Variance.Value)));
        report.Chart(variance);
        RunReport.Charts(report, runs);
        var digits = RunReport.Pictures(report, runs, elsewhere);
        report.Origin(path, Report.Facts(runs[0].Run.Settings).Where(fact => fact.Name is not ("estimator" or "seed"))
            .Append(("estimators", string.Join(", ", result.Rows.Select(row => row.Estimator).Distinct())))
            .Append(("seeds", NumberText.List(result.Rows.Select(row => row.Seed).Distinct())))
            .Append(("data set", $"{result.Data}, {result.Binarisation}")).Append(("program", result.Version)));
        return (report.Page(), digits);
    }

    /// <summary>The table, its caption and the conclusions as plain text.</summary>
    public static string Text(ComparisonResult result) =>
        $"{Numbers(result).Plain()}\n{Caption(result)}\n{string.Join('\n', Conclusions(result))}";

    /// <summary>Says what each estimator does against the first.</summary>
    internal static IReadOnlyList<string> Conclusions(ComparisonResult result)
    {
        var groups = result.Rows.GroupBy(row => row.Estimator).Select(group => group.ToList()).ToList();
        return
        [
            .. from rows in groups
               let diverged = rows.Count(row => row.Bound is null)
               where diverged > 0
               select $"{Name(rows)} diverged{(rows.Count == 1 ? "" : Invariant($" with {diverged} of {rows.Count} seeds"))}.",
            .. groups.Skip(1).SelectMany(group => Against(group, groups[0])),
            .. Conclusion.Speed(groups.Select(group => (Name(group),
                group.Select(row => row.Folder.Length > 0 ? RunRecord.Read(row.Folder).StepsPerSecond : null).Average()))),
        ];
    }

    private static IEnumerable<string> Against(List<ComparisonRow> ours, List<ComparisonRow> theirs)
    {
        var pairs = ours.Join(theirs, row => row.Seed, row => row.Seed, (a, b) => (Ours: a, Theirs: b)).ToList();
        var variances = pairs.Where(pair => pair.Ours.Variances.Count > 0 && pair.Theirs.Variances.Count > 0).ToList();
        var step = variances.Select(pair => pair.Ours.Variances.Select(point => point.Step)
            .Intersect(pair.Theirs.Variances.Select(point => point.Step)).DefaultIfEmpty().Max()).DefaultIfEmpty().Min();
        if (step > 0)
        {
            var points = variances.ConvertAll(pair => (Ours: At(pair.Ours, step), Theirs: At(pair.Theirs, step)));
            var ratios = points.ConvertAll(point => Ratio(point.Ours, point.Theirs));
            // Of one training the error is one over minibatches.
            var (ratio, values) = ratios.Count > 1 ? (OverSeeds(ratios), ratios.Count)
                : (ratios[0], Math.Min(points[0].Ours.Minibatches, points[0].Theirs.Minibatches));
            yield return Conclusion.Variance(Name(ours), Name(theirs), ratio, $"at step {AxisTicks.Text(step)}", values - 1,
                ratios.Count);
        }
        var bounds = pairs.Where(pair => pair.Ours.Bounds is not null && pair.Theirs.Bounds is not null).ToList();
        if (bounds.Count == 0) yield break;
        // Image by image: what makes an image hard is the same for both.
        var differences =
            bounds.ConvertAll(pair => Estimate.Mean([.. pair.Ours.Bounds!.Zip(pair.Theirs.Bounds!, (a, b) => a - b)]));
        var difference = differences.Count == 1 ? differences[0] : Estimate.Mean([.. differences.Select(one => one.Value)]);
        yield return Conclusion.Bound(Name(ours), Name(theirs), difference,
            Invariant($"the same {bounds[0].Ours.Bounds!.Count:N0} validation images (paired)"), differences.Count);

        static GradientVariance At(ComparisonRow row, int step) => row.Variances.First(point => point.Step == step).Variance;
        // Minibatch by minibatch: those of a seed are the same for all estimators. Lines of before have the means alone.
        static Estimate Ratio(GradientVariance ours, GradientVariance theirs) =>
            ours.Traces is { } traces && theirs.Traces is { } others && traces.Count == others.Count
            && Estimate.RatioOfMeans(traces, others) is { } paired ? paired : Conclusion.Ratio(ours.Value, theirs.Value);
        // Of ratios the logarithm has the symmetric error.
        static Estimate OverSeeds(List<Estimate> ratios)
        {
            var log = Estimate.Mean([.. ratios.Select(ratio => Math.Log(ratio.Value))]);
            return new(Math.Exp(log.Value), Math.Exp(log.Value) * log.Error);
        }
    }

    private static string Name(List<ComparisonRow> rows) => rows[0].Estimator.PaperName;

    private static Table Numbers(ComparisonResult result)
    {
        // An estimator that diverged has the first of the steps only.
        var steps = result.Rows.MaxBy(row => row.Variances.Count)!.Variances.Select(point => point.Step).ToList();
        var groups = result.Rows.GroupBy(row => row.Estimator).ToList();
        IEnumerable<(ComparisonRow Row, string Name)> rows = result.Rows.Select(row =>
            (row, groups.Count == result.Rows.Count ? $"{row.Estimator}" : Invariant($"{row.Estimator}, seed {row.Seed}")));
        var table = Table.Of(rows,
        [
            new("estimator", row => row.Name),
            .. steps.Select(step => new Column<(ComparisonRow Row, string Name)>(Invariant($"log10 tr @{step}"),
                row => Estimate.Text(row.Row.Variances.FirstOrDefault(point => point.Step == step)?.Variance.Log10Trace,
                    "F3", "F3"), IsDetail: step != steps[^1])),
            new("bound, nats", row => row.Row.Bound?.Text("F2") ?? JsonText.Word(row.Row.Status)),
        ]);
        if (groups.Count == result.Rows.Count) return table;
        var spreads = groups.Select(group => (IReadOnlyList<string>)
        [
            $"{group.Key}, mean ± spread",
            .. steps.Select(step => Spread([.. group
                .Select(row => row.Variances.FirstOrDefault(point => point.Step == step)?.Variance.Log10Trace?.Value)
                .OfType<double>()], "F3")),
            Spread([.. group.Select(row => row.Bound?.Bound).OfType<double>()], "F2"),
        ]);
        return table with { Rows = [.. table.Rows, .. spreads] };

        // The spread is that of one training: the standard deviation over seeds.
        static string Spread(IReadOnlyCollection<double> values, string format) => values.Count == 0 ? "-"
            : Estimate.Text(Estimate.Mean(values) is var mean && values.Count > 1
                ? mean with { Error = mean.Error * Math.Sqrt(values.Count) }
                : mean, format, format);
    }

    private static string Caption(ComparisonResult result)
    {
        var bound = result.Rows.Select(row => row.Bound).FirstOrDefault(bound => bound is not null);
        var variance = result.Rows.SelectMany(row => row.Variances).Select(point => point.Variance).FirstOrDefault();
        var seeds = result.Rows.Select(row => row.Seed).Distinct().ToList();
        return Invariant($"{result.Data}, {result.Binarisation}. {result.Settings.Arity}-ary, batch size {result.Settings.BatchSize}, ")
            + Invariant($"{result.Settings.Steps} steps, temperature {result.Settings.Temperature}, {(seeds.Count == 1 ? "seed" : "seeds")} {NumberText.List(seeds)}. ")
            + "log10 tr: trace of the covariance of the inference network's gradient given the minibatch "
            + Invariant($"({variance?.Minibatches} minibatches, {variance?.Passes} passes). Bound: negative log-likelihood bound on ")
            + Invariant($"{bound?.Images} validation images, M = {bound?.Samples}; ± one standard error.");
    }
}
