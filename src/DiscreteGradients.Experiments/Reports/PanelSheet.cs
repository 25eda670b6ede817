using System.Text;
using ScottPlot;
using SkiaSharp;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Several plots on one sheet, row by row, as SVG and PNG.</summary>
/// <param name="widths">Of the columns, pixels.</param>
internal sealed class PanelSheet(params int[] widths) : IDisposable
{
    private readonly List<Plot> plots = [];

    /// <summary>Takes the next plot, which is disposed of with the sheet.</summary>
    public void Add(Plot plot) => plots.Add(plot);

    /// <summary>Writes name.svg and name.png into a folder.</summary>
    /// <param name="folder">There already.</param>
    /// <param name="name">Of both files.</param>
    /// <param name="heights">Of the rows, pixels; the last one's is that of all further rows.</param>
    public void Save(string folder, string name, params int[] heights)
    {
        int[] rows = [.. Enumerable.Range(0, (plots.Count + widths.Length - 1) / widths.Length).Select(row => heights[Math.Min(row, heights.Length - 1)])];
        var sheet = new Multiplot { Layout = new Grid(widths, rows) };
        sheet.RemovePlot(sheet.GetPlot(0));
        foreach (var plot in plots) sheet.AddPlot(plot);
        var area = new PixelRect(0, widths.Sum(), rows.Sum(), 0);
        using var svg = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, area.Width, area.Height), svg)) Render(sheet, canvas, area);
        Runs.AtomicFile.Write(Path.Combine(folder, name + ".svg"), Encoding.UTF8.GetString(svg.ToArray()));
        using var bitmap = new SKBitmap((int)area.Width, (int)area.Height);
        using (var canvas = new SKCanvas(bitmap)) Render(sheet, canvas, area);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Runs.AtomicFile.Write(Path.Combine(folder, name + ".png"), stream => png.SaveTo(stream));
    }

    private static void Render(Multiplot sheet, SKCanvas canvas, PixelRect area)
    {
        canvas.Clear(SKColors.White);
        sheet.Render(canvas, area);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var plot in plots) plot.Dispose();
    }

    private sealed class Grid(int[] widths, int[] heights) : IMultiplotLayout
    {
        public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figureRect) => [.. Enumerable.Range(0, subplots.Count).Select(i =>
        {
            var (column, row) = (i % widths.Length, i / widths.Length);
            var (left, top) = (widths.Take(column).Sum(), heights.Take(row).Sum());
            return new PixelRect(left, left + widths[column], top + heights[row], top);
        })];
    }
}
