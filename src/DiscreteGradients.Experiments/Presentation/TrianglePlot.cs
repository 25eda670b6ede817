using ScottPlot;
using ScottPlot.Panels;
using SkiaSharp;
using Range = ScottPlot.Range;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>A function over the simplex of three categories, in colours with a colour bar.</summary>
internal sealed class TrianglePlot
{
    private const double Height = 0.8660254037844386;
    private const int ContourSide = 120;
    private readonly TriangleGrid grid;

    public TrianglePlot(string title, TriangleGrid grid)
    {
        this.grid = grid;
        Plot = PlotStyle.Empty(title);
        Plot.HideGrid();
        Plot.Axes.Frameless();
        Plot.Axes.Title.IsVisible = true;
        Plot.Axes.SquareUnits();
        Plot.Layout.Fixed(new PixelPadding(20, 120, 40, 60));     // the colour bar's last label needs room below it
        Plot.Axes.SetLimits(-0.12, 1.12, -0.14, Height + 0.1);
    }

    public Plot Plot { get; }

    /// <summary>Colours the cell of each point, grey where there is no value, with a colour bar.</summary>
    /// <param name="values">One a point of the grid.</param>
    /// <param name="low">The value of the darkest colour.</param>
    /// <param name="high">The value of the brightest colour.</param>
    /// <param name="function">A function of p, for contours; or none.</param>
    /// <param name="levels">The levels of the contours.</param>
    public void Fill(IReadOnlyList<double?> values, double low, double high, Func<double[], double>? function = null,
        IReadOnlyList<double>? levels = null)
    {
        var scale = new Scale(new ScottPlot.Colormaps.Viridis(), new Range(low, Math.Max(high, low + 1e-9)));
        var cells = values.Select((value, i) => (grid.Cell(grid.Points[i]),
            value is { } known ? scale.Colormap.GetColor(scale.GetRange().Normalize(known, clamp: true)) : Colors.Gray));
        Plot.Add.Plottable(new Cells([.. cells], function is null ? [] : [.. Contours(function, levels!)]));
        var bar = new ColorBar(scale, Edge.Right);
        bar.Axis.TickLabelStyle.FontSize = PlotStyle.TickSize;
        Plot.Axes.AddPanel(bar);
        Rim();
    }

    /// <summary>Draws a dot for each point of the simplex.</summary>
    public void Points(IReadOnlyList<IReadOnlyList<double>> points, string colour)
    {
        Plot.Layout.Fixed(new PixelPadding(70, 70, 40, 60));      // without a colour bar
        var places = points.Select(p => TriangleGrid.Place(p[1], p[2])).ToList();
        Plot.Add.ScatterPoints(places.ConvertAll(place => place.X), places.ConvertAll(place => place.Y),
            Color.FromHex(colour)).MarkerSize = 6;
        Rim();
    }

    /// <summary>Lines of equal value, by marching over small triangles.</summary>
    private static IEnumerable<(Coordinates, Coordinates)> Contours(Func<double[], double> function, IReadOnlyList<double> levels)
    {
        for (var i = 0; i < ContourSide; i++)
        {
            for (var j = 0; j < ContourSide - i; j++)
            {
                foreach (var line in Cross(levels, At(i, j), At(i + 1, j), At(i, j + 1))) yield return line;
                if (i + j + 1 == ContourSide) continue;
                foreach (var line in Cross(levels, At(i + 1, j), At(i + 1, j + 1), At(i, j + 1))) yield return line;
            }
        }

        (double X, double Y, double Value) At(int second, int third)
        {
            var (p2, p3) = ((double)second / ContourSide, (double)third / ContourSide);
            var (x, y) = TriangleGrid.Place(p2, p3);
            return (x, y, function([1 - p2 - p3, p2, p3]));
        }
    }

    private static IEnumerable<(Coordinates, Coordinates)> Cross(IReadOnlyList<double> levels,
        params (double X, double Y, double Value)[] corners) =>
        from level in levels
        let ends = (from side in corners.Select((corner, k) => (A: corner, B: corners[(k + 1) % 3]))
                    where side.A.Value < level != side.B.Value < level
                    let t = (level - side.A.Value) / (side.B.Value - side.A.Value)
                    select new Coordinates(side.A.X + t * (side.B.X - side.A.X), side.A.Y + t * (side.B.Y - side.A.Y))).ToList()
        where ends.Count == 2
        select (ends[0], ends[1]);

