using DiscreteGradients.Experiments.Gradients;
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

    [Fact]
    public void WhereTheCostIsInfiniteTheTextSaysSo()
    {
        var row = new ToyProblemMeasurement
        {
            Estimator = EstimatorName.Parse("st-gs"),
            Temperature = 0.5,
            Draws = 20,
            Log10TraceDifference = new(0.5, 0.1),
        };
        var lines = Lines(new([0.5, 0.3, 0.2], Singular: true, 0.25, ExactByValue: null, [1, -1, 0], Direct: false, [row]));
        Assert.Matches(@"^st-gs +0\.5 +- +0\.500 ± 0\.100 +- +- +-$", lines[1]);
        Assert.Equal(
        [
            "± one standard error. difference: log10 trace of st-gs less that of the row. Gradients to the logits, by way of the sample alone.",
            "The cost is infinite at this point, so that only the limits of the differences exist.",
            "objective 0.25",
            "exact gradient by way of the sample: infinite",
            "exact gradient in all:               [1, -1, 0]",
        ], lines[2..]);
    }

    /// <summary>A vector of eight elements is printed, one of ten is not; suggestions come with their warning.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void LongVectorsAreLeftOut_AndSuggestionsStandAtTheEnd(int elements)
    {
        var vector = Enumerable.Range(1, elements).Select(i => (double)i).ToList();
        var row = new ToyProblemMeasurement
        {
            Estimator = EstimatorName.Parse("gr"),
            Temperature = 0.5,
            Draws = 20,
            Mean = vector,
        };
        var lines = Lines(new(vector, Singular: false, 0.25, vector, vector, Direct: false, [row])
        {
            Suggestions = [new(EstimatorName.Parse("gr"), 0.7, 0.6, 0.8, AtEdge: false)],
        });
        string[] exact =
        [
            "exact gradient by way of the sample: [1, 2, 3, 4, 5, 6, 7, 8]",
            "exact gradient in all:               [1, 2, 3, 4, 5, 6, 7, 8]",
            "mean of gr at 0.5: [1, 2, 3, 4, 5, 6, 7, 8]",
        ];
        Assert.Equal(
        [
            "objective 0.25", .. exact.Where(_ => elements == 8),
            "gr: least mean squared error at temperature 0.7 (95 %: 0.6 to 0.8)", SuggestedTemperature.Warning,
        ], lines[3..]);
    }

    private static List<string> Lines(ToyProblemResult result) =>
        [.. ToyProblemTable.Text(result).Split('\n').Select(line => line.TrimEnd('\r'))];
}
