using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>The numbers of the README and of docs/idea.md are those of our records.</summary>
public sealed class HeadlineTests
{
    // Read once, from a copy.
    private static readonly Lazy<List<string>> Facts = new(() =>
    {
        using var results = new TemporaryFolder();
        WorkingTree.Copy("results", results.FullPath);
        return FactsOf(results.FullPath);
    });

    /// <summary>What is no measurement: definitions, examples, versions, names.</summary>
    private static readonly string[] Other =
    [
        "τ = 0.5", "τ = 0.1", "8 categories", "K = 10", "MC10", "10 SDK", "x64", "130 MB", "1,000", "17.11", "10.61", "2021",   // the README's output: CodeTests
        "(1, 0, 0)", "category 1", "0.5, 0.3 and 0.2", "τ is 0.5", "(1, −1, 0.5)", "[20, 3]", "λ = 1", "τ = 1", "add up to 0", "λ from 0 to 1", "2, 4, 8 and 16 categories", "batch size 20", "with 2 categories",
    ];

    [Theory, InlineData("README.md"), InlineData("docs/idea.md")]
    public void EveryNumberIsMeasuredOrADefinition(string name)
    {
        var text = Regex.Replace(Text(name), @"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>", " ");
        foreach (var fact in Facts.Value.Concat(Other).OrderByDescending(fact => fact.Length)) text = text.Replace(fact, " ", StringComparison.Ordinal);
        Assert.True(!Regex.IsMatch(text, @"\d"), $"{name}: not bound to a record: {string.Join(" | ", Regex.Matches(text, @".{0,30}\d.{0,20}").Select(match => match.Value))}");
    }

    [Theory, InlineData("README.md"), InlineData("docs/idea.md")]
    public void TheFactsAreThere(string name) =>
        Assert.All(Facts.Value.Take(name == "README.md" ? 7 : 3), fact => Assert.Contains(fact, Text(name), StringComparison.Ordinal));

    // On one line: where it is broken does not matter.
    private static string Text(string name) => Regex.Replace(Page.Of(name).Text, @"\s+", " ");

    private static List<string> FactsOf(string root)
    {
        var (step, backward) = (Answers.StepMilliseconds(root), Answers.BackwardMilliseconds(root));
        var gains = new BoundAnswers(SearchFolder.Below(root, SearchTasks.All)).GainsAt(20).ToList();
        Assert.Equal(4, gains.Count);
        return
        [
            Times(0.5), Times(0.1),
            FormattableString.Invariant($"{step.Ratio:F2} times as long"),
            FormattableString.Invariant($"takes {step.Rao:F2} ms on one thread"), FormattableString.Invariant($"takes {step.PyTorch:F2} ms on one thread"),
            FormattableString.Invariant($"{backward.Published / backward.Exact:F0} times faster than that of GR-MCK at K = 100 by a published implementation"),
            FormattableString.Invariant($"{gains.Min():F2} to {gains.Max():F2} nats better"),
        ];

        string Times(double temperature) =>
            Conclusion.Text(Answers.VarianceRatios(root).Single(ratio => ratio.Temperature == temperature).Ratio).Split(' ')[0] + " times";
    }
}
