using ScottPlot;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Ticks at round numbers of an axis that shows their logarithms.</summary>
internal sealed class LogarithmicTicks : ITickGenerator
{
    public Tick[] Ticks { get; set; } = [];

    public int MaxTickCount { get; set; }

    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle) => Ticks =
        [.. AxisTicks.Logarithmic(Math.Pow(10, range.Min), Math.Pow(10, range.Max))
            .Select(tick => new Tick(Math.Log10(tick), AxisTicks.Text(tick)))];
}
