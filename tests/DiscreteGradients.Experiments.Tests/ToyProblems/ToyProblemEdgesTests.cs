using DiscreteGradients.Experiments.ToyProblems;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.ToyProblems;

/// <summary>The toy problems at the edges of what they take.</summary>
public sealed class ToyProblemEdgesTests
{
    private static readonly double[] Singular = [2 / 3.0, 0.2, 1 - 2 / 3.0 - 0.2];

    /// <summary>Where the denominator of a term is 0 and its numerator too, the term adds nothing to the mean.</summary>
    [Fact]
    public void TheObjectiveIsTheMeanOfTheCost_OnTheRimToo()
    {
        using var scope = NewDisposeScope();
        var problem = new QuadraticProblem();
        double[][] points = [[1, 0, 0], [0, 0.5, 0.5], [0, 2 / 3.0, 1 / 3.0], [1 / 3.0, 0, 2 / 3.0], [0.25, 0.75, 0], [0.6, 0.3, 0.1]];
        foreach (var p in points)
        {
            var point = QuadraticProblem.Point(p);
            Assert.False(problem.IsSingular(point), string.Join(' ', p));
            var costs = problem.CostAt(point)(eye(3, dtype: ScalarType.Float64).unsqueeze(1)).data<double>().ToArray();
            Assert.Equal(problem.Objective(point), costs.Zip(p, (cost, share) => cost * share).Sum(), 1e-12);
        }
        Assert.True(problem.IsSingular(QuadraticProblem.Point(Singular)));
        Assert.Null(problem.ExactGradient(QuadraticProblem.Point(Singular)).ByValue);
    }

    [Fact]
    public void APointIsBroughtToTheSumOne_WhereRoundingAloneIsBetween()
    {
        var point = QuadraticProblem.Point([0.5, 0.3, 0.2000005]);
        Assert.Equal(1, point.Cast<double>().Sum(), 1e-15);
        Assert.Equal(0.5 / 1.0000005, point[0, 0], 1e-15);
        double[][] others =
        [
            [0.5, 0.3, 0.200002], [0.5, 0.3, 0.199998], [0.6, 0.5, -0.1], [0.5, 0.5], [0.4, 0.3, 0.2, 0.1], [double.NaN, 0.5, 0.5],
        ];
        Assert.All(others, other => Assert.Equal("p", Assert.Throws<InputException>(() => QuadraticProblem.Point(other)).Key));
    }

    [Fact]
    public void APolynomialTakesPowersFromOne_UpToAMillionVariables_AndProbabilitiesBetween()
    {
        Assert.Equal((1, 1_000_000), (PolynomialProblem.Create(1, 1).Variables, PolynomialProblem.Create(2, 1_000_000).Variables));
        foreach (var power in (double[])[0.999, double.NaN, double.PositiveInfinity])
            Assert.Equal("power", Assert.Throws<InputException>(() => PolynomialProblem.Create(power)).Key);
        foreach (var variables in (int[])[0, 1_000_001])
            Assert.Equal("variables", Assert.Throws<InputException>(() => PolynomialProblem.Create(2, variables)).Key);
        foreach (var probability in (double[])[0, 1, double.NaN])
            Assert.Equal("probability", Assert.Throws<InputException>(() => PolynomialProblem.Create(2, 3).Point(probability)).Key);
        Assert.Equal([0.75, 0.25, 0.75, 0.25], PolynomialProblem.Create(2, 2).Point(0.25).Cast<double>());
    }

    [Fact]
    public void ATemperatureIsSuggestedFromThreeOfThem_AndOnlyWhereTheCostIsFinite()
    {
        Assert.Null(Run([0.5, 0.3, 0.2], [0.5, 1]).Suggestions);
        Assert.Single(Run([0.5, 0.3, 0.2], [0.5, 1, 2]).Suggestions!);
        Assert.Null(Run(Singular, [0.5, 1, 2]).Suggestions);
    }

    /// <summary>An optimisation may come upon such a line: the denominator is taken as 2e-6 there, so that f is between 100 and
    /// 1000 at its largest.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void OnASingularLineTheCostOfATrainingIsBounded(ScalarType dtype)
    {
        foreach (var turn in (int[])[0, 1, 2])
        {
            using var scope = NewDisposeScope();
            double[] p = [.. Singular.Skip(turn), .. Singular.Take(turn)];
            var theta = tensor(p).log().to(dtype).expand(3, 1, 3).clone().requires_grad_();
            var value = eye(3, dtype: dtype).unsqueeze(1).requires_grad_();
            var cost = new QuadraticProblem().Cost(new OneHotCategorical(theta), value);
            cost.sum().backward();
            Assert.All((Tensor[])[cost, theta.grad!, value.grad!], tensor => Assert.True(tensor.isfinite().all().item<bool>()));
            Assert.InRange(cost.abs().max().to(ScalarType.Float64).item<double>(), 90, 1000);
        }
    }

    // There f counts by its infinite entries alone, f = 2(D₂ − c)(D₃ − c), beside which no baseline counts. By enumeration of the
    // three categories; eight errors of Student's law with nine degrees of freedom: false alarm 2e-5.
    [Fact]
    public void OnASingularLineADifferenceIsThatOfTheInfinitePart()
    {
        var row = new ToyProblemStudy(new QuadraticProblem(), QuadraticProblem.Point(Singular), 4000, 5)
            .Run(EstimatorName.ParseList("st,reinforce"), [1]).Rows[1];
        double[] costs = [2 / 9.0, -4 / 9.0, -4 / 9.0];
        double[][] slopes = [[0, -2 / 3.0, -2 / 3.0], [0, -2 / 3.0, 4 / 3.0], [0, 4 / 3.0, -2 / 3.0]];
        var straightThrough = Trace(drawn =>
        {
            var mean = Singular.Zip(slopes[drawn], (p, g) => p * g).Sum();
            return [.. Singular.Zip(slopes[drawn], (p, g) => p * (g - mean))];
        });
        var reinforce = Trace(drawn => [.. Singular.Select((p, k) => costs[drawn] * ((k == drawn ? 1 : 0) - p))]);
        var difference = row.Log10TraceDifference!.Value;
        Assert.InRange(difference.Value - Math.Log10(straightThrough / reinforce),
            -8 * difference.Error - 1e-3, 8 * difference.Error + 1e-3);
        Assert.InRange(difference.Error, 1e-6, 0.1);

        static double Trace(Func<int, double[]> gradient)
        {
            var all = Enumerable.Range(0, 3).Select(gradient).ToList();
            var mean = Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 3).Sum(k => Singular[k] * all[k][i])).ToArray();
            return Enumerable.Range(0, 3).Sum(k => Singular[k] * all[k].Zip(mean, (a, b) => (a - b) * (a - b)).Sum());
        }
    }

    [Fact]
    public void EachMeasurementIsCounted()
    {
        var counted = new List<int>();
        var study = new ToyProblemStudy(new QuadraticProblem(), QuadraticProblem.Point([0.5, 0.3, 0.2]), 20, 1);
        study.Run(EstimatorName.ParseList("st-gs,gr"), [0.5, 1], counted.Add);
        Assert.Equal([1, 2, 3, 4], counted);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            study.Run(EstimatorName.ParseList("st-gs,gr"), [0.5, 1], _ => stop.Cancel(), stop.Token));
    }

    private static ToyProblemResult Run(double[] p, double[] temperatures) =>
        new ToyProblemStudy(new QuadraticProblem(), QuadraticProblem.Point(p), 40, 2).Run([EstimatorName.Parse("gr-mc:2")], temperatures);
}
