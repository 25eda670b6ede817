using ScottPlot;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>The name of a curve and its look, the same in every picture: a family of estimators has one colour and one marker,
/// and the colour darkens with K.</summary>
/// <param name="Shape">The number of its marker.</param>
/// <param name="Dash">The number of its line pattern.</param>
internal sealed record CurveStyle(string Name, Color Colour, int Shape, int Dash)
{
    private const double MostDecades = 3, Shade = 0.4;

    // In the order of EstimatorFamily.
    private static readonly Color[] Colours = [.. new[]
    {
        PlotStyle.Black, PlotStyle.Orange, PlotStyle.SkyBlue, PlotStyle.Green,
        PlotStyle.Vermilion, PlotStyle.Purple, PlotStyle.Blue,
    }.Select(Color.FromHex)];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.Cross, MarkerShape.OpenCircle,
    ];

    private static readonly LinePattern[] Patterns =
        [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    /// <summary>The curve of an estimator.</summary>
    /// <param name="variant">The number of the curve among those of the same estimator, which differ in something else.</param>
    public static CurveStyle Of(EstimatorName estimator, int variant = 0)
    {
        // From −1 at K = 1, lighter, to 1 at K = 1000 and above, darker.
        var depth = estimator.Samples is { } samples ? Math.Min(2 * Math.Log10(samples) / MostDecades, 2) - 1 : 0;
        var colour = Colours[(int)estimator.Family].MixedWith(depth < 0 ? Colors.White : Colors.Black, Shade * Math.Abs(depth));
        return new(estimator.PaperName, colour, (int)estimator.Family, variant + (estimator.IsAntithetic ? 1 : 0));
    }

    /// <summary>The curve of a family of estimators along its K, or of the one estimator that the family has.</summary>
    /// <param name="samples">What stands in the place of K.</param>
    public static CurveStyle OfFamily(EstimatorName estimator, string samples = "") =>
        Of(estimator with { Samples = null }) with { Name = estimator.PaperNameWith(samples) };

    /// <summary>The curve of something that is no estimator.</summary>
    public static CurveStyle Of(string name, int index) => new(name, Colours[index % Colours.Length], index % Shapes.Length, 0);

    /// <summary>The same in grey, behind others.</summary>
    public CurveStyle Faded() => this with { Colour = Color.FromHex("#cfcfcf") };

    /// <summary>Gives a line this look.</summary>
    public void Apply(ScottPlot.Plottables.Scatter line)
    {
        line.Color = Colour;
        line.LineWidth = 2.5f;
        line.LinePattern = Patterns[Dash % Patterns.Length];
        line.MarkerSize = 10;
        line.MarkerShape = Shapes[Shape];
    }
}
