using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class TriangleGridTests
{
    [Fact]
    public void TheCellsOfTheGridCoverTheTriangleOnce()
    {
        var grid = new TriangleGrid(7);
        Assert.Equal(28, grid.Points.Count);
        Assert.All(grid.Points, p => Assert.Equal(1, p.Sum(), 1e-12));
        // The cells are the upright triangles' Voronoi cells without the corners that hang over: their areas fill the triangle but for its rim.
        var area = grid.Points.Sum(p => Area(grid.Cell(p)));
        Assert.InRange(area, 0.93 * Math.Sqrt(3) / 4, Math.Sqrt(3) / 4 + 1e-12);
        static double Area(IReadOnlyList<(double X, double Y)> corners) => Math.Abs(corners.Select((a, i) => (A: a, B: corners[(i + 1) % corners.Count])).Sum(s => s.A.X * s.B.Y - s.B.X * s.A.Y)) / 2;
    }
}
