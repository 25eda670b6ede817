using ScottPlot;
using ScottPlot.TickGenerators;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Numbers below a panel of curves: a line for each curve, a number at each place of the axis.</summary>
internal static class CountPanel
{
    /// <summary>Draws it.</summary>
    /// <param name="names">Of the curves, downwards.</param>
    /// <param name="title">What is counted.</param>
    /// <param name="limits">Of the horizontal axis, left and right.</param>
    /// <param name="counts">Curve, place and text.</param>
    public static Plot Of(IReadOnlyList<string> names, string title, (double Left, double Right) limits, IEnumerable<(string Name, double X, string Text)> counts)
    {
        var plot = new Plot();
        plot.Font.Set("Noto Sans");
        plot.Title(title);
        plot.Axes.Title.Label.FontSize = 18;
        plot.HideGrid();
        plot.Axes.Left.TickGenerator = new NumericManual([.. names.Select((name, i) => new Tick(-i, name))]);
        plot.Axes.Left.TickLabelStyle.FontSize = 16;
        plot.Axes.Bottom.TickGenerator = new EmptyTickGenerator();
        plot.Layout.Fixed(new PixelPadding(CurvePanel.Left, CurvePanel.Right, 15, 40));
        foreach (var (name, x, text) in counts)
        {
            var label = plot.Add.Text(text, x, -names.ToList().IndexOf(name));
            label.LabelFontSize = 16;
            label.LabelFontColor = Colors.Black;
            label.LabelAlignment = Alignment.MiddleCenter;
        }
        plot.Axes.SetLimits(limits.Left, limits.Right, -names.Count + 0.4, 0.6);
        return plot;
    }
}
