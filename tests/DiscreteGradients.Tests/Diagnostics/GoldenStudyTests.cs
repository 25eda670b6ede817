using DiscreteGradients.Tests.Statistics;
using TorchSharp;

namespace DiscreteGradients.Tests.Diagnostics;

/// <summary>Studies give the figures that they gave: written down with the code of before, which took draws one at a time.</summary>
public sealed class GoldenStudyTests
{
    private static readonly GradientStudy Study = new(Gradient) { Draws = 50, Seed = 3 };

    [Fact]
    public void ASummaryIsWhatItWas()
    {
        IGradientEstimator[] estimators = [new StraightThroughGumbelSoftmax(0.5), new GumbelRao(10, 0.5), new Reinforce()];
        using var exact = Problem.One.Exact();
        double[][] golden =
        [
            [0.05169122210105008, 0.0038039065818046753, -0.05549512868285477, 0.02096543347942739, 0.004573057725294375, 0.0009664885051331242, 0.0013491297275510762],
            [0.03381009051905653, 0.00638175491453169, -0.040191845433588225, 0.006870349996439281, 0.0011095300836106831, 0.003355034520237702, 0.001035272262835597],
            [0.09330208624236618, 0.0016882477258920695, -0.09499033396825823, 0.10221082470852241, 0.009454213860810017, -0.0024998893978917898, 0.003487070597232935],
        ];
        foreach (var (row, expected) in Study.Compare(estimators, exact).Zip(golden)) Same(expected, Figures(row));
        Same([.. golden[0][..5], -0.0011304204824633954, 0.001781907004781843], Figures(Study.Compare(estimators[..1], new Reinforce(), 70)[0]));
    }

    [Fact]
    public void ADecompositionIsWhatItWas()
    {
        var parts = Study.Decompose(0.5, [1, 5]);
        Same([0.008899334324121561, 0.004617818735849339, 0.006942728353540761, 0.0013455404721134467, 2.2388117354061037],
            [parts.Conditional.Value, parts.Conditional.Error, parts.Residual.Value, parts.Residual.Error, parts.ChiSquared]);
    }

    [Fact]
    public void ACurveOverTemperaturesIsWhatItWas()
    {
        var study = new TemperatureStudy(Gradient) { Draws = 50, Seed = 3 };
        using var exact = Problem.One.Exact();
        Same([0.026966823203703284, 0.012986075760795517, 0.008340653386501024, 0.004718473036244037, 0.0009488439838283048, 0.0008092599106757386],
            Figures(study.Measure(Family, [0.2, 0.5, 1], exact)));
        Same([0.029736441822986334, 0.019708775254429232, 0.01829382680736716, 0.0072127969241792406, 0.010044777329807016, 0.012220256555974026],
            Figures(study.Measure(Family, [0.2, 0.5, 1], new Reinforce(), 70)));

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
