using System.Text;
using ScottPlot;
using SkiaSharp;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Several plots on one sheet, row by row, as SVG and PNG.</summary>
/// <param name="widths">The widths of the columns, pixels.</param>
internal sealed class PanelSheet(params int[] widths) : IDisposable
{
    private const int Width = 640, LegendMargin = 95, CaptionLine = 26;
    private const double LetterWidth = 13, CaptionLetterWidth = 8.5;
    private readonly List<Plot> plots = [];

    /// <summary>Columns of equal width, with one for the legend that is as wide as its names.</summary>
    /// <param name="caption">Lines of text below the plots; those that are longer than the sheet is wide are broken.</param>
    public static PanelSheet WithLegend(int columns, IEnumerable<CurveStyle> curves, params IReadOnlyList<string> caption)
    {
        int[] widths =
            [.. Enumerable.Repeat(Width, columns), LegendMargin + (int)(LetterWidth * curves.Max(curve => curve.Name.Length))];
        return new(widths)
        {
            Caption = [.. caption.SelectMany(line => Cells.Wrap(line.Split(' '), " ", (int)(widths.Sum() / CaptionLetterWidth)))],
        };
    }

    /// <summary>Lines of text below the plots.</summary>
    public IReadOnlyList<string> Caption { get; init; } = [];

    /// <summary>The height of the first row, pixels.</summary>
    public int Height { get; init; } = 480;

    /// <summary>Takes the next plot, which is disposed of with the sheet.</summary>
    public void Add(Plot plot) => plots.Add(plot);

    /// <summary>Writes name.svg and name.png into a folder, and gives the SVG.</summary>
    /// <param name="below">The height of the rows after the first, pixels; null for that of the first.</param>
    public string Save(string folder, string name, int? below = null)
    {
        int[] rows = [Height, .. Enumerable.Repeat(below ?? Height, (plots.Count - 1) / widths.Length)];
        var sheet = new Multiplot { Layout = new Grid(widths, rows, plots.Count) };
        sheet.RemovePlot(sheet.GetPlot(0));
        foreach (var plot in plots) sheet.AddPlot(plot);
        var area = new PixelRect(0, widths.Sum(), rows.Sum() + CaptionLine * Caption.Count, 0);
        if (Caption.Count > 0)
        {
            var caption = PlotStyle.Empty();
            caption.Axes.Frameless();
            caption.HideGrid();
            caption.Axes.SetLimits(0, 1, 0, 1);
            caption.Write(string.Join('\n', Caption), 0.02, 0.5, Alignment.MiddleLeft, PlotStyle.CountSize);
            sheet.AddPlot(caption);
        }
        using var svg = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, area.Width, area.Height), svg)) Render(sheet, canvas, area);
        var text = Encoding.UTF8.GetString(svg.ToArray());
        AtomicFile.Write(Path.Combine(folder, name + ".svg"), text);
        using var bitmap = new SKBitmap((int)area.Width, (int)area.Height);
        using (var canvas = new SKCanvas(bitmap)) Render(sheet, canvas, area);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        AtomicFile.Write(Path.Combine(folder, name + ".png"), stream => png.SaveTo(stream));
        return text;
    }

    private static void Render(Multiplot sheet, SKCanvas canvas, PixelRect area)
    {
        canvas.Clear(SKColors.White);
        sheet.Render(canvas, area);
    }

    public void Dispose()
    {
        foreach (var plot in plots) plot.Dispose();
    }

    /// <param name="count">Plots in rows; what comes after them is below, as wide as the sheet.</param>
    private sealed class Grid(int[] widths, int[] heights, int count) : IMultiplotLayout
    {
        public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figureRect) =>
            [.. Enumerable.Range(0, subplots.Count)
            .Select(i => i < count ? Place(i % widths.Length, i / widths.Length)
                : new PixelRect(0, widths.Sum(), figureRect.Bottom, heights.Sum()))];

        private PixelRect Place(int column, int row)
        {
            var (left, top) = (widths.Take(column).Sum(), heights.Take(row).Sum());
            return new PixelRect(left, left + widths[column], top + heights[row], top);
        }
    }
}

/// <summary>The font, the sizes of letters and the colours of every picture.</summary>
internal static class PlotStyle
{
    /// <summary>The font of every letter.</summary>
    public const string Font = "Noto Sans";

    /// <summary>Sizes of letters, points.</summary>
    public const int TitleSize = 22, AxisSize = 20, TickSize = 18, CountSize = 16;

    /// <summary>Colours of Okabe and Ito, which the colour-blind can tell apart, and some more.</summary>
    public const string Black = "#000000", Orange = "#e69f00", SkyBlue = "#56b4e9", Green = "#009e73", Blue = "#0072b2",
        Vermilion = "#d55e00", Purple = "#cc79a7", Brown = "#8c510a", Olive = "#808000",
        Indigo = "#332288", Wine = "#882255", Grey = "#777777";

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
    /// <param name="above">How far above the place, pixels.</param>
    public static void Write(this Plot plot, string text, double x, double y, Alignment alignment, int size = TickSize,
        float above = 0)
    {
        var label = plot.Add.Text(text, x, y);
        label.LabelFontSize = size;
        label.LabelFontColor = Colors.Black;
        label.LabelAlignment = alignment;
        label.OffsetY = -above;
    }
}
