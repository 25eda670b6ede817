using System.Globalization;
using System.Text;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Curves or points as a picture of a page, whose values are read by pointing at them.</summary>
internal sealed record HtmlChart(string Title, string XAxis, string YAxis, bool IsLogarithmicX = false,
    bool IsLogarithmicY = false)
{
    /// <summary>The class of its element.</summary>
    public const string Class = "<figure class=\"chart\">";

    private const double Width = 760, Height = 330, Left = 78, Right = 14, Top = 10, Bottom = 46, Margin = 0.04;
    private const int MostMarkers = 40;

    // Of the curves of one colour but the first, which is solid.
    private static readonly string[] Patterns = ["8 4", "4 4", "2 4", "12 3 2 3", "12 3 2 3 2 3", "16 6", "1 3"];

    private readonly List<Curve> curves = [];

    /// <summary>Adds a curve; points that an axis cannot show are left out.</summary>
    /// <param name="name">The name in the legend.</param>
    /// <param name="isLine">Whether points are joined.</param>
    public HtmlChart Add(string name, CurveStyle style, IEnumerable<(double X, Estimate Y)> points, bool isLine = true)
    {
        List<(double X, Estimate Y)> known =
            [.. points.Where(point => IsShown(point.X, IsLogarithmicX) && IsShown(point.Y.Value, IsLogarithmicY))];
        if (known.Count > 0) curves.Add(new(name, style, known, isLine));
        return this;
    }

    /// <summary>Gives the element; nothing where there is no point.</summary>
    public string Html()
    {
        if (curves.Count == 0) return "";
        var svg = new StringBuilder();
        var across =
            new Axis([.. curves.SelectMany(curve => curve.Points).Select(point => point.X)], IsLogarithmicX, Left, Width - Right);
        var up = new Axis([.. curves.SelectMany(curve => curve.Points).SelectMany(point => Ends(point.Y))], IsLogarithmicY,
            Height - Bottom, Top);
        foreach (var tick in across.Ticks)
        {
            var x = Number(across[tick]);
            svg.Append(
                $"<path class=\"grid\" d=\"M{x} {Number(Top)}V{Number(Height - Bottom)}\"/><text x=\"{x}\" y=\"{Number(Height - Bottom + 18)}\" text-anchor=\"middle\">{AxisTicks.Text(tick)}</text>\n");
        }
        foreach (var tick in up.Ticks)
        {
            var y = Number(up[tick]);
            svg.Append(
                $"<path class=\"grid\" d=\"M{Number(Left)} {y}H{Number(Width - Right)}\"/><text x=\"{Number(Left - 8)}\" y=\"{y}\" text-anchor=\"end\" dominant-baseline=\"middle\">{AxisTicks.Text(tick)}</text>\n");
        }
        svg.Append(
            $"<text x=\"{Number((Left + Width - Right) / 2)}\" y=\"{Number(Height - 8)}\" text-anchor=\"middle\">{HtmlPage.Text(XAxis)}</text>\n");
        svg.Append(
            $"<text transform=\"translate(16 {Number((Top + Height - Bottom) / 2)}) rotate(-90)\" text-anchor=\"middle\">{HtmlPage.Text(YAxis)}</text>\n");
        foreach (var curve in curves) Draw(svg, curve, across, up);
        return $"""
            {Class}<figcaption>{HtmlPage.Text(Title)}</figcaption>
            <ul class="legend">{string.Concat(curves.DistinctBy(curve => curve.Name, StringComparer.Ordinal).Select(Legend))}</ul>
            <svg viewBox="0 0 {Number(Width)} {Number(Height)}" role="img" aria-label="{HtmlPage.Text(Title)}">
            {svg}<circle class="mark" r="6"/></svg><span class="tip"></span></figure>

            """;
    }

    private void Draw(StringBuilder svg, Curve curve, Axis across, Axis up)
    {
        svg.Append($"<g class=\"curve\"{Colour(curve.Style)} stroke=\"currentColor\">");
        if (curve.IsLine) svg.Append(
            $"<path{Dashes(curve.Style)} d=\"M{string.Join('L', curve.Points.Select(point => $"{Number(across[point.X])} {Number(up[point.Y.Value])}"))}\"/>");
        var isMarked = !curve.IsLine || curve.Points.Count <= MostMarkers;
        foreach (var (x, y) in curve.Points)
        {
            var (cx, cy) = (Number(across[x]), Number(up[y.Value]));
            if (isMarked && double.IsFinite(y.Error) && y.Error > 0)
            {
                var ends = Ends(y).Where(end => IsShown(end, IsLogarithmicY)).Select(end => up[end]).ToList();
                svg.Append($"<path d=\"M{cx} {Number(ends.Min())}V{Number(ends.Max())}\"/>");
            }
            svg.Append(
                $"<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{(isMarked ? "3" : "0")}\" fill=\"currentColor\" stroke=\"none\" data-value=\"{HtmlPage.Text(Said(curve, x, y))}\"/>");
        }
        svg.Append("</g>\n");
    }

    private string Said(Curve curve, double x, Estimate y) =>
        $"{curve.Name}: {XAxis} {x.ToString(x >= 1000 ? "N0" : "G4", CultureInfo.InvariantCulture)}, "
            + Estimate.Text(y, "G6", "G2");

    private IEnumerable<double> Ends(Estimate y) => double.IsFinite(y.Error)
        ? new[] { y.Value - y.Error, y.Value, y.Value + y.Error }.Where(end => IsShown(end, IsLogarithmicY)) : [y.Value];

    private static string Legend(Curve curve) =>
        $"<li><svg viewBox=\"0 0 36 16\"><g class=\"curve\"{Colour(curve.Style)} stroke=\"currentColor\">"
            + $"{(curve.IsLine ? $"<path{Dashes(curve.Style)} d=\"M0 8H36\"/>" : "")}<circle cx=\"18\" cy=\"8\" r=\"4\" fill=\"currentColor\" stroke=\"none\"/></g></svg>{HtmlPage.Text(curve.Name)}</li>";

    // Black is the colour of the text, on a dark page too.
    private static string Colour(CurveStyle style) =>
        style.Colour.ToHex() is var hex && hex.StartsWith(PlotStyle.Black, StringComparison.Ordinal) ? "" : $" color=\"{hex}\"";

    private static string Dashes(CurveStyle style) =>
        style.Dash == 0 ? "" : $" stroke-dasharray=\"{Patterns[(style.Dash - 1) % Patterns.Length]}\"";

    private static bool IsShown(double value, bool isLogarithmic) => double.IsFinite(value) && (value > 0 || !isLogarithmic);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private sealed record Curve(string Name, CurveStyle Style, IReadOnlyList<(double X, Estimate Y)> Points, bool IsLine);

    /// <summary>Values as places between two ends.</summary>
    private sealed class Axis
    {
        private readonly double low, high, from, to;
        private readonly bool isLogarithmic;

        public Axis(IReadOnlyList<double> values, bool isLogarithmic, double from, double to)
        {
            (this.isLogarithmic, this.from, this.to) = (isLogarithmic, from, to);
            var (least, most) = (Place(values.Min()), Place(values.Max()));
            var room = most > least ? Margin * (most - least) : isLogarithmic ? 0.5 : Math.Max(Math.Abs(most) / 10, 1e-9);
            (low, high) = (least - room, most + room);
            Ticks = isLogarithmic ? AxisTicks.Logarithmic(Math.Pow(10, low), Math.Pow(10, high)) : AxisTicks.Linear(low, high);
        }

        public IReadOnlyList<double> Ticks { get; }

        public double this[double value] => from + (to - from) * (Place(value) - low) / (high - low);

        private double Place(double value) => isLogarithmic ? Math.Log10(value) : value;
    }
}
