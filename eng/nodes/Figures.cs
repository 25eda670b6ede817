using System.Diagnostics;
using System.Globalization;
using DiscreteGradients.Backward;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Kernels;
using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Nodes;

/// <summary>The figures of docs/exact.md: relative error against the number of nodes, and against time beside GR-MCK.</summary>
internal static class Figures
{
    private const double Temperature = 0.5;

    /// <summary>Measures, and writes nodes.csv and time.csv, and exact-nodes.svg and exact-time.svg.</summary>
    public static void Make(string? which, string numbers, string images)
    {
        set_num_threads(1);
        Directory.CreateDirectory(numbers);
        if (which != "time") WriteNodes(Path.Combine(numbers, "nodes.csv"), images);
        if (which != "nodes") WriteTimes(Path.Combine(numbers, "time.csv"), images);
    }

    private static void WriteNodes(string path, string images)
    {
        var lines = new List<string> { "nodes-of,categories,temperature,nodes,largest-relative-error" };
        var curves = new Curves("largest relative error of 60 rows", "nodes", "log₁₀ of the error");
        foreach (var (categories, largest) in ((int, int)[])[(8, 16), (64, 64)])
        {
            foreach (var temperature in (double[])[0.1, 1])
            {
                using var rows = new Rows(60, categories, ScalarType.Float64);
                var exact = ExponentialSum.Double(largest);
                var gauss = Enumerable.Range(4, 9).Select(count => (count, Error(rows, Quadrature(exact, GaussRule.Find(count, 4.5)))));
                Add($"e, n = {categories}, τ = {temperature.ToString(CultureInfo.InvariantCulture)}", "e", gauss);
                var variates = GaussRule.Find(20, 4.5);
                var sums = Enumerable.Range(4, 7).Select(count => (count, Error(rows, Quadrature(Sum(count, largest), variates))));
                Add($"t, n = {categories}, τ = {temperature.ToString(CultureInfo.InvariantCulture)}", "t", sums);

                ConditionalQuadrature Quadrature(ExponentialSum sum, (double[] Nodes, double[] Weights) variates) =>
                    new(temperature, sum, variates, 0.2, 36, ConditionalQuadrature.MostSingle);

                void Add(string name, string kind, IEnumerable<(int Count, double Error)> points)
                {
                    var all = points.ToList();
                    curves.Add(CurveStyle.Of(name, curves.Count), all.Select(point => ((double)point.Count, Math.Log10(point.Error))));
                    lines.AddRange(all.Select(point => string.Create(CultureInfo.InvariantCulture, $"{kind},{categories},{temperature},{point.Count},{point.Error:E2}")));
                }
            }
        }
        File.WriteAllLines(path, lines);
        curves.Save(images, "exact-nodes");

        static ExponentialSum Sum(int terms, int largest)
        {
            var (exponents, coefficients) = ExponentialFit.Find(terms, largest);
            return new(exponents, coefficients);
        }

        static double Error(Rows rows, ConditionalQuadrature quadrature) => rows.Errors(
            ConditionalExpectation.Integrate(quadrature, [rows.LogProbs, rows.Value], rows.Gradient, 1 / quadrature.Temperature), quadrature.Temperature).max().item<double>();
    }

