using DiscreteGradients.Experiments.Presentation;
using ScottPlot;
using TorchSharp;
using static TorchSharp.torch;
using PlotStyle = DiscreteGradients.Experiments.Presentation.PlotStyle;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>A picture of the average that GR-MCK takes: noise vectors that all lead to the same category, and the gradient that
/// each gives; idea.svg, .png and .csv.</summary>
internal static class IdeaFigure
{
    private const int MostTries = 100;

    // One variable of three categories, of which the first was drawn, and the gradient of the cost with respect to the sample.
    private static readonly double[] Probabilities = [0.5, 0.3, 0.2], CostGradient = [1, -1, 0.5];

    /// <summary>Draws the noise, computes the gradients and writes the three files.</summary>
    /// <returns>A row a noise vector, then the means of K, then GR.</returns>
    public static IReadOnlyList<IdeaRow> Make(IdeaSettings settings, string path)
    {
        var rows = Rows(settings);
        AtomicFile.Write(Path.Combine(path, "idea.csv"), Table.Of(rows,
            new("what", row => row.What),
            new("softmax-1", row => row.Softmax?[0], "G9"),
            new("softmax-2", row => row.Softmax?[1], "G9"),
            new("softmax-3", row => row.Softmax?[2], "G9"),
            new("gradient-1", row => row.Gradient[0], "G9"),
            new("gradient-2", row => row.Gradient[1], "G9"),
            new("gradient-3", row => row.Gradient[2], "G9")).Csv());
        Draw(settings, rows, path);
        return rows;
    }

    private static List<IdeaRow> Rows(IdeaSettings settings)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(settings.Seed);
        var (logProbs, g) = (tensor(Probabilities).log(), tensor(CostGradient));
        var category = tensor(new double[] { 1, 0, 0 });
        var softmax =
            (Gumbel.PerturbGiven(logProbs, category, settings.Draws, generator) / tensor(settings.Temperature)).softmax(-1);
        // J(s)g/τ, [draws, 3].
        var gradients = softmax * (g - (softmax * g).sum(-1, keepdim: true)) / tensor(settings.Temperature);
        var means = gradients.reshape(-1, settings.Samples, Probabilities.Length).mean([1]);
        return [
            .. Vectors(softmax).Zip(Vectors(gradients), (s, gradient) => new IdeaRow("st-gs", s, gradient)),
            .. Vectors(means).Select(gradient => new IdeaRow(Invariant($"gr-mc:{settings.Samples}"), null, gradient)),
            new("gr", null, Exact(logProbs, g, settings.Temperature, generator)),
        ];
    }

    /// <summary>The gradient of GR for the category: of draws by the estimator itself, the first that has this
    /// category.</summary>
    private static double[] Exact(Tensor logProbs, Tensor g, double temperature, Generator generator)
    {
        var logits = logProbs.repeat(MostTries, 1).requires_grad_();
        var sample = logits.SampleOneHot(new GumbelRaoExact(temperature), generator: generator);
        (sample * g).sum().backward();
        var row = sample.select(1, 0).argmax().item<long>();
        return logits.grad![row].data<double>().ToArray();
    }

    private static IEnumerable<double[]> Vectors(Tensor matrix) =>
        Enumerable.Range(0, (int)matrix.shape[0]).Select(i => matrix[i].data<double>().ToArray());

    private static void Draw(IdeaSettings settings, List<IdeaRow> rows, string path)
    {
        var straight = rows.FindAll(row => row.Softmax is not null);
        var (mean, exact) = (rows.FindAll(row => row.Softmax is null)[..^1], rows[^1]);
        using var sheet = new PanelSheet(640, 760)
        {
            Height = 560,
            Caption =
            [
                Invariant($"{settings.Draws} noise vectors G that make category 1 the sample. Probabilities 0.5, 0.3 and 0.2; τ = {settings.Temperature}; gradient of the loss (1, −1, 0.5)."),
                "ST-GS draws one grey point, GR-MCK is a mean of K of them, GR the mean of all. All have the same centre.",
            ],
        };
        var simplex = new TrianglePlot("softmax((θ + G)/τ), a point for each noise vector", new TriangleGrid(1));
        simplex.Points(straight.ConvertAll(row => row.Softmax!), PlotStyle.Grey);
        sheet.Add(simplex.Plot);
        var panel = new CurvePanel("The gradient that the logits get", "gradient for θ₂", "gradient for θ₃");
        Add(straight, new(EstimatorFamily.StraightThroughGumbelSoftmax), "ST-GS: one noise vector", MarkerShape.FilledCircle, 6);
        Add(mean, new(EstimatorFamily.GumbelRao, settings.Samples),
            Invariant($"GR-MC{settings.Samples}: mean over {settings.Samples}"), MarkerShape.FilledDiamond, 11);
        Add([exact], new(EstimatorFamily.GumbelRaoExact), "GR: mean over all", MarkerShape.FilledSquare, 16);
        panel.Plot.ShowLegend(Alignment.UpperRight);
        panel.Plot.Legend.FontSize = PlotStyle.TickSize;
        sheet.Add(panel.Plot);
        sheet.Save(path, "idea");

        void Add(List<IdeaRow> points, EstimatorName estimator, string name, MarkerShape shape, float size)
        {
            var colour = estimator.Family == EstimatorFamily.StraightThroughGumbelSoftmax
                ? Color.FromHex(PlotStyle.Grey) : CurveStyle.Of(estimator).Colour;
            var cloud = panel.Plot.Add.ScatterPoints(points.ConvertAll(row => row.Gradient[1]),
                points.ConvertAll(row => row.Gradient[2]), colour);
            (cloud.MarkerShape, cloud.MarkerSize, cloud.LegendText) = (shape, size, name);
        }
    }
}

/// <summary>A point of the picture.</summary>
/// <param name="What">The estimator that gives this gradient.</param>
/// <param name="Softmax">softmax((θ + G)/τ); null for a mean over noise.</param>
/// <param name="Gradient">To the three logits.</param>
internal sealed record IdeaRow(string What, IReadOnlyList<double>? Softmax, IReadOnlyList<double> Gradient);

/// <summary>The picture of the idea.</summary>
internal sealed record IdeaSettings
{
    /// <summary>The temperature τ of the estimators.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Noise vectors.</summary>
    public int Draws { get; init; } = 400;

    /// <summary>K of GR-MCK; divides the noise vectors.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>The seed of the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks each value.</summary>
    /// <exception cref="InputException">Names the first that is out of range.</exception>
    public IdeaSettings Validated()
    {
        InputException.Require(Temperature is >= 0.01 and <= 10, "temperature", Temperature, "a number from 0.01 to 10");
        InputException.Require(Draws is >= 10 and <= 10_000, "draws", Draws, "10 to 10000");
        InputException.Require(Samples >= 2 && Draws % Samples == 0, "samples", Samples, "at least 2, and a divisor of draws");
        return this;
    }
}
