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

    [Fact]
    public void CornersStandWhereTheirLabelsAre_AndACellAroundItsPoint()
    {
        Assert.Equal((0.0, 0.0), TriangleGrid.Place(0, 0));
        Assert.Equal((1.0, 0.0), TriangleGrid.Place(1, 0));
        Assert.Equal((0.5, Math.Sqrt(3) / 2), TriangleGrid.Place(0, 1));
        var grid = new TriangleGrid(5);
        Assert.Equal(15, grid.Points.Select(p => (p[0], p[1], p[2])).Distinct().Count());
        foreach (var p in grid.Points)
        {
            // It is on the same side of every edge.
            var (corners, place) = (grid.Cell(p), TriangleGrid.Place(p[1], p[2]));
            var sides = corners.Select((a, i) => (A: a, B: corners[(i + 1) % corners.Count]))
                .Select(s => (s.B.X - s.A.X) * (place.Y - s.A.Y) - (s.B.Y - s.A.Y) * (place.X - s.A.X)).ToList();
            Assert.True(sides.All(side => side > -1e-12) || sides.All(side => side < 1e-12), string.Join(", ", p));
        }
    }
}
