using ScottPlot;
using SkiaSharp;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Coloured cells and lines over them, drawn at one go: as plottables of their own each would bring a clip path into
/// the SVG.</summary>
/// <param name="cells">Corners and colour of each.</param>
/// <param name="lines">White lines.</param>
internal sealed class TriangleCells(IReadOnlyList<(IReadOnlyList<(double X, double Y)> Corners, Color Colour)> cells, IReadOnlyList<(Coordinates From, Coordinates To)> lines) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        // A hairline of the same colour hides the seams of neighbouring cells.
        using var paint = new SKPaint { IsAntialias = true, StrokeWidth = 1, Style = SKPaintStyle.StrokeAndFill };
        foreach (var (corners, colour) in cells)
        {
            using var path = new SKPath();
            path.AddPoly([.. corners.Select(corner => Place(new(corner.X, corner.Y)))], close: true);
            paint.Color = colour.ToSKColor();
            rp.Canvas.DrawPath(path, paint);
        }
        using var contour = new SKPath();
        foreach (var (from, to) in lines)
        {
            contour.MoveTo(Place(from));
            contour.LineTo(Place(to));
        }
        paint.Color = SKColors.White;
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = 1.5f;
        rp.Canvas.DrawPath(contour, paint);
    }

    private SKPoint Place(Coordinates point)
    {
        var pixel = Axes.GetPixel(point);
        // A tenth of a pixel is enough, and keeps the file small.
        return new(MathF.Round(pixel.X, 1), MathF.Round(pixel.Y, 1));
    }
}
