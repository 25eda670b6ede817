using System.Globalization;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>The numbers that docs/estimators.md quotes are those of the record.</summary>
public sealed class QuotedNumbersTests
{
    private static readonly string Text = string.Join(' ', Page.Of("docs/estimators.md").Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void VariancesAreThoseOfTheCostFigure()
    {
        Quotes($"{Cost("st"):F1} against {Cost("st-gs"):F1}");
        Quotes($"{Cost("gr"):F1} against the {Cost("st-gs"):F1} of ST-GS");
        Quotes($"{Cost("st2:0.25"):F1} at λ = ¼ to {Cost("zgr"):F1} at λ = 1");
        Quotes($"{Cost("local"):F1} where that of REINFORCE is {Cost("reinforce"):F0}");
        Assert.Contains("seven times that of ST-GS", Text, StringComparison.Ordinal);
        Assert.Equal(7, Cost("reinforce") / Cost("st-gs"), 0.5);
    }

    [Fact]
    public void TheOrderOfScaleFreeErrorsIsThatOfTheCostFigure() =>
        Quotes($"{Cost("st2:0.5", "scale-free-error"):F2} for λ = ½ and {Cost("gr", "scale-free-error"):F2} for `gr`");

    [Fact]
    public void StraightThroughVariesMoreEarlyInTraining() => Quotes($"{Early("st"):F0} for straight-through and {Early("st-gs"):F0} for ST-GS");

    private static void Quotes(FormattableString words) => Assert.Contains(FormattableString.Invariant(words), Text, StringComparison.Ordinal);

    private static double Cost(string estimator, string column = "relative-variance") =>
        Number("cost/cost.csv", column, ("arity", "8"), ("estimator", estimator));

    private static double Early(string estimator) => Number("figures/figure-2a.csv", "trace", ("step", "1000"), ("estimator", estimator));

    private static double Number(string file, string column, params (string Column, string Value)[] keys)
    {
        var rows = File.ReadLines(Path.Combine(WorkingTree.Root, "results", file)).Select(line => line.Split(',')).ToList();
        var row = rows.Single(cells => keys.All(key => cells[Array.IndexOf(rows[0], key.Column)] == key.Value));
        return double.Parse(row[Array.IndexOf(rows[0], column)], CultureInfo.InvariantCulture);
    }
}
