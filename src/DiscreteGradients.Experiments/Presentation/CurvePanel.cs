using ScottPlot;
using ScottPlot.TickGenerators;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Curves with error bars, for a <see cref="PanelSheet"/>; the legend is a panel of its own.</summary>
internal sealed class CurvePanel
{
    /// <summary>The width of a point, pixels.</summary>
    public const float MarkerSize = 10;

    private const int MostMarkers = 20;
    private static readonly PixelPadding Padding = new(115, 45, 75, 50);
    private bool isLogarithmic, isLogarithmicY;

    public CurvePanel(string title, string xAxis, string yAxis)
    {
        Plot = PlotStyle.Empty(title);
        Plot.XLabel(xAxis);
        Plot.YLabel(yAxis);
        Plot.Axes.Bottom.Label.FontSize = Plot.Axes.Left.Label.FontSize = PlotStyle.AxisSize;
        Plot.Axes.Bottom.TickLabelStyle.FontSize = Plot.Axes.Left.TickLabelStyle.FontSize = PlotStyle.TickSize;
        Plot.Axes.Margins(0.06, 0.1);
        Plot.Layout.Fixed(Padding);
    }

    public Plot Plot { get; }

    /// <summary>Adds a curve; points without a finite value are left out, and errors that are not known are not drawn.</summary>
    public void Add(CurveStyle style, IEnumerable<(double X, Estimate? Y)> points)
    {
        var known = (from point in points
                     where (isLogarithmicY ? point.Y?.Log10 : point.Y) is { } y && double.IsFinite(y.Value)
                     select (point.X, Y: isLogarithmicY ? point.Y!.Value.Log10!.Value : point.Y!.Value)).ToList();
        if (known.Count == 0) return;
        var x = known.Select(point => isLogarithmic ? Math.Log10(point.X) : point.X).ToArray();
        var y = known.Select(point => point.Y.Value).ToArray();
        var bars = Plot.Add.ErrorBar(x, y, [.. known.Select(point => double.IsNaN(point.Y.Error) ? 0 : point.Y.Error)]);
        bars.Color = style.Colour;
        var line = Plot.Add.Scatter(x, y);
        style.Apply(line);
        if (x.Length > MostMarkers) line.MarkerSize = 0;
    }

    /// <summary>Makes the horizontal axis logarithmic, with ticks at these values, or at round numbers; before curves are
    /// added.</summary>
    public void LogarithmicX(IEnumerable<double>? ticks = null)
    {
        isLogarithmic = true;
        if (ticks is not null) Ticks(ticks, Math.Log10);
        else Plot.Axes.Bottom.TickGenerator = new LogarithmicTicks();
    }

    /// <summary>Writes above a point of a curve.</summary>
    public void Label(string text, double x, double y) =>
        Plot.Write(text, isLogarithmic ? Math.Log10(x) : x, isLogarithmicY ? Math.Log10(y) : y, Alignment.LowerCenter,
            PlotStyle.CountSize, above: MarkerSize);

    /// <summary>Makes the vertical axis logarithmic, with round numbers for ticks; before curves are added.</summary>
    public void LogarithmicY()
    {
        isLogarithmicY = true;
        Plot.Axes.Left.TickGenerator = new LogarithmicTicks();
    }

    /// <summary>Gives the horizontal axis ticks at these values and limits, which may run downwards.</summary>
    public void LinearX(IEnumerable<double> ticks, (double Left, double Right) limits)
    {
        Ticks(ticks, tick => tick);
        Plot.Axes.SetLimitsX(limits.Left, limits.Right);
    }

    /// <summary>A panel of names, each beside a piece of its curve.</summary>
    public static Plot Legend(IEnumerable<CurveStyle> curves)
    {
        var plot = PlotStyle.Empty();
        plot.Axes.Frameless();
        plot.HideGrid();
        foreach (var curve in curves)
        {
            var line = plot.Add.Scatter(new[] { -10.0, -9 }, new[] { 0.0, 0 });
            curve.Apply(line);
            line.LegendText = curve.Name;
        }
        plot.Axes.SetLimits(0, 1, 0, 1);
        plot.ShowLegend(Alignment.MiddleLeft);
        plot.Legend.FontSize = PlotStyle.AxisSize;
        return plot;
    }

