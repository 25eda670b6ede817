using ScottPlot;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>The font, the sizes of letters and the colours of every picture.</summary>
internal static class PlotStyle
{
    /// <summary>The font of every letter.</summary>
    public const string Font = "Noto Sans";

    /// <summary>Sizes of letters, points.</summary>
    public const int TitleSize = 22, AxisSize = 20, TickSize = 18, CountSize = 16;

    /// <summary>Colours of Okabe and Ito, which the colour-blind can tell apart.</summary>
    public const string Black = "#000000", Orange = "#e69f00", SkyBlue = "#56b4e9", Green = "#009e73", Blue = "#0072b2",
        Vermilion = "#d55e00", Purple = "#cc79a7";

    /// <summary>Makes a plot without axes or data.</summary>
    public static Plot Empty(string title = "")
    {
        var plot = new Plot();
        plot.Font.Set(Font);
        plot.Title(title);
        plot.Axes.Title.Label.FontSize = TitleSize;
        return plot;
    }

    /// <summary>Writes into a plot, in black.</summary>
    public static void Write(this Plot plot, string text, double x, double y, Alignment alignment, int size = TickSize)
    {
        var label = plot.Add.Text(text, x, y);
        label.LabelFontSize = size;
        label.LabelFontColor = Colors.Black;
        label.LabelAlignment = alignment;
    }
}
