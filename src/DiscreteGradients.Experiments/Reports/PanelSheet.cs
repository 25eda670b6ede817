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
    /// <param name="height">Of a row, pixels.</param>
    public void Save(string folder, string name, int height)
    {
        var rows = (plots.Count + widths.Length - 1) / widths.Length;
        var sheet = new Multiplot { Layout = new Columns(widths, height) };
        sheet.RemovePlot(sheet.GetPlot(0));
        foreach (var plot in plots) sheet.AddPlot(plot);
        var area = new PixelRect(0, widths.Sum(), height * rows, 0);
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

    private sealed class Columns(int[] widths, int height) : IMultiplotLayout
    {
        public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figureRect) => [.. Enumerable.Range(0, subplots.Count).Select(i =>
        {
            var (left, top) = (widths.Take(i % widths.Length).Sum(), i / widths.Length * height);
            return new PixelRect(left, left + widths[i % widths.Length], top + height, top);
        })];
    }
}
