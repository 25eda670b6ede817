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

    /// <summary>No two of the settings are equal, and none is its default.</summary>
    [Fact]
    public void ThePictureSaysWhatItWasMadeWith()
    {
        var rows = IdeaFigure.Make(new() { Draws = 24, Samples = 4, Temperature = 0.7, Seed = 3 }, folder.FullPath);
        Assert.Equal((24, 6, 1), (Of(rows, "st-gs").Count, Of(rows, "gr-mc:4").Count, Of(rows, "gr").Count));
        var svg = File.ReadAllText(folder.At("idea.svg"));
        Assert.Matches(@">\s*GR-MC4: mean over 4\s*</text>", svg);
        Assert.Matches(@">\s*24 noise vectors G that make category 1 the sample", svg);
        Assert.Equal(1 + 24 + 6 + 1, File.ReadAllLines(folder.At("idea.csv")).Length);
        // In each mean are the draws that follow one another.
        foreach (var (mean, i) in Of(rows, "gr-mc:4").Select((row, i) => (row, i)))
        {
            var drawn = Of(rows, "st-gs").GetRange(4 * i, 4);
            Assert.All(Enumerable.Range(0, 3), k => Assert.Equal(drawn.Average(row => row.Gradient[k]), mean.Gradient[k], 1e-12));
        }
    }

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
