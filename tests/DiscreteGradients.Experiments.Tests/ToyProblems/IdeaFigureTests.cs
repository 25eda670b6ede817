using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Experiments.Tests.ToyProblems;

/// <summary>The picture of docs/idea.md shows what it says.</summary>
public sealed class IdeaFigureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void TheCloudsHaveOneCentre_AndMeansOfTenATenthOfTheVariance()
    {
        var rows = IdeaFigure.Make(new() { Draws = 4000 }, folder.FullPath);
        var (one, ten, all) = (Of(rows, "st-gs"), Of(rows, "gr-mc:10"), Of(rows, "gr").Single());
        Assert.Equal((4000, 400), (one.Count, ten.Count));
        foreach (var category in (int[])[0, 1, 2])
        {
            var (single, mean) = (one.ConvertAll(row => row.Gradient[category]), ten.ConvertAll(row => row.Gradient[category]));
            // Five standard errors: not once in a million for the seed at hand.
            Assert.Equal(all.Gradient[category], single.Average(), 5 * Math.Sqrt(Variance(single) / single.Count));
            Assert.Equal(0.1, Variance(mean) / Variance(single), 0.035);        // 5 · √(2/400) of 0.1
        }
        Assert.All(rows, row => Assert.Equal(0, row.Gradient.Sum(), 1e-12));
    }

    [Fact]
    public void EveryNoiseVectorLeadsToTheFirstCategory() =>
        Assert.All(Of(IdeaFigure.Make(new(), folder.FullPath), "st-gs"), row => Assert.Equal(row.Softmax![0], row.Softmax.Max()));

    [Fact]
    public void TheRecordedNumbersAreThoseOfTheCommand()
    {
        IdeaFigure.Make(new(), folder.FullPath);
        Assert.Equal(File.ReadAllText(Path.Combine(WorkingTree.Root, "results", "idea", "idea.csv")), File.ReadAllText(folder.At("idea.csv")));
    }

    public void Dispose() => folder.Dispose();

    private static List<IdeaRow> Of(IEnumerable<IdeaRow> rows, string what) => [.. rows.Where(row => row.What == what)];

    private static double Variance(List<double> values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }
}
