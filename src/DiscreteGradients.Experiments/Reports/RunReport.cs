using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>The page of one training, or of several side by side.</summary>
internal static class RunReport
{
    private static readonly string[] Expressions =
        ["[MAX 2 9 [MIN 4 7 ] 0 ]", "[SM 4 [MED 1 5 8 ] ]", "[MIN [MAX 3 6 ] [MED 2 7 9 ] ]"];

    // What says how a number was found is no curve.
    private static readonly string[] NoCurves = ["standard-error", "samples", "images", "epoch"];

    /// <summary>Makes the page of run folders.</summary>
    public static string Page(IReadOnlyList<string> paths, string? elsewhere)
    {
        var runs = RunRecord.Styled([.. paths.Select(RunRecord.Read)]);
        var report = new HtmlReport(runs.Count == 1 ? $"{runs[0].Name}: {runs[0].Run.Name}" : "Runs compared");
        report.Conclusions([.. runs.Select(run => State(run.Name, run.Run)), .. Differences(runs),
            .. Conclusion.Speed(runs.Select(run => (run.Name, run.Run.StepsPerSecond)))]);
        Charts(report, runs);
        Evaluations(report, runs);
        Pictures(report, runs, elsewhere);
        Parses(report, runs);
        foreach (var run in runs)
        {
            if (GradientReport.Studies(run.Run.Path) is { Count: > 0 } studies) GradientReport.Add(report, studies);
            report.Origin(run.Run.Path, Report.Facts(run.Run.Settings)
                .Append(("program", run.Run.Result?["version"]?.ToString())), runs.Count > 1 ? run.Name : null);
        }
        return report.Page();
    }

    /// <summary>Adds the metrics of runs as charts.</summary>
    internal static void Charts(HtmlReport report, IReadOnlyList<(RunRecord Run, string Name, CurveStyle Style)> runs)
    {
        report.Heading("Training");
        foreach (var metric in runs.SelectMany(run => run.Run.Names).Distinct(StringComparer.Ordinal).Except(NoCurves))
        {
            var name = metric == "bracket-f1" ? "bracket F1" : metric.Replace('-', ' ');
            var chart = new HtmlChart(name, "step", metric switch
            {
                "loss" => "training objective",
                "validation-bound" => "nats",
                _ => name,
            });
            foreach (var (run, curve, style) in runs)
                chart.Add(curve, style, run.Curve(metric, metric == "validation-bound" ? "standard-error" : null));
            report.Chart(chart);
        }
        var speed = new HtmlChart("steps a second, from checkpoint to checkpoint", "step", "steps/s");
        foreach (var (run, name, style) in runs) speed.Add(name, style, run.Speed());
        report.Chart(speed);
    }

    /// <summary>Adds test images, reconstructions and samples of the runs of a VAE whose weights and data are there.</summary>
    /// <returns>The rows of images.</returns>
    internal static IReadOnlyList<(string Name, IReadOnlyList<float[]> Images)> Pictures(
        HtmlReport report, IEnumerable<(RunRecord Run, string Name, CurveStyle Style)> runs, string? elsewhere)
    {
        var rows = new List<(string Name, IReadOnlyList<float[]> Images)>();
        foreach (var (run, name, _) in runs.Where(run => IsOfVae(run.Run) && !run.Run.HasDiverged
            && File.Exists(RunFolder.CheckpointIn(run.Run.Path))))
        {
            try
            {
                var settings = RunFolder.ReadSettings<VaeSettings>(run.Path).Validated();
                rows.AddRange(VaePictures.Rows(run.Path, settings, settings.OpenData(elsewhere), name)
                    .Skip(rows.Count > 0 ? 1 : 0));
            }
            catch (InputException e)
            {
                report.Paragraph($"No digits of {name}: {e.Message}");
            }
        }
        if (rows.Count > 0) report.Heading("Digits")
            .Pictures(rows.Select(row => (row.Name, ImageSheet.Png([row.Images], VaePictures.Side))));
        return rows;
    }

    private static bool IsOfVae(RunRecord run) => run.Settings.ContainsKey("log-ratio");

    private static string State(string name, RunRecord run)
    {
        var validation = run.Curve("validation-bound", "standard-error").Select(point => (Estimate?)point.Value)
            .LastOrDefault() is { } bound
            ? $", validation bound {Conclusion.Text(bound)} nats"
            : run.Curve("validation-accuracy").Select(point => (double?)point.Value.Value).Max() is { } accuracy
                ? Invariant($", validation accuracy {accuracy:P1} at best") : "";
        var status = run.Result?["status"]?.ToString() ?? "not ended";
        return $"{name}: {status} at step {AxisTicks.Text(run.Steps)}{validation}.";
    }

