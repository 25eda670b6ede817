namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Points of the simplex of three categories: the centres of the small triangles that stand upright when each side is
/// divided, none of them on the rim.</summary>
/// <param name="side">Points along a side.</param>
internal sealed class TriangleGrid(int side)
{
    /// <summary>p of each point, [side · (side + 1)/2][3].</summary>
    public IReadOnlyList<double[]> Points { get; } =
    [
        .. from i in Enumerable.Range(0, side)
           from j in Enumerable.Range(0, side - i)
           select new[] { (i + 1 / 3.0) / side, (j + 1 / 3.0) / side, (side - 1 - i - j + 1 / 3.0) / side },
    ];

    /// <summary>Where p is drawn: p₁ = 1 bottom left, p₂ = 1 bottom right, p₃ = 1 at the top; the sides are 1 long.</summary>
    public static (double X, double Y) Place(double p2, double p3) => (p2 + p3 / 2, p3 * Math.Sqrt(3) / 2);

    /// <summary>The part of the triangle that is nearest to a point: a hexagon, cut off at the rim. Corners as drawn.</summary>
    public IReadOnlyList<(double X, double Y)> Cell(double[] p)
    {
        // The corners of the hexagon are a third of a step from the centre along two of the three coordinates.
        var step = 1 / (3.0 * side);
        (double, double, double)[] corners = [(2, -1, -1), (1, 1, -2), (-1, 2, -1), (-2, 1, 1), (-1, -1, 2), (1, -2, 1)];
        List<(double A, double B, double C)> hexagon = [.. corners.Select(c => (p[0] + c.Item1 * step, p[1] + c.Item2 * step, p[2] + c.Item3 * step))];
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
