using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The time that a task says is left.</summary>
public sealed class ProgressTaskTests
{
    /// <summary>A run that goes on after 1,000 of 10,000 steps and does 10 more has 8,990 left at the pace of these 10.</summary>
    [Fact]
    public void TheTimeLeftIsAtThePaceOfWhatWasDoneNow()
    {
        var task = new ProgressTask("run");
        task.Set(1000, 10_000, "");
        Assert.DoesNotContain("left", task.Sentence, StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        Thread.Sleep(30);
        var passed = clock.Elapsed.TotalSeconds;        // at most what the task's own clock says
        task.Set(1010, 10_000, "");
        var left = Part("h") * 3600 + Part("min") * 60 + Part("s");
        Assert.True(left > passed * 899 * 0.9, $"{task.Sentence} after {passed} s");
        Assert.Equal(0.101, task.Part, 1e-12);

        double Part(string unit) => Regex.Match(task.Sentence, $@"(\d+) {unit}\b") is { Success: true } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }
}
