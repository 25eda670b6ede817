using ScottPlot;
using ScottPlot.TickGenerators;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Curves without a legend, for a <see cref="PanelSheet"/>; a name has the same colour in every panel.</summary>
internal sealed class CurvePanel
{
    /// <summary>Pixels beside the axes.</summary>
    public const int Left = 115, Right = 45;

    private static readonly MarkerShape[] Shapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown, MarkerShape.Cross, MarkerShape.OpenCircle, MarkerShape.OpenSquare];

    // Okabe and Ito's colours less the yellow, which is faint on white.
    private static readonly Color[] Colours =
        [Color.FromHex("#000000"), Color.FromHex("#E69F00"), Color.FromHex("#56B4E9"), Color.FromHex("#009E73"), Color.FromHex("#D55E00"), Color.FromHex("#CC79A7"), Color.FromHex("#0072B2")];

    private static readonly Color Faint = Color.FromHex("#CFCFCF");

    private readonly IReadOnlyList<string> names;
    private bool isLogarithmic;

    /// <param name="names">Of all curves, in the order of their colours.</param>
    /// <param name="title">Over the panel.</param>
    /// <param name="xAxis">Quantity and unit.</param>
    /// <param name="yAxis">Quantity and unit.</param>
    public CurvePanel(IReadOnlyList<string> names, string title, string xAxis, string yAxis)
    {
        this.names = names;
        Plot.Font.Set("Noto Sans");
        Plot.Title(title);
        Plot.XLabel(xAxis);
        Plot.YLabel(yAxis);
        Plot.Axes.Title.Label.FontSize = 22;
        Plot.Axes.Bottom.Label.FontSize = Plot.Axes.Left.Label.FontSize = 20;
        Plot.Axes.Bottom.TickLabelStyle.FontSize = Plot.Axes.Left.TickLabelStyle.FontSize = 18;
        Plot.Axes.Margins(0.06, 0.1);
        Plot.Layout.Fixed(new PixelPadding(Left, Right, 75, 50));
    }

    /// <summary>The picture.</summary>
    public Plot Plot { get; } = new();

    /// <summary>The one curve that stands out, the others in grey; null for all alike.</summary>
    public string? Emphasis { get; init; }

    /// <summary>Adds a curve with error bars; points without a value are left out.</summary>
    public void Add(string name, IReadOnlyList<(double X, Estimate? Y)> points)
    {
        var known = points.Where(point => point.Y is { } y && double.IsFinite(y.Value)).Select(point => (point.X, Y: point.Y!.Value)).ToList();
        if (known.Count == 0) return;
        var (x, y) = (known.Select(point => isLogarithmic ? Math.Log10(point.X) : point.X).ToArray(), known.Select(point => point.Y.Value).ToArray());
        var bars = Plot.Add.ErrorBar(x, y, [.. known.Select(point => double.IsNaN(point.Y.Error) ? 0 : point.Y.Error)]);
        var line = Plot.Add.Scatter(x, y);
        Style(line, name);
        bars.Color = line.Color;
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

    /// <summary>A panel with nothing but the names.</summary>
    public Plot Legend()
    {
        var plot = new Plot();
        plot.Font.Set("Noto Sans");
        plot.Axes.Frameless();
        plot.HideGrid();
        foreach (var name in names)
        {
            var line = plot.Add.Scatter(new[] { -10.0, -9 }, new[] { 0.0, 0 });
            Style(line, name);
            line.LegendText = name;
        }
        plot.Axes.SetLimits(0, 1, 0, 1);
        plot.ShowLegend(Alignment.MiddleLeft);
        plot.Legend.FontSize = 20;
        return plot;
    }

    private void Ticks(IEnumerable<double> ticks, Func<double, double> place) =>
        Plot.Axes.Bottom.TickGenerator = new NumericManual([.. ticks.Select(tick => new Tick(place(tick), Invariant($"{tick}")))]);

    private void Style(ScottPlot.Plottables.Scatter line, string name)
    {
        var index = names.ToList().IndexOf(name);
        line.Color = Emphasis is null || Emphasis == name ? Colours[index % Colours.Length] : Faint;
        line.LineWidth = 2.5f;
        line.MarkerSize = 10;
        line.MarkerShape = Shapes[index % Shapes.Length];
    }
}
