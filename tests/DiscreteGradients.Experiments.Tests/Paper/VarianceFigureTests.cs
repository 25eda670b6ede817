using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Paper;

/// <summary>Figures 2a, 2b and 3 of numbers made up. The variance given the minibatch is about 100, that over minibatches about
/// 10^8, and the mean squared error about 10^12, so that the axes tell which is drawn.</summary>
public sealed class VarianceFigureTests : IDisposable
{
    private static readonly VaeSettings Training = new()
    {
        Estimator = EstimatorName.Parse("st-gs"),
        Temperature = 0.7,
        BatchSize = 30,
        Seed = 9
    };
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void AlongATrainingItIsTheVarianceGivenTheMinibatch()
    {
        VaeGradientResult[] results = [Result(4, 1000, 1), Result(4, 2000, 2)];
        VarianceFigure.AlongTraining(results, Training, folder.FullPath);
        Assert.Equal(VaeGradientTable.Csv(results), File.ReadAllText(folder.At("figure-2a.csv")));
        Shows("figure-2a", "training step", "tr cov given minibatch", "100", "ST-GS", "GR-MC10");
        ShowsNone("figure-2a", "1e8", "1e12", "tr cov over minibatches");
        var svg = File.ReadAllText(folder.At("figure-2a.svg"));
        Assert.Contains("batch size 30, seed 9.", svg, StringComparison.Ordinal);
        Assert.Contains("11 minibatches, 4 passes each;", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void AgainstTheTemperatureItIsTheErrorToo()
    {
        var result = Result(4, 1000, 1);
        VarianceFigure.AgainstTemperature(result, Training, folder.FullPath);
        Assert.Equal(VaeGradientTable.Csv([result]), File.ReadAllText(folder.At("figure-2b.csv")));
        Shows("figure-2b", "Variance, step 1000", "Mean squared error, step 1000", "MSE", "100", "1e12", "0.25", "0.5");
        ShowsNone("figure-2b", "1e8");
    }

    [Fact]
    public void OfSeveralAritiesItIsTheVarianceOverMinibatchesBelow()
    {
        IReadOnlyList<VaeGradientResult>[] columns = [[Result(2, 1000, 1), Result(2, 2000, 2)],
            [Result(8, 1000, 1), Result(8, 2000, 2)]];
        VarianceFigure.OfArities(columns, Training, folder.FullPath);
        Assert.Equal(VaeGradientTable.Csv(columns.SelectMany(column => column)), File.ReadAllText(folder.At("figure-3.csv")));
        Shows("figure-3", "tr cov given minibatch", "tr cov over minibatches", "100", "1e8");
        ShowsNone("figure-3", "1e12");
        var svg = File.ReadAllText(folder.At("figure-3.svg"));
        // Above and below; a title may be drawn more than once.
        int Titles(string arity) => Regex.Count(svg, $">\\s*{arity},");
        Assert.True(Titles("2-ary") >= 2 && Titles("2-ary") == Titles("8-ary"), $"{Titles("2-ary")} and {Titles("8-ary")} titles");
    }

    /// <summary>The picture of a study at several temperatures is that of one at the first alone.</summary>
    [Fact]
    public void AlongATrainingOnlyTheFirstTemperatureIsDrawn()
    {
        VaeGradientResult[] all = [Result(4, 1000, 1), Result(4, 2000, 2)];
        VaeGradientResult[] first = [.. all.Select(result => result with { Rows = [.. result.Rows.Where(row => row.Temperature == 0.5)] })];
        VarianceFigure.AlongTraining(all, Training, folder.At("all"));
        VarianceFigure.AlongTraining(first, Training, folder.At("first"));
        Assert.Equal(File.ReadAllBytes(folder.At("first/figure-2a.png")), File.ReadAllBytes(folder.At("all/figure-2a.png")));
    }

    public void Dispose() => folder.Dispose();

    private static VaeGradientResult Result(int arity, int step, double factor)
    {
        var settings = new VaeGradientSettings
        {
            Estimators = EstimatorName.ParseList("st-gs,gr-mc:10"),
            Temperatures = [0.5, 0.25],
            Minibatches = 11,
            Passes = 4
        };
        var rows = from name in settings.Estimators
                   from temperature in settings.Temperatures
                   let scale = factor * (name == settings.Estimators[0] ? 10 : 0.1) * (temperature == 0.5 ? 1 : 1.5)
                   select new VaeGradientMeasurement
                   {
                       Estimator = name,
                       Temperature = temperature,
                       Trace = new(100 * scale, scale),
                       MinibatchTrace = new(1e8 * scale, 1e6 * scale),
                       MeanSquaredError = new(1e12 * scale, 1e10 * scale),
                   };
        return new(step, arity, settings, [.. rows], []);
    }

    private void Shows(string name, params string[] texts) =>
        Assert.All(texts, text => Assert.Matches(Pattern(text), File.ReadAllText(folder.At(name + ".svg"))));

    private void ShowsNone(string name, params string[] texts) =>
        Assert.All(texts, text => Assert.DoesNotMatch(Pattern(text), File.ReadAllText(folder.At(name + ".svg"))));

    private static string Pattern(string text) => $@">\s*{Regex.Escape(text)}\s*</text>";
}
