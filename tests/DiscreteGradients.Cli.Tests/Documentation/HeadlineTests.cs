using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>The numbers of the README and of docs/idea.md are those of our records.</summary>
public sealed class HeadlineTests
{
    private static readonly string Results = Path.Combine(WorkingTree.Root, "results");

    /// <summary>What is no measurement: definitions, examples, versions, names.</summary>
    private static readonly string[] Other =
    [
        "τ = 0.5", "τ = 0.1", "8 categories", "K = 100", "K = 10", "10 SDK", "MC10", "x64", "1,000", "17.11", "10.61", "2021",   // the README's output: CodeTests
        "(1, 0, 0)", "category 1", "0.5, 0.3 and 0.2", "(1, −1, 0.5)", "[20, 8]", "λ = 1", "τ = 1", "1.0",
    ];

    [Theory, InlineData("README.md"), InlineData("docs/idea.md")]
    public void EveryNumberIsMeasuredOrADefinition(string name)
    {
        var text = Regex.Replace(Page.Of(name).Text, @"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>", " ", RegexOptions.Singleline);
        foreach (var fact in Facts().Concat(Other).OrderByDescending(fact => fact.Length)) text = text.Replace(fact, " ", StringComparison.Ordinal);
        Assert.True(!Regex.IsMatch(text, @"\d"), $"{name}: not bound to a record: {string.Join(" | ", Regex.Matches(text, @".{0,30}\d.{0,20}").Select(match => match.Value))}");
    }

    [Theory, InlineData("README.md"), InlineData("docs/idea.md")]
    public void TheFactsAreThere(string name) =>
        Assert.All(Facts().Take(name == "README.md" ? 6 : 3), fact => Assert.Contains(fact, Page.Of(name).Text, StringComparison.Ordinal));

    private static List<string> Facts()
    {
        var (step, backward) = (Answers.StepMilliseconds(Results), Answers.BackwardMilliseconds(Results));
        return
        [
            Times(0.5, "at τ = 0.5"), Times(0.1, "at τ = 0.1").Replace(" the variance", "", StringComparison.Ordinal),
            FormattableString.Invariant($"{step.Rao / step.StraightThrough:F2} times as long"),
            FormattableString.Invariant($"{step.Rao:F2} ms on one thread"), FormattableString.Invariant($"PyTorch takes {step.PyTorch:F2} ms"),
            FormattableString.Invariant($"{backward.Published / backward.Exact:F0} times less than the published implementation of GR-MCK"),
        ];

        static string Times(double temperature, string where) =>
            Conclusion.Text(Answers.VarianceRatios(Results).Single(ratio => ratio.Temperature == temperature).Ratio).Split(' ')[0] + " times the variance " + where;
    }
}