    /// <summary>Numbers below a panel of curves: a line for each curve, a number at each place of the axis.</summary>
    public static Plot Counts(List<string> names, string title, (double Left, double Right) limits,
        IEnumerable<(string Name, double X, string Text)> counts)
    {
        var plot = PlotStyle.Empty(title);
        plot.HideGrid();
        plot.Axes.Left.TickGenerator = new NumericManual([.. names.Select((name, i) => new Tick(-i, name))]);
        plot.Axes.Left.TickLabelStyle.FontSize = PlotStyle.CountSize;
        plot.Axes.Bottom.TickGenerator = new EmptyTickGenerator();
        plot.Layout.Fixed(new PixelPadding(Padding.Left, Padding.Right, 15, 40));
        foreach (var (name, x, text) in counts)
            plot.Write(text, x, -names.IndexOf(name), Alignment.MiddleCenter, PlotStyle.CountSize);
        plot.Axes.SetLimits(limits.Left, limits.Right, -names.Count + 0.4, 0.6);
        return plot;
    }

    private void Ticks(IEnumerable<double> ticks, Func<double, double> place) =>
        Plot.Axes.Bottom.TickGenerator =
            new NumericManual([.. from tick in ticks select new Tick(place(tick), Invariant($"{tick}"))]);
}

/// <summary>The name of a curve and its look, the same in every picture: a family of estimators has one colour and one marker,
/// and the colour darkens with K or λ.</summary>
/// <param name="Shape">The number of its marker.</param>
/// <param name="Dash">The number of its line pattern.</param>
internal sealed record CurveStyle(string Name, Color Colour, int Shape, int Dash)
{
    private const double MostDecades = 3, Shade = 0.4;

    // In the order of EstimatorFamily.
    private static readonly Color[] Colours = [.. new[]
    {
        PlotStyle.Black, PlotStyle.Orange, PlotStyle.SkyBlue, PlotStyle.Green,
        PlotStyle.Vermilion, PlotStyle.Purple, PlotStyle.Blue, PlotStyle.Brown, PlotStyle.Olive,
        PlotStyle.Indigo, PlotStyle.Wine, PlotStyle.Grey,
    }.Select(Color.FromHex)];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.Cross, MarkerShape.OpenCircle,
        MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond, MarkerShape.Asterisk, MarkerShape.HashTag,
    ];

    private static readonly LinePattern[] Patterns =
        [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    /// <summary>The curve of an estimator.</summary>
    /// <param name="variant">The number of the curve among those of the same estimator, which differ in something else.</param>
    /// <param name="varied">That something, for the name; empty for nothing.</param>
    public static CurveStyle Of(EstimatorName estimator, int variant = 0, string varied = "")
    {
        // From −1 at K = 1 or λ = 0, lighter, to 1 at K = 1000 and above or λ = 2, darker.
        var depth = estimator.Samples is { } samples
            ? Math.Min(2 * Math.Log10(samples) / MostDecades, 2) - 1
            : (estimator.Weight ?? 1) - 1;
        var colour = Colours[(int)estimator.Family].MixedWith(depth < 0 ? Colors.White : Colors.Black, Shade * Math.Abs(depth));
        return new(Named(estimator.PaperName, varied), colour, (int)estimator.Family, variant + (estimator.IsAntithetic ? 1 : 0));
    }

    /// <summary>The curve of a family of estimators along its K or λ, or of the one estimator that the family has.</summary>
    /// <param name="samples">What stands in the place of K.</param>
    /// <inheritdoc cref="Of(EstimatorName, int, string)"/>
    public static CurveStyle OfFamily(EstimatorName estimator, string samples = "", int variant = 0, string varied = "") =>
        Of(estimator with { Samples = null, Weight = null }, variant) with
        {
            Name = Named(estimator.PaperNameWith(samples), varied),
        };

    private static string Named(string name, string varied) => varied.Length > 0 ? $"{name}, {varied}" : name;

    /// <summary>The curve of something that is no estimator.</summary>
    public static CurveStyle Of(string name, int index) => new(name, Colours[index % Colours.Length], index % Shapes.Length, 0);

    /// <summary>Gives the same style in grey, behind others.</summary>
    public CurveStyle Faded() => this with { Colour = Color.FromHex("#cfcfcf") };

    /// <summary>Gives a line this look.</summary>
    public void Apply(ScottPlot.Plottables.Scatter line)
    {
        line.Color = Colour;
        line.LineWidth = 2.5f;
        line.LinePattern = Patterns[Dash % Patterns.Length];
        line.MarkerSize = CurvePanel.MarkerSize;
        line.MarkerShape = Shapes[Shape];
    }
}
