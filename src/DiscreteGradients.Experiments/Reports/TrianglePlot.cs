using DiscreteGradients.Experiments.Simplex;
using ScottPlot;
using ScottPlot.Panels;
using Range = ScottPlot.Range;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>A function over the simplex of three categories, in colours with a colour bar.</summary>
internal sealed class TrianglePlot
{
    private const double Height = 0.8660254037844386;
    private readonly string label;
    private readonly TriangleGrid grid;

    /// <param name="title">Over the plot.</param>
    /// <param name="label">Beside the colour bar: quantity and unit.</param>
    /// <param name="grid">Where the function is known.</param>
    public TrianglePlot(string title, string label, TriangleGrid grid)
    {
        (this.label, this.grid) = (label, grid);
        Plot.Font.Set("Noto Sans");
        Plot.Title(title);
        Plot.Axes.Title.Label.FontSize = 24;
        Plot.HideGrid();
        Plot.Axes.Frameless();
        Plot.Axes.Title.IsVisible = true;
        Plot.Axes.SquareUnits();
        Plot.Layout.Fixed(new PixelPadding(20, 150, 40, 60));     // the colour bar's last label needs room below it
        Plot.Axes.SetLimits(-0.12, 1.12, -0.14, Height + 0.1);
    }

    /// <summary>The picture.</summary>
    public Plot Plot { get; } = new();

    /// <summary>Colours the cell of each point; grey where there is no value.</summary>
    public void Fill(IReadOnlyList<double?> values, double low, double high)
    {
        var scale = new Scale(new ScottPlot.Colormaps.Viridis(), new Range(low, Math.Max(high, low + 1e-9)));
        for (var i = 0; i < values.Count; i++)
        {
            var cell = Plot.Add.Polygon([.. grid.Cell(grid.Points[i]).Select(corner => new Coordinates(corner.X, corner.Y))]);
            cell.FillColor = values[i] is { } value ? scale.Colormap.GetColor(scale.GetRange().Normalize(value, clamp: true)) : Colors.Gray;
            // As wide as hides the seams of neighbouring cells.
            cell.LineColor = cell.FillColor;
            cell.LineWidth = 1;
        }
        var bar = new ColorBar(scale, Edge.Right) { Label = label };
        bar.LabelStyle.FontSize = 20;
        bar.Axis.TickLabelStyle.FontSize = 18;
        Plot.Axes.AddPanel(bar);
        Rim();
    }

    /// <summary>Lines of equal value, by marching over small triangles.</summary>
    /// <param name="function">Of p.</param>
    /// <param name="levels">Values.</param>
    public void Contours(Func<double[], double> function, IReadOnlyList<double> levels)
    {
        const int Side = 120;
        for (var i = 0; i < Side; i++)
        {
            for (var j = 0; j < Side - i; j++)
            {
                Cross(At(i, j), At(i + 1, j), At(i, j + 1));
                if (i + j + 1 < Side) Cross(At(i + 1, j), At(i + 1, j + 1), At(i, j + 1));
            }
        }

        (double X, double Y, double Value) At(int second, int third)
        {
            var (p2, p3) = ((double)second / Side, (double)third / Side);
            var (x, y) = TriangleGrid.Place(p2, p3);
            return (x, y, function([1 - p2 - p3, p2, p3]));
        }

        void Cross(params (double X, double Y, double Value)[] corners)
        {
            foreach (var level in levels)
            {
                var ends = corners.Select((a, k) => (A: a, B: corners[(k + 1) % 3])).Where(side => side.A.Value < level != side.B.Value < level)
                    .Select(side => (Side: side, T: (level - side.A.Value) / (side.B.Value - side.A.Value)))
                    .Select(cut => new Coordinates(cut.Side.A.X + cut.T * (cut.Side.B.X - cut.Side.A.X), cut.Side.A.Y + cut.T * (cut.Side.B.Y - cut.Side.A.Y))).ToList();
                if (ends.Count != 2) continue;
                var line = Plot.Add.Line(ends[0], ends[1]);
                line.LineColor = Colors.White;
                line.LineWidth = 1.5f;
                line.MarkerSize = 0;
            }
        }
    }

    /// <summary>A walk over the simplex, from a ring to a dot.</summary>
    /// <param name="path">p at each step.</param>
    /// <param name="name">For the legend.</param>
    public void Path(IReadOnlyList<double[]> path, string name)
    {
        Coordinates[] places = [.. path.Select(p => TriangleGrid.Place(p[1], p[2])).Select(place => new Coordinates(place.X, place.Y))];
        var line = Plot.Add.ScatterLine(places, Colors.Red);
        line.LineWidth = 2;
        line.LegendText = name;
        Plot.Add.Marker(places[0], MarkerShape.OpenCircle, 14, Colors.Red);
        Plot.Add.Marker(places[^1], MarkerShape.FilledCircle, 12, Colors.Red);
        Plot.ShowLegend(Alignment.UpperLeft);
        Plot.Legend.FontSize = 18;
    }

    private void Rim()
    {
        var rim = Plot.Add.Polygon(new Coordinates[] { new(0, 0), new(1, 0), new(0.5, Height) });
        rim.FillColor = Colors.Transparent;
        rim.LineColor = Colors.Black;
        rim.LineWidth = 2;
        foreach (var (text, x, y, alignment) in new[] { ("p₁ = 1", 0.0, -0.03, Alignment.UpperCenter), ("p₂ = 1", 1.0, -0.03, Alignment.UpperCenter), ("p₃ = 1", 0.5, Height + 0.02, Alignment.LowerCenter) })
        {
            var corner = Plot.Add.Text(text, x, y);
            corner.LabelFontSize = 20;
            corner.LabelFontColor = Colors.Black;
            corner.LabelAlignment = alignment;
        }
    }

    private sealed class Scale(IColormap colormap, Range range) : IHasColorAxis
    {
        public IColormap Colormap { get; } = colormap;

        public Range GetRange() => range;
    }
}
