using ScottPlot;
using ScottPlot.TickGenerators;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Curves with error bars, for a <see cref="PanelSheet"/>; the legend is a panel of its own.</summary>
internal sealed class CurvePanel
{
    private const int MostMarkers = 20;
    private static readonly PixelPadding Padding = new(115, 45, 75, 50);
    private bool isLogarithmic;

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

    /// <summary>The picture.</summary>
    public Plot Plot { get; }

    /// <summary>Adds a curve; points without a finite value are left out, and errors that are not known are not drawn.</summary>
    public void Add(CurveStyle style, IEnumerable<(double X, Estimate? Y)> points)
    {
        var known = (from point in points where point.Y is { } y && double.IsFinite(y.Value) select (point.X, Y: point.Y!.Value)).ToList();
        if (known.Count == 0) return;
        var x = known.Select(point => isLogarithmic ? Math.Log10(point.X) : point.X).ToArray();
        var y = known.Select(point => point.Y.Value).ToArray();
        var bars = Plot.Add.ErrorBar(x, y, [.. known.Select(point => double.IsNaN(point.Y.Error) ? 0 : point.Y.Error)]);
        bars.Color = style.Colour;
        var line = Plot.Add.Scatter(x, y);
        style.Apply(line);
        if (x.Length > MostMarkers) line.MarkerSize = 0;
    }

    /// <summary>Makes the horizontal axis logarithmic, with ticks at these values; before curves are added.</summary>
    public void LogarithmicX(IEnumerable<double> ticks)
    {
        isLogarithmic = true;
        Ticks(ticks, Math.Log10);
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
    public static Plot Counts(
        List<string> names, string title, (double Left, double Right) limits, IEnumerable<(string Name, double X, string Text)> counts)
    {
        var plot = PlotStyle.Empty(title);
        plot.HideGrid();
        plot.Axes.Left.TickGenerator = new NumericManual([.. names.Select((name, i) => new Tick(-i, name))]);
        plot.Axes.Left.TickLabelStyle.FontSize = PlotStyle.CountSize;
        plot.Axes.Bottom.TickGenerator = new EmptyTickGenerator();
        plot.Layout.Fixed(new PixelPadding(Padding.Left, Padding.Right, 15, 40));
        foreach (var (name, x, text) in counts) plot.Write(text, x, -names.IndexOf(name), Alignment.MiddleCenter, PlotStyle.CountSize);
        plot.Axes.SetLimits(limits.Left, limits.Right, -names.Count + 0.4, 0.6);
        return plot;
    }

    private void Ticks(IEnumerable<double> ticks, Func<double, double> place) =>
        Plot.Axes.Bottom.TickGenerator = new NumericManual([.. from tick in ticks select new Tick(place(tick), Invariant($"{tick}"))]);
}