    /// <summary>Draws a walk over the simplex, from a ring to a dot, in red, which no value of the colours below has.</summary>
    public void Path(IReadOnlyList<double[]> path, string name)
    {
        Coordinates[] places =
            [.. from p in path let place = TriangleGrid.Place(p[1], p[2]) select new Coordinates(place.X, place.Y)];
        var line = Plot.Add.ScatterLine(places, Colors.Red);
        line.LineWidth = 2;
        line.LegendText = name;
        Plot.Add.Marker(places[0], MarkerShape.OpenCircle, 14, Colors.Red);
        Plot.Add.Marker(places[^1], MarkerShape.FilledCircle, 12, Colors.Red);
        Plot.ShowLegend(Alignment.UpperLeft);
        Plot.Legend.FontSize = PlotStyle.TickSize;
    }

    private void Rim()
    {
        var rim = Plot.Add.Polygon(new Coordinates[] { new(0, 0), new(1, 0), new(0.5, Height) });
        rim.FillColor = Colors.Transparent;
        rim.LineColor = Colors.Black;
        rim.LineWidth = 2;
        Plot.Write("p₁ = 1", 0, -0.03, Alignment.UpperCenter);
        Plot.Write("p₂ = 1", 1, -0.03, Alignment.UpperCenter);
        Plot.Write("p₃ = 1", 0.5, Height + 0.02, Alignment.LowerCenter);
    }

    private sealed class Scale(IColormap colormap, Range range) : IHasColorAxis
    {
        public IColormap Colormap { get; } = colormap;

        public Range GetRange() => range;
    }

    /// <summary>Coloured cells and white lines over them, drawn at one go: as plottables of their own each would bring a clip
    /// path into the SVG.</summary>
    private sealed class Cells(
        IReadOnlyList<(IReadOnlyList<(double X, double Y)> Corners, Color Colour)> cells,
        IReadOnlyList<(Coordinates From, Coordinates To)> lines) : IPlottable
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
}

/// <summary>Points of the simplex of three categories: the centres of the small triangles that stand upright when each side is
/// divided, none of them on the rim.</summary>
/// <param name="side">Points along a side.</param>
internal sealed class TriangleGrid(int side)
{
    /// <summary>The probabilities p of each point, [side · (side + 1)/2][3].</summary>
    public IReadOnlyList<double[]> Points { get; } =
    [
        .. from i in Enumerable.Range(0, side)
           from j in Enumerable.Range(0, side - i)
           select new[] { (i + 1 / 3.0) / side, (j + 1 / 3.0) / side, (side - 1 - i - j + 1 / 3.0) / side },
    ];

    /// <summary>Gives the place where p is drawn: p₁ = 1 bottom left, p₂ = 1 bottom right, p₃ = 1 at the top; the sides are 1
    /// long.</summary>
    public static (double X, double Y) Place(double p2, double p3) => (p2 + p3 / 2, p3 * Math.Sqrt(3) / 2);

    /// <summary>The part of the triangle that is nearest to a point: a hexagon, cut off at the rim. Corners as drawn.</summary>
    public IReadOnlyList<(double X, double Y)> Cell(double[] p)
    {
        // The corners of the hexagon are a third of a step from the centre along two of the three coordinates.
        var step = 1 / (3.0 * side);
        (double, double, double)[] corners = [(2, -1, -1), (1, 1, -2), (-1, 2, -1), (-2, 1, 1), (-1, -1, 2), (1, -2, 1)];
        List<(double A, double B, double C)> hexagon =
            [.. corners.Select(c => (p[0] + c.Item1 * step, p[1] + c.Item2 * step, p[2] + c.Item3 * step))];
        foreach (var axis in (int[])[0, 1, 2]) hexagon = Clip(hexagon, axis);
        return [.. hexagon.Select(corner => Place(corner.B, corner.C))];
    }

    /// <summary>Sutherland and Hodgman against coordinate ≥ 0.</summary>
    private static List<(double A, double B, double C)> Clip(List<(double A, double B, double C)> polygon, int axis)
    {
        var kept = new List<(double, double, double)>();
        for (var i = 0; i < polygon.Count; i++)
        {
            var (from, to) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            var (a, b) = (Of(from), Of(to));
            if (a >= 0) kept.Add(from);
            if (a >= 0 == b >= 0) continue;
            var t = a / (a - b);
            kept.Add((from.A + t * (to.A - from.A), from.B + t * (to.B - from.B), from.C + t * (to.C - from.C)));
        }
        return kept;
        double Of((double A, double B, double C) corner) => axis switch { 0 => corner.A, 1 => corner.B, _ => corner.C };
    }
}
