using ScottPlot;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Curves with a legend, as SVG and PNG.</summary>
public sealed class LinePlot : IDisposable
{
    private readonly Plot plot = new();

    /// <param name="title">Over the plot.</param>
    /// <param name="xAxis">Quantity and unit.</param>
    /// <param name="yAxis">Quantity and unit.</param>
    public LinePlot(string title, string xAxis, string yAxis)
    {
        plot.Add.Palette = new ScottPlot.Palettes.ColorblindFriendly();
        plot.Title(title);
        plot.XLabel(xAxis);
        plot.YLabel(yAxis);
        plot.Font.Set("Noto Sans");
        plot.Axes.Title.Label.FontSize = 18;
        plot.Axes.Bottom.Label.FontSize = plot.Axes.Left.Label.FontSize = 16;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 14;
    }

    /// <summary>Adds a curve; with error bars of the same length where <paramref name="errors"/> are given.</summary>
    public void Add(string name, double[] x, double[] y, double[]? errors = null)
    {
        var line = plot.Add.Scatter(x, y);
        line.LegendText = name;
        line.LineWidth = 2;
        line.MarkerSize = x.Length > 20 ? 0 : 8;
        if (errors is null) return;
        var bars = plot.Add.ErrorBar(x, y, errors);
        bars.Color = line.Color;
    }

    /// <summary>Writes name.svg and name.png into a folder and gives the SVG.</summary>
    public string Save(string folder, string name)
    {
        plot.ShowLegend(Edge.Right);
        plot.Legend.FontSize = 14;
        plot.Axes.AutoScale();
        var svg = plot.GetSvgXml(800, 500);
        Runs.AtomicFile.Write(Path.Combine(folder, name + ".svg"), svg);
        var png = plot.GetImageBytes(800, 500, ImageFormat.Png);
        Runs.AtomicFile.Write(Path.Combine(folder, name + ".png"), stream => stream.Write(png));
        return svg;
    }

    /// <inheritdoc/>
    public void Dispose() => plot.Dispose();
}
