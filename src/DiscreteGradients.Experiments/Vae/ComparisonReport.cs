using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Vae;

/// <summary>The pictures and the page of a comparison: report.html (self-contained), loss and variance as SVG and PNG, and
/// a sheet of digits.</summary>
internal static class ComparisonReport
{
    private const int Digits = 16, Side = 28;

    /// <summary>Writes everything into the comparison's folder, where the run folders are.</summary>
    public static void Write(ComparisonResult result, MnistData data, string path)
    {
        var variance = Draw("Variance of the gradient of the inference network", "log₁₀ trace of covariance, given the minibatch", "variance",
            row => row.Variances.Select(point => ((double)point.Step, point.Variance.Log10Trace)));
        var loss = Draw("Training objective", "−ELBO with one sample, nats", "loss",
            row => row.Losses.Select(point => ((double)point.Step, (Estimate?)new Estimate(point.Loss, double.NaN))));
        var sheet = Sheet(result, data, path);
        AtomicFile.Write(Path.Combine(path, "digits.png"), stream => stream.Write(sheet));
        AtomicFile.Write(Path.Combine(path, "report.html"), Page(result, variance, loss, Convert.ToBase64String(sheet)));

        string Draw(string title, string axis, string name, Func<ComparisonRow, IEnumerable<(double, Estimate?)>> points)
        {
            using var panels = PanelSheet.WithLegend(1);
            var panel = new CurvePanel(title, "step", axis);
            foreach (var row in result.Rows) panel.Add(CurveStyle.Of(row.Estimator), points(row));
            panels.Add(panel.Plot);
            panels.Add(CurvePanel.Legend(result.Rows.Select(row => CurveStyle.Of(row.Estimator))));
            return Inline(panels.Save(path, name), name);
        }
    }

    /// <summary>The table and its caption as plain text.</summary>
    public static string Text(ComparisonResult result) => $"{Numbers(result).Plain()}\n{Caption(result)}";

    private static Table Numbers(ComparisonResult result)
    {
        // An estimator that diverged has the first of the steps only.
        var steps = result.Rows.MaxBy(row => row.Variances.Count)!.Variances.Select(point => point.Step);
        return Table.Of(result.Rows,
        [
            new("estimator", row => row.Estimator),
            .. steps.Select(step => new Column<ComparisonRow>(Invariant($"log10 tr @{step}"),
                row => Estimate.Text(row.Variances.FirstOrDefault(point => point.Step == step)?.Variance.Log10Trace, "F3", "F3"))),
            new("bound, nats", row => row.Bound is { } bound ? Invariant($"{bound.Bound:F2} ± {bound.StandardError:F2}") : JsonText.Word(row.Status)),
        ]);
    }

    private static string Caption(ComparisonResult result)
    {
        var bound = result.Rows.Select(row => row.Bound).FirstOrDefault(bound => bound is not null);
        var variance = result.Rows.SelectMany(row => row.Variances).Select(point => point.Variance).FirstOrDefault();
        return Invariant($"{result.Data}, {result.Binarisation}. {result.Settings.Arity}-ary, batch size {result.Settings.BatchSize}, ")
            + Invariant($"{result.Settings.Steps} steps, temperature {result.Settings.Temperature}, seed {result.Settings.Seed}. ")
            + "log10 tr: trace of the covariance of the inference network's gradient given the minibatch "
            + Invariant($"({variance?.Minibatches} minibatches, {variance?.Passes} passes). Bound: negative log-likelihood bound on ")
            + Invariant($"{bound?.Images} validation images, M = {bound?.Samples}; ± one standard error.");
    }

    private static byte[] Sheet(ComparisonResult result, MnistData data, string path)
    {
        using var images = data.Test.Batch([.. Enumerable.Range(0, Math.Min(Digits, data.Test.Count))]);
        List<IReadOnlyList<float[]>> rows = [VaePictures.Split(images)];
        foreach (var row in result.Rows.Where(row => row.Bound is not null))
        {
            using var model = VaeModel.OfRun(Path.Combine(path, row.Estimator.FileName), result.Settings, data);
            rows.Add(VaePictures.Reconstructions(model, images, result.Settings.Seed));
            rows.Add(VaePictures.Samples(model, Digits, result.Settings.Seed));
        }
        return ImageSheet.Png(rows, Side);
    }

    private static string Page(ComparisonResult result, string variance, string loss, string sheet)
    {
        var pictured = string.Join("; ", result.Rows.Where(row => row.Bound is not null)
            .Select(row => $"{row.Estimator}: reconstructions, samples from the prior"));
        return HtmlPage.Of("Gradient estimators compared", $"""
            {Numbers(result).Html()}{HtmlPage.Paragraph(Caption(result))}{variance}
            {loss}
            <h2>Test digits</h2>
            {HtmlPage.Paragraph($"First row: test images. Then, {pictured}.")}<img alt="test digits, reconstructions and samples" src="data:image/png;base64,{sheet}">
            {HtmlPage.Paragraph($"Version {result.Version}.")}
            """);
    }

    // Two drawings on one page must not share the names of their clip paths.
    private static string Inline(string svg, string name) => svg[svg.IndexOf("<svg", StringComparison.Ordinal)..]
        .Replace(" id=\"", $" id=\"{name}-", StringComparison.Ordinal).Replace("url(#", $"url(#{name}-", StringComparison.Ordinal);
}
