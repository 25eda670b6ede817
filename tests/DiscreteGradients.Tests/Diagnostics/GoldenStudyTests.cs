using DiscreteGradients.Tests.Statistics;
using TorchSharp;

namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>Studies give the figures that they gave: written down with the code of before, which took draws one at a time.</summary>
public sealed class GoldenStudyTests
{
    private static readonly GradientStudy Study = new(Gradient) { Draws = 45, Seed = 3 };

    [Fact]
    public void ASummaryIsWhatItWas()
    {
        IGradientEstimator[] estimators = [new StraightThroughGumbelSoftmax(0.5), new GumbelRao(10, 0.5), new Reinforce()];
        using var exact = Problem.One.Exact();
        double[][] golden =
        [
            [0.05731850910623418, 0.004204644520411966, -0.06152315362664615, 0.022650691787902612, 0.00503483990245994, 0.0002501718581920235, 0.0011995070683886455],
            [0.03269685117555214, 0.006670072437285083, -0.039366923612837224, 0.006544846689566614, 0.000955506273586504, 0.0038141832904809944, 0.0012665700093827355],
            [0.10924094403341897, 0.0037305749436098317, -0.1129715189770288, 0.10787810965016652, 0.010186652056942738, -0.0013958441690618763, 0.0034781120499821796],
        ];
        foreach (var (row, expected) in Study.Compare(estimators, exact).Zip(golden)) Same(expected, Figures(row));
        Same([.. golden[0][..5], -0.002313170723143543, 0.002783988062064153], Figures(Study.Compare(estimators[..1], new Reinforce(), 77)[0]));
    }

    [Fact]
    public void ADecompositionIsWhatItWas()
    {
        var parts = Study.Decompose(0.5, [1, 5]);
        Same([0.009285289047414377, 0.00496430221361384, 0.0065297385249782494, 0.0013359812307562051, 1.4920663074382319],
            [parts.Conditional.Value, parts.Conditional.Error, parts.Residual.Value, parts.Residual.Error, parts.ChiSquared]);
    }

    [Fact]
    public void ACurveOverTemperaturesIsWhatItWas()
    {
        var study = new TemperatureStudy(Gradient) { Draws = 45, Seed = 3 };
        using var exact = Problem.One.Exact();
        Same([0.027305754016695525, 0.012922028006446446, 0.008198856782563397, 0.005126153434349479, 0.0011951611811783372, 0.0007933227159555365],
            Figures(study.Measure(Family, [0.2, 0.5, 1], exact)));
        Same([0.028466601632899213, 0.017978156076894854, 0.016493190620315797, 0.005673344635231796, 0.008579400046649832, 0.01095167815053218],
            Figures(study.Measure(Family, [0.2, 0.5, 1], new Reinforce(), 77)));

        static IGradientEstimator Family(double temperature) => new GumbelRao(10, temperature);
        static double[] Figures(TemperatureCurve curve) => [.. curve.MeanSquaredErrors.Select(one => one.Value), .. curve.MeanSquaredErrors.Select(one => one.Error)];
    }

    private static torch.Tensor Gradient(IGradientEstimator estimator, torch.Generator generator) => GradientStudyTests.Gradient(Problem.One, estimator, generator);

    private static double[] Figures(GradientSummary row) =>
        [.. row.Mean.Select(mean => mean.Value), row.Trace.Value, row.Trace.Error, row.SquaredBias!.Value.Value, row.SquaredBias.Value.Error];

    // The order of sums is free.
    private static void Same(double[] expected, double[] figures)
    {
        Assert.Equal(expected.Length, figures.Length);
        Assert.All(expected.Zip(figures), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
