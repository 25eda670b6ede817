using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Experiments.Tests.ToyProblems;

public sealed class ToyProblemTableTests
{
    [Fact]
    public void ATextHasARowEach_ThenWhatIsExact()
    {
        var first = new ToyProblemMeasurement
        {
            Estimator = EstimatorName.Parse("st-gs"),
            Temperature = 0.5,
            Draws = 20,
            Mean = [0.25, -0.375, 0.125],
            Trace = new(100, 10),
            Log10TraceDifference = new(0, 0.1),
            SquaredBias = new(4, 0.4),
            MeanSquaredError = new(104, 11),
            ScaleFreeError = new(0.3, 0.02),
        };
        // Of the second there is no mean, and less bias than noise.
        var second = first with { Estimator = EstimatorName.Parse("gr"), Temperature = 2, Mean = null, Trace = new(10, 1), Log10TraceDifference = new(1, 0.2), SquaredBias = new(-1, 3) };
        var lines = ToyProblemTable.Text(new([0.5, 0.3, 0.2], Singular: false, 0.125, [1, -1, 0], [2, -3, 1], Direct: true, [first, second]))
            .Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        Assert.Matches("^estimator +tau +log10 trace +difference +bias norm +MSE +scale-free$", lines[0]);
        Assert.Matches(@"^st-gs +0\.5 +2\.000 ± 0\.043 +0\.000 ± 0\.100 +2 ± 0\.1 +104 ± 11 +0\.3 ± 0\.02$", lines[1]);
        Assert.Matches(@"^gr +2 +1\.000 ± 0\.043 +1\.000 ± 0\.200 +0 +104 ± 11 +0\.3 ± 0\.02$", lines[2]);
        Assert.Equal(
        [
            "± one standard error. difference: log10 trace of st-gs less that of the row. Gradients to the logits, in all.",
            "objective 0.125",
            "exact gradient by way of the sample: [1, -1, 0]",
            "exact gradient in all:               [2, -3, 1]",
            "mean of st-gs at 0.5: [0.25, -0.375, 0.125]",
        ], lines[3..]);
    }
}