    private static void WriteTimes(string path, string images)
    {
        var lines = new List<string> { "rows,categories,temperature,estimator,milliseconds,median-relative-error" };
        var curves = new Curves("one backward pass in float32, τ = 0.5, one thread", "log₁₀ of the milliseconds", "log₁₀ of the median relative error");
        foreach (var (shape, (count, categories)) in new[] { (1600, 8), (1200, 16), (500, 49) }.Index())
        {
            using var rows = new Rows(count, categories, ScalarType.Float32);
            var points = new List<(string Name, Func<Tensor> Run)>();
            foreach (var samples in (int[])[1, 3, 10, 30, 100, 300, 1000])
                points.Add(($"gr-mc:{samples}", () => CpuKernels.JacobianProduct(rows.LogProbs, rows.Value, rows.Gradient, new ConditionalDraws(samples, Temperature, default, 1))));
            points.Add(("gr", () => CpuKernels.ExpectedJacobianProduct(rows.LogProbs, rows.Value, rows.Gradient, Temperature)));
            var measured = points.ConvertAll(point => (point.Name, Milliseconds: Milliseconds(point.Run), Error: Median(point.Run())));
            lines.AddRange(measured.Select(m => string.Create(CultureInfo.InvariantCulture, $"{count},{categories},{Temperature},{m.Name},{m.Milliseconds:F3},{m.Error:E2}")));
            Add(EstimatorFamily.GumbelRao, "GR-MCK", measured.SkipLast(1));
            Add(EstimatorFamily.GumbelRaoExact, "GR", measured.TakeLast(1));

            void Add(EstimatorFamily family, string name, IEnumerable<(string Name, double Milliseconds, double Error)> some) => curves.Add(
                CurveStyle.Of(new EstimatorName(family), shape) with { Name = $"{name}, [{count}, {categories}]" },
                some.Select(m => (Math.Log10(m.Milliseconds), Math.Log10(m.Error))));

            double Median(Tensor product)
            {
                using var errors = rows.Errors(product, Temperature);
                product.Dispose();
                return errors.median().item<double>();
            }
        }
        File.WriteAllLines(path, lines);
        curves.Save(images, "exact-time");
    }

    // The best of 30 rounds: what the machine does besides is no part of it.
    private static double Milliseconds(Func<Tensor> run)
    {
        var rounds = new List<double>();
        for (var round = 0; round <= 30; round++)
        {
            var (clock, calls) = (Stopwatch.StartNew(), 0);
            for (; clock.ElapsedMilliseconds < 20; calls++) run().Dispose();
            if (round > 0) rounds.Add(clock.Elapsed.TotalMilliseconds / calls);
        }
        return rounds.Min();
    }

    /// <summary>One panel of curves with a legend.</summary>
    private sealed class Curves(string title, string xAxis, string yAxis)
    {
        private readonly CurvePanel panel = new(title, xAxis, yAxis);
        private readonly List<CurveStyle> styles = [];

        public int Count => styles.Count;

        public void Add(CurveStyle style, IEnumerable<(double X, double Y)> points)
        {
            panel.Add(style, points.Select(point => (point.X, (Estimate?)new Estimate(point.Y, double.NaN))));
            styles.Add(style);
        }

        public void Save(string images, string name)
        {
            using var sheet = PanelSheet.WithLegend(1, styles);
            sheet.Add(panel.Plot);
            sheet.Add(CurvePanel.Legend(styles));
            sheet.Save(images, name);
            File.Delete(Path.Combine(images, name + ".png"));
        }
    }

    /// <summary>Rows of logits of scale 1.5, a category drawn from each and a normal gradient.</summary>
    private sealed class Rows : IDisposable
    {
        private readonly DisposeScope scope = NewDisposeScope();

        public Rows(int count, int categories, ScalarType dtype)
        {
            using var generator = new Generator(7);
            using Scalar scale = 1.5;
            LogProbs = (randn([count, categories], generator: generator) * scale).to(dtype).log_softmax(-1);
            Value = new OneHotCategorical(LogProbs).Sample(generator);
            Gradient = randn([count, categories], generator: generator).to(dtype);
        }

        public Tensor LogProbs { get; }

        public Tensor Value { get; }

        public Tensor Gradient { get; }

        /// <summary>‖product − exact‖/‖exact‖ of each row.</summary>
        public Tensor Errors(Tensor product, double temperature)
        {
            using var inner = NewDisposeScope();
            Tensor[] constants = [LogProbs.to(ScalarType.Float64), Value.to(ScalarType.Float64)];
            var exact = new ConditionalExpectation(temperature, ByKernel: false).Product(constants, Gradient.to(ScalarType.Float64));
            return ((product.to(ScalarType.Float64) - exact).norm(1) / exact.norm(1)).MoveToOuterDisposeScope();
        }

        public void Dispose() => scope.Dispose();
    }
}
