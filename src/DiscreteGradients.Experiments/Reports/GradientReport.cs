using System.Globalization;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>The page of studies of the gradients of a VAE.</summary>
internal static class GradientReport
{
    /// <summary>Reads the studies that a folder is, or has, or has in its folder gradients, by their steps; not those that have
    /// not ended.</summary>
    /// <returns>Without the arity, which no page shows.</returns>
    /// <exception cref="InputException">One is not readable.</exception>
    public static IReadOnlyList<VaeGradientResult> Studies(string path)
    {
        string[] places = [path, .. Below(path), .. Below(Path.Combine(path, "gradients"))];
        return [.. places.Where(place => File.Exists(Path.Combine(place, WorkLog<GradientPart>.FileName))
            && StepOf(place) is not null).OrderBy(StepOf)
            .Select(place => VaeGradientStudy.Read(place, StepOf(place), arity: 0)).OfType<VaeGradientResult>()];

        static IEnumerable<string> Below(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];
    }

    /// <summary>Makes the page of studies.</summary>
    public static string Page(string path, IReadOnlyList<VaeGradientResult> studies)
    {
        var (report, settings) = (new HtmlReport("Gradients measured"), studies[^1].Settings);
        Add(report, studies);
        return report.Origin(path,
        [
            ("estimators", string.Join(", ", settings.Estimators)), ("temperatures", NumberText.List(settings.Temperatures)),
            ("minibatches", Invariant($"{settings.Minibatches}")), ("passes", Invariant($"{settings.Passes}")),
            ("batch size", Invariant($"{settings.BatchSize}")), ("reference passes", Invariant($"{settings.ReferencePasses}")),
            ("seed", Invariant($"{settings.Seed}")),
        ]).Page();
    }

    /// <summary>Adds studies of one model along its training.</summary>
    internal static void Add(HtmlReport report, IReadOnlyList<VaeGradientResult> results)
    {
        var last = results[^1];
        report.Heading("Gradients of the inference network").Conclusions(Conclusions(last));
        var tau = last.Settings.Temperatures[0];
        var measured = (from result in results
                        from row in result.Rows
                        where last.Settings.Estimators.Contains(row.Estimator)
                            && (row.Temperature == tau || !row.Estimator.HasTemperature)
                        select (result.Step, Row: row)).ToLookup(point => point.Row.Estimator);
        if (measured.SelectMany(own => own).DistinctBy(point => point.Step).Count() > 1)
        {
            var title = Invariant($"Variance given the minibatch along training, τ = {tau}");
            var along = new HtmlChart(title, "step", "trace of covariance", IsLogarithmicY: true);
            foreach (var name in last.Settings.Estimators)
            {
                along.Add(name.PaperName, CurveStyle.Of(name),
                    measured[name].Select(point => ((double)point.Step!, point.Row.Trace)));
            }
            report.Chart(along);
        }
        if (last.Settings.Temperatures.Count > 1)
        {
            report.Chart(AgainstTemperature("Variance given the minibatch", "trace of covariance", row => row.Trace));
            report.Chart(AgainstTemperature("Mean squared error", "MSE", row => row.MeanSquaredError));
        }
        foreach (var result in results) report.Paragraph(Invariant($"Step {result.Step}:")).Table(VaeGradientTable.Rows(result));
        report.Paragraph(
            "± one standard error. trace: of the covariance of the inference network's gradient given the minibatch; "
            + "less than before: trace of the estimator above less this one's, minibatch by minibatch; "
            + "mb trace: of the covariance over minibatches; scale-free: the least relative squared error over all factors of the gradient.");

        HtmlChart AgainstTemperature(string title, string axis, Func<VaeGradientMeasurement, Estimate?> value)
        {
            var chart = new HtmlChart(Invariant($"{title}, step {last.Step}"), "temperature τ", axis, IsLogarithmicX: true,
                IsLogarithmicY: true);
            foreach (var name in last.Settings.Estimators)
            {
                // Without a temperature: a level line.
                var points = from row in last.Rows
                             where row.Estimator == name && value(row) is not null
                             from temperature in name.HasTemperature ? [row.Temperature] : last.Settings.Temperatures
                             orderby temperature
                             select (temperature, value(row)!.Value);
                chart.Add(name.PaperName, CurveStyle.Of(name) is var style && name.HasTemperature
                    ? style : style with { Dash = 1 }, points);
            }
            return chart;
        }
    }

    /// <summary>Says what each estimator does against the first, in a sentence, and which temperatures are best.</summary>
    internal static IReadOnlyList<string> Conclusions(VaeGradientResult result) =>
    [
        .. result.Settings.Estimators.Skip(1).Select(name => Against(result, name)).OfType<string>(),
        .. result.Suggestions is { Count: > 0 } best
            ?
            [
                "Temperature of least mean squared error: "
                    + string.Join("; ", best.Select(one => $"{one.Estimator.PaperName} {one.Short}")) + ".",
                SuggestedTemperature.Warning,
            ]
            : (string[])[],
    ];

    private static string? Against(VaeGradientResult result, EstimatorName name)
    {
        var reference = result.Settings.Estimators[0];
        if (result.Settings.Temperatures.Count > 1 && Least(name) is { } own && Least(reference) is { } other)
            return Conclusion.Error(At(own), At(other), OfErrors(own, other), GradientBlocks.Count - 1);
        var ratios = result.Rows.Where(row => row.Estimator == name && row.TraceRatio is not null)
            .OrderBy(row => row.TraceRatio!.Value.Value).ToList();
        return ratios switch
        {
            [] => null,
            [var one] => Conclusion.Variance(name.PaperName, reference.PaperName, one.TraceRatio!.Value,
                Invariant($"at τ = {one.Temperature}"), result.Settings.Minibatches - 1),
            [var low, .., var high] =>
                $"The gradient of {name.PaperName} has {Ratio(low)} to {Ratio(high)} times the variance of that of {reference.PaperName}.",
        };

        VaeGradientMeasurement? Least(EstimatorName estimator) =>
            result.Rows.Where(row => row.Estimator == estimator && row.MeanSquaredError is { Value: > 0 })
                .MinBy(row => row.MeanSquaredError!.Value.Value);

        // By blocks of the same minibatches, where they are known.
        static Estimate OfErrors(VaeGradientMeasurement own, VaeGradientMeasurement other)
        {
            var ratio = Conclusion.Ratio(own.MeanSquaredError!.Value, other.MeanSquaredError!.Value);
            return own.Blocks is { } ours && other.Blocks is { } theirs
                ? ratio with { Error = ours.RatioTo(theirs).Error } : ratio;
        }

        static string At(VaeGradientMeasurement row) => row.Estimator.HasTemperature
            ? Invariant($"{row.Estimator.PaperName} (τ = {row.Temperature})")
            : row.Estimator.PaperName;

        static string Ratio(VaeGradientMeasurement row) =>
            Invariant($"{Conclusion.Text(row.TraceRatio!.Value)} (τ = {row.Temperature})");
    }

    private static int? StepOf(string study) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(study)) is var name
            && name.StartsWith(VaeGradientStudy.FolderPrefix, StringComparison.Ordinal)
        && int.TryParse(name[VaeGradientStudy.FolderPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture,
            out var step) ? step : null;
}
