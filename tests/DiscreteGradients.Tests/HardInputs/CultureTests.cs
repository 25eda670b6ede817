using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>A culture with a decimal comma changes no text.</summary>
public sealed class CultureTests
{
    [Fact]
    public void NumbersAreWrittenWithAPoint()
    {
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "−" };
        Assert.Equal(Texts(CultureInfo.InvariantCulture), Texts(comma));
    }

    private static List<string> Texts(CultureInfo culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            using var scope = NewDisposeScope();
            var study = new GradientStudy((estimator, generator) =>
            {
                var theta = tensor(new[] { 0.1, -0.5, 0.3 }).requires_grad_();
                return autograd.grad([(theta.SampleOneHot(estimator, generator) * theta.detach()).sum()], [theta])[0];
            })
            { Draws = 40 };
            var summary = study.Compare([new GumbelRao(2, 0.5)], tensor(new[] { 0.1, 0.2, 0.3 }))[0];
            var curve = new TemperatureStudy((estimator, generator) => randn(3, generator: generator)) { Draws = 20 }
                .Measure(temperature => new GumbelRao(2, temperature), [0.1, 0.5, 1.5], zeros(3));
            Assert.Equal("GumbelRao { Form = Autograd, Temperature = 0.25, Samples = 2, Antithetic = False }", $"{new GumbelRao(2, 0.25)}");
            Assert.Same(culture, CultureInfo.CurrentCulture);
            return
            [
                .. Everything.Estimators(0.25).Select(estimator => estimator.ToString()!),
                summary.ToString(), curve.ToString(), curve.Best.ToString(),
                VarianceDecomposition.Fit([(1, new(2.5, 0.1)), (10, new(1.5, 0.1))]).ToString(),
                Message(() => new GumbelRao(2, -0.5)),
                Message(() => new GumbelRao(-2, 0.5)),
                Message(() => new MovingAverageBaseline(1.5)),
                Message(() => new MovingAverageBaseline(0.5, double.NegativeInfinity)),
                Message(() => new GumbelRao(2, 1e-39).Sample(new OneHotCategorical(zeros(3)))),
                Message(() => new TemperatureStudy((_, _) => zeros(3)).Measure(temperature => new GumbelRao(2, temperature), [0.5, 0.25, 1.5], zeros(3))),
                Message(() => VarianceDecomposition.Fit([(1, new(2.5, -0.1)), (10, new(1.5, 0.1))])),
            ];
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Message(Func<object> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
}
