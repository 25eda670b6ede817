using System.Globalization;
using System.Net;
using System.Text;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>The pictures and the page of a comparison: report.html (self-contained), loss and variance as SVG and PNG, and
/// a sheet of digits.</summary>
public static class ComparisonReport
{
    private const int Digits = 16;

    /// <summary>Writes everything into the comparison's folder.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="data">For the test digits.</param>
    /// <param name="path">Holds the run folders of the estimators.</param>
    public static void Write(ComparisonResult result, MnistData data, string path)
    {
        using var loss = new LinePlot("Training objective", "step", "−ELBO with one sample, nats");
        using var variance = new LinePlot("Variance of the gradient of the inference network", "step", "log₁₀ trace of covariance, given the minibatch");
        foreach (var row in result.Rows)
        {
            var curve = row.Losses.Where(point => double.IsFinite(point.Loss)).ToList();
            loss.Add($"{row.Estimator}", [.. curve.Select(point => (double)point.Step)], [.. curve.Select(point => point.Loss)]);
            var traces = row.Variances.Where(point => point.Variance.Log10Trace is not null).Select(point => (Step: (double)point.Step, Trace: point.Variance.Log10Trace!.Value)).ToList();
            variance.Add($"{row.Estimator}", [.. traces.Select(point => point.Step)], [.. traces.Select(point => point.Trace.Value)], [.. traces.Select(point => point.Trace.Error)]);
        }
        var (lossSvg, varianceSvg) = (loss.Save(path, "loss"), variance.Save(path, "variance"));
        var sheet = Sheet(result, data, path);
        AtomicFile.Write(Path.Combine(path, "digits.png"), stream => stream.Write(sheet));
        AtomicFile.Write(Path.Combine(path, "report.html"), Page(result, varianceSvg, lossSvg, Convert.ToBase64String(sheet)));
    }

    /// <summary>The table as plain text.</summary>
    public static string Table(ComparisonResult result)
    {
        var text = new StringBuilder();
        var steps = Steps(result);
        text.AppendLine(CultureInfo.InvariantCulture, $"{"estimator",-12}{string.Concat(steps.Select(step => $"{"log10 tr @" + step,18}"))}{"bound, nats",18}");
        foreach (var row in result.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Estimator,-12}");
            foreach (var step in steps) text.Append(CultureInfo.InvariantCulture, $"{Variance(row, step),18}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{Bound(row),18}");
        }
        return text.Append(CultureInfo.InvariantCulture, $"{Caption(result)}").ToString();
    }

    /// <summary>Where the variance was measured; an estimator that diverged has the first of them only.</summary>
    private static List<int> Steps(ComparisonResult result) => [.. result.Rows.MaxBy(row => row.Variances.Count)!.Variances.Select(point => point.Step)];

    private static string Variance(ComparisonRow row, int step) =>
        Estimate.Text(row.Variances.FirstOrDefault(point => point.Step == step)?.Variance.Log10Trace, "F3", "F3");

    private static string Bound(ComparisonRow row) =>
        row.Bound is { } bound ? Invariant($"{bound.Bound:F2} ± {bound.StandardError:F2}") : JsonText.Word(row.Status);

    private static string Caption(ComparisonResult result)
    {
        var bound = result.Rows.Select(row => row.Bound).FirstOrDefault(bound => bound is not null);
        var variance = result.Rows.SelectMany(row => row.Variances).Select(point => point.Variance).FirstOrDefault();
        return Invariant($"{result.Data}, {result.Binarisation}. {result.Settings.Arity}-ary, batch size {result.Settings.BatchSize}, ")
            + Invariant($"{result.Settings.Steps} steps, temperature {result.Settings.Temperature}, seed {result.Settings.Seed}. ")
            + Invariant($"log10 tr: trace of the covariance of the inference network's gradient given the minibatch ({variance?.Minibatches} minibatches, {variance?.Passes} passes). ")
            + Invariant($"Bound: negative log-likelihood bound on {bound?.Images} validation images, M = {bound?.Samples}; ± one standard error.");
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
        return DigitSheet.Png(rows);
    }

    private static string Page(ComparisonResult result, string varianceSvg, string lossSvg, string sheet)
    {
        var steps = Steps(result);
        var head = string.Concat(steps.Select(step => Invariant($"<th>log<sub>10</sub> trace<br>step {step}</th>")));
        var body = string.Concat(result.Rows.Select(row =>
            $"<tr><td>{row.Estimator}</td>{string.Concat(steps.Select(step => $"<td>{Variance(row, step)}</td>"))}<td>{Html(Bound(row))}</td></tr>\n"));
        var pictured = string.Join("; ", result.Rows.Where(row => row.Bound is not null).Select(row => $"{row.Estimator}: reconstructions, samples from the prior"));
        return $$"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Gradient estimators compared</title>
            <style>body{font:16px/1.5 sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}
            td,th{border:1px solid #bbb;padding:.3rem .7rem;text-align:right}td:first-child,th:first-child{text-align:left}svg,img{max-width:100%;height:auto}</style></head>
            <body><h1>Gradient estimators compared</h1>
            <table><tr><th>estimator</th>{{head}}<th>bound, nats</th></tr>
            {{body}}</table>
            <p>{{Html(Caption(result))}}</p>
            {{Inline(varianceSvg, "variance")}}
            {{Inline(lossSvg, "loss")}}
            <h2>Test digits</h2>
            <p>First row: test images. Then, {{Html(pictured)}}.</p>
            <img alt="test digits, reconstructions and samples" src="data:image/png;base64,{{sheet}}">
            <p>dgrad {{Html(result.Version)}}</p>
            </body></html>
            """;
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    // Two drawings on one page must not share the names of their clip paths.
    private static string Inline(string svg, string name) => svg[svg.IndexOf("<svg", StringComparison.Ordinal)..]
        .Replace(" id=\"", $" id=\"{name}-", StringComparison.Ordinal).Replace("url(#", $"url(#{name}-", StringComparison.Ordinal);
}
