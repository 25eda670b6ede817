using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;
using DiscreteGradients.Experiments.Tests.Search;

namespace DiscreteGradients.Experiments.Tests.Reports;

public sealed class SearchReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>GR is better at one of two temperatures and worse at the other: each is compared with itself alone.</summary>
    [Fact]
    public void OnlyCellsThatDifferInTheEstimatorAloneAreCompared()
    {
        var record = SearchRecord.Create(folder.At("search"), 1, ("estimator", ["st-gs", "gr"]), ("temperature", [0.3, 0.5]));
        foreach (var (cell, test) in new[] { ("st-gs,temperature=0.3", 100.0), ("gr,temperature=0.3", 97.0), ("st-gs,temperature=0.5", 90.0), ("gr,temperature=0.5", 93.0) })
        {
            record.End(record[$"estimator={cell}", 0], test);
            record.Report(record[$"estimator={cell}", 0], test, test);
        }
        Assert.Contains("The test bound of GR is better than that of ST-GS in 1 cells, worse in 1, not distinguishable in 0 (unpaired, one trial of each).",
            Report.Page([folder.At("search")]), StringComparison.Ordinal);
    }

    /// <summary>Where values are spread over more than a factor of 20 the axis has equal ratios; one that holds 0 cannot.</summary>
    [Theory]
    [InlineData("learning-rate", "0.001 0.01 0.1", 1)]
    [InlineData("batch-size", "1 4 16", 4)]
    [InlineData("weight-decay", "0 0.01 0.1", 9)]
    public void AChoiceIsDrawnByEqualRatiosWhereItIsWide(string setting, string words, double ratio)
    {
        var record = new SearchRecord(SearchFolder.Create(folder.At("search"), new SearchSpec
        {
            Task = "vae",
            Trials = 40,
            Random = new Dictionary<string, RandomParameter>(StringComparer.Ordinal)
            {
                [setting] = new() { Choice = [.. words.Split(' ').Select(word => JsonNode.Parse(word)!)] },
            },
        }, SearchTasks.All));
        foreach (var trial in record.Search.Trials) record.End(trial, 100 + trial.Index);
        var page = WebUtility.HtmlDecode(Report.Page([folder.At("search")]));
        var places = Regex.Matches(page, $"<circle cx=\"([0-9.]+)\"[^>]* data-value=\"trials: {setting.Replace('-', ' ')} ([0-9.]+), ")
            .Select(match => (Value: match.Groups[2].Value, Place: double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))).Distinct()
            .ToDictionary(StringComparer.Ordinal);
        Assert.Equal(words.Split(' ').Order(StringComparer.Ordinal), places.Keys.Order(StringComparer.Ordinal));
        double[] at = [.. words.Split(' ').Select(word => places[word])];
        // Places are rounded to a tenth.
        Assert.Equal(ratio, (at[2] - at[1]) / (at[1] - at[0]), 0.02 * ratio);
    }

    public void Dispose() => folder.Dispose();
}