    // Of evaluations of the same kind; their images are the same, but not their bounds of each at hand.
    private static IEnumerable<string> Differences(IReadOnlyList<(RunRecord Run, string Name, CurveStyle Style)> runs)
    {
        if (runs.Count < 2 || !runs.All(run => IsOfVae(run.Run))) return [];
        var tests = runs.Select(run => BoundRecord.Read(run.Run.Path, Split.Test)).ToList();
        if (tests[0] is not { } first) return [];
        return from pair in runs.Zip(tests).Skip(1)
               where pair.Second is { } test
                   && (test.Result.Images, test.Result.Samples, test.Data, test.Binarisation)
                   == (first.Result.Images, first.Result.Samples, first.Data, first.Binarisation)
               select Conclusion.Bound(pair.First.Name, runs[0].Name, Of(pair.Second!) - Of(first),
                   Invariant($"{first.Result.Images:N0} test images (unpaired)"));

        static Estimate Of(BoundRecord record) => new(record.Result.Bound, record.Result.StandardError);
    }

    private static void Evaluations(HtmlReport report, IReadOnlyList<(RunRecord Run, string Name, CurveStyle Style)> runs)
    {
        var bounds = (from run in runs
                      where IsOfVae(run.Run)
                      from split in Enum.GetValues<Split>()
                      let record = BoundRecord.Read(run.Run.Path, split)
                      where record is not null
                      select (run.Name, Record: record)).ToList();
        var accuracies = (from run in runs
                          where ListOpsRun.Is(run.Run.Path)
                          from split in Enum.GetValues<Split>()
                          from weights in Enum.GetValues<Weights>()
                          let record = ListOpsAccuracy.Read(run.Run.Path, split, weights)
                          where record is not null
                          select (run.Name, Record: record)).ToList();
        if (bounds.Count + accuracies.Count > 0) report.Heading("Evaluations");
        if (bounds.Count > 0)
        {
            report.Table(Table.Of(bounds, new("run", row => row.Name),
                new("split", row => JsonText.Word(row.Record.Split), IsOfWords: true),
                new("bound, nats", row => row.Record.Result.Bound, "F3"),
                new("± s.e.", row => row.Record.Result.StandardError, "F3"),
                new("M", row => row.Record.Result.Samples), new("images", row => row.Record.Result.Images),
                new("data", row => $"{row.Record.Data}, {row.Record.Binarisation}", IsOfWords: true)));
        }
        if (accuracies.Count > 0)
        {
            report.Table(Table.Of(accuracies, new("run", row => row.Name), new("split", row => row.Record.Split, IsOfWords: true),
                new("weights", row => JsonText.Word(row.Record.Weights), IsOfWords: true),
                new("accuracy, %", row => 100 * row.Record.Accuracy, "F2"),
                new("± s.e.", row => 100 * row.Record.StandardError, "F2"), new("bracket F1", row => row.Record.BracketF1, "F3"),
                new("expressions", row => row.Record.Expressions)));
        }
    }

    private static void Parses(HtmlReport report, IReadOnlyList<(RunRecord Run, string Name, CurveStyle Style)> runs)
    {
        foreach (var (run, name, _) in runs.Where(run => ListOpsRun.Is(run.Run.Path)
            && File.Exists(RunFolder.CheckpointIn(run.Run.Path))))
        {
            try
            {
                using var model = ListOpsRun.Model(run.Path, Weights.Best);
                var expressions = Expressions.Select(text => Expression.Parse(text)).ToList();
                report.Heading($"Parses of {name}").Paragraph("The model's tree beside the true one.");
                foreach (var (expression, parse) in expressions.Zip(ParsedExpression.All(model, expressions)))
                {
                    var (ours, theirs) = (Invariant($"model: {parse.Value}"), Invariant($"true: {expression.Label}"));
                    report.Lines(TreeText.Beside(ours, TreeText.Lines(parse.Tree, expression), theirs,
                        TreeText.Lines(expression.Tree(), expression)));
                }
            }
            catch (InputException e)
            {
                report.Paragraph($"No parses of {name}: {e.Message}");
            }
        }
    }
}
