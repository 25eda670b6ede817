using System.Globalization;
using System.Text.RegularExpressions;

namespace DiscreteGradients.Tests.Packaging;

/// <summary>Every file of samples/, run as its first line says, and what its output claims.</summary>
public sealed class SampleTests
{
    private static readonly Dictionary<string, Action<string>> Claims = new(StringComparer.Ordinal)
    {
        ["drop-in.cs"] = LessVariance,
        ["drop-in.fsx"] = LessVariance,
        ["discrete-vae.cs"] = output =>
        {
            var bounds = Regex.Matches(output, @"step \d+: (\S+) nats").Select(match => Parse(match.Groups[1].Value)).ToList();
            Assert.Equal(6, bounds.Count);
            Assert.Equal(44, Number(output, @"independent pixels: (\S+) nats"), 0);
            Assert.True(bounds[2] < 30 && bounds[5] < 30, output);
        },
        ["mixture-of-experts.cs"] = output =>
        {
            Assert.True(Number(output, @"step 1500: loss (\d+\.\d+)") < Number(output, @"for all: loss (\d+\.\d+)") / 2, output);
            Assert.Contains("no token was sent", output, StringComparison.Ordinal);
        },
        ["chain.cs"] = output => Assert.True(Number(output, @"step 400: expected cost (\S+)") < 0.5, output),
        ["choosing.cs"] = output => Assert.InRange(Number(output, @"K = (\d+) leaves"), 10, 200),
        ["choosing-features.cs"] = output => Assert.Contains("chosen: 3, 7, 11, 16", output, StringComparison.Ordinal),
        ["own-estimator.cs"] = output => Assert.Contains("HalfCorrected { }: log10 trace", output, StringComparison.Ordinal),
    };

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Path.Combine(WorkingTree.Root, "samples")).Where(path => !path.EndsWith(".props", StringComparison.Ordinal)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory(Explicit = true), MemberData(nameof(Names)), Trait("Category", "Slow")]
    public void RunsAndShowsWhatItClaims(string name) => Claims[name](name.EndsWith(".fsx", StringComparison.Ordinal)
        ? Shell.Run(WorkingTree.Root, "dotnet", "fsi", $"--lib:{AppContext.BaseDirectory}", Path.Combine("samples", name))
        : Shell.Run(WorkingTree.Root, "dotnet", "run", Path.Combine("samples", name)));

    [Fact]
    public void EverySampleHasAClaim() => Assert.Equal(Claims.Keys.Order(StringComparer.Ordinal), Names.Select(row => row.Data).Order(StringComparer.Ordinal));

    private static void LessVariance(string output) =>
        Assert.True(Number(output, @"GumbelRaoExact +variance (\S+)") < Number(output, @"StraightThroughGumbelSoftmax +variance (\S+)"), output);

    private static double Number(string output, string pattern)
    {
        var match = Regex.Match(output, pattern);
        Assert.True(match.Success, $"no {pattern} in\n{output}");
        return Parse(match.Groups[1].Value);
    }

    private static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);
}
