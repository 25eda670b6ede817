using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.ToyProblems;
using DiscreteGradients.Experiments.Tradeoff;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Experiments.Tests.Runs;

/// <summary>Each range of a setting holds its ends, and nothing just beyond them.</summary>
public sealed class SettingsRangesTests
{
    [Fact]
    public void TheEndsAreInTheRange()
    {
        _ = new ToyProblemSettings { BatchSize = 1, Steps = 1, ValidationInterval = 1, Momentum = 0, Temperature = 1e-36 }.Validated();
        _ = new VaeSettings
        {
            BatchSize = 1,
            Steps = 1,
            ValidationInterval = 1,
            ValidationSamples = 1,
            ValidationImages = 1,
            Momentum = 0,
            WeightDecay = 0,
        }.Validated();
        _ = new VaeSettings { BatchSize = VaeSettings.MostBatchSize, ValidationSamples = ImportanceBound.MostSamples }.Validated();
        _ = new ListOpsSettings { MaxLength = 4, BatchSize = 1, Epochs = 1, WeightDecay = 0 }.Validated();
        _ = new ListOpsSettings { Epochs = 1000, MaxLength = ListOpsSettings.MostBatchSize, BatchSize = ListOpsSettings.MostBatchSize }.Validated();
        _ = new VaeGradientSettings { Minibatches = 10, Passes = 2, BatchSize = 1, ReferencePasses = 2 }.Validated();
        _ = new VaeGradientSettings { ReferencePasses = 0 }.Validated();
        _ = new Figure1Settings { Side = 3, Samples = 2, Draws = 20, RaoDraws = 20, Temperatures = [0.01, 10, 1, 2, 3] }.Validated();
        _ = new Figure1Settings { Side = 400, Temperatures = [1] }.Validated();
        _ = new TradeoffSettings { Temperature = 0.01, Draws = 20, Arities = [2] }.Validated();
        _ = new TradeoffSettings { Temperature = 10, Arities = [2, 8, 64] }.Validated();
        _ = new IdeaSettings { Temperature = 0.01, Draws = 10, Samples = 2 }.Validated();
        _ = new IdeaSettings { Temperature = 10, Draws = 10_000, Samples = 10 }.Validated();
    }

    /// <summary>Documents and commands that name no setting mean these.</summary>
    [Fact]
    public void TheDefaultsOfListOpsAndOfToyProblemsStay()
    {
        var tree = new ListOpsSettings();
        Assert.Equal((10, "gr-mc:100", 0.1, 10), (tree.MaxLength, $"{tree.Estimator}", tree.Temperature, tree.Epochs));
        Assert.Equal((0.1, 1e-4, "listops", 0UL), (tree.LearningRate, tree.WeightDecay, tree.Data, tree.Seed));
        Assert.Equal((BaselineKind.RunningMean, Batching.Buckets, Masking.Right), (tree.Baseline, tree.Batching, tree.Masking));
        Assert.Null(tree.BatchSize);
        var toy = new ToyProblemSettings();
        Assert.Equal(("simplex", "0.6,0.3,0.1"), (toy.Programme, toy.P));
        Assert.Equal((2.0, 128, 0.5), (toy.Power, toy.Variables, toy.Probability));
        Assert.Equal(("gr-mc:100", 0.5, 1, 2000), ($"{toy.Estimator}", toy.Temperature, toy.BatchSize, toy.Steps));
        Assert.Equal((0.1, 0.0, 0UL, 20), (toy.LearningRate, toy.Momentum, toy.Seed, toy.ValidationInterval));
    }

    [Fact]
    public void TheDefaultsOfTheVaeAndOfTheStudiesStay()
    {
        var vae = new VaeSettings();
        Assert.Equal(("mnist", 8, "st-gs", 0.5), (vae.Data, vae.Arity, $"{vae.Estimator}", vae.Temperature));
        Assert.Equal((VaeArchitecture.Deep, LogRatio.Analytic), (vae.Architecture, vae.LogRatio));
        Assert.Equal((20, 50_000, 1e-3, 0.9, 0.0, 0UL),
            (vae.BatchSize, vae.Steps, vae.LearningRate, vae.Momentum, vae.WeightDecay, vae.Seed));
        Assert.Equal((5_000, 50, 1_000), (vae.ValidationInterval, vae.ValidationSamples, vae.ValidationImages));
        var study = new VaeGradientSettings();
        Assert.Equal("st,st-gs,gr-mc:10,gr-mc:100,gr-mc:1000", string.Join(',', study.Estimators));
        Assert.Equal([0.5], study.Temperatures);
        Assert.Equal((50, 20, 20, 0UL), (study.Minibatches, study.Passes, study.BatchSize, study.Seed));
        Assert.Equal((GradientReference.Local, 8), (study.Reference, study.ReferencePasses));
        var comparison = new ComparisonSettings(study.Estimators, vae);
        Assert.Equal((1, 4, 10, 20), (comparison.Seeds, comparison.Points, comparison.Minibatches, comparison.Passes));
        Assert.Equal((500, 1000), (comparison.BoundSamples, comparison.BoundImages));
        var tradeoff = new TradeoffSettings();
        Assert.Equal([2, 8], tradeoff.Arities);
        Assert.Equal((0.5, 300, 1.0, 0UL), (tradeoff.Temperature, tradeoff.Draws, tradeoff.Seconds, tradeoff.Seed));
    }

    [Fact]
    public void NothingBeyondThemIs() => Assert.All(
        (Func<object>[])
        [
            () => new ToyProblemSettings { BatchSize = 0 }.Validated(), () => new ToyProblemSettings { Steps = 0 }.Validated(),
            () => new ToyProblemSettings { ValidationInterval = 0 }.Validated(), () => new ToyProblemSettings { Momentum = 1 }.Validated(),
            () => new ToyProblemSettings { LearningRate = 0 }.Validated(), () => new ToyProblemSettings { Programme = "other" }.Validated(),
            () => new VaeSettings { BatchSize = 0 }.Validated(), () => new VaeSettings { Steps = 0 }.Validated(),
            () => new VaeSettings { ValidationInterval = 0 }.Validated(), () => new VaeSettings { ValidationSamples = 0 }.Validated(),
            () => new VaeSettings { ValidationImages = 0 }.Validated(), () => new VaeSettings { Momentum = 1 }.Validated(),
            () => new VaeSettings { WeightDecay = -1e-9 }.Validated(), () => new VaeSettings { LearningRate = 0 }.Validated(),
            () => new VaeSettings { BatchSize = VaeSettings.MostBatchSize + 1 }.Validated(),
            () => new VaeSettings { ValidationSamples = ImportanceBound.MostSamples + 1 }.Validated(),
            () => new VaeSettings { Arity = 3 }.Validated(), () => new VaeSettings { LearningRate = double.PositiveInfinity }.Validated(),
            () => new ListOpsSettings { MaxLength = 3 }.Validated(), () => new ListOpsSettings { Epochs = 1001 }.Validated(),
            () => new ListOpsSettings { LearningRate = 0 }.Validated(), () => new ListOpsSettings { BatchSize = 0 }.Validated(),
            () => new ListOpsSettings { MaxLength = ListOpsSettings.MostBatchSize + 1 }.Validated(),
            () => new ListOpsSettings { BatchSize = ListOpsSettings.MostBatchSize + 1 }.Validated(),
            () => new VaeGradientSettings { Minibatches = 9 }.Validated(), () => new VaeGradientSettings { Passes = 1 }.Validated(),
            () => new VaeGradientSettings { BatchSize = 0 }.Validated(), () => new VaeGradientSettings { ReferencePasses = 1 }.Validated(),
            () => new Figure1Settings { Side = 2 }.Validated(), () => new Figure1Settings { Side = 401 }.Validated(),
            () => new Figure1Settings { Samples = 1 }.Validated(), () => new Figure1Settings { Draws = 19 }.Validated(),
            () => new Figure1Settings { RaoDraws = 19 }.Validated(), () => new Figure1Settings { Temperatures = [] }.Validated(),
            () => new Figure1Settings { Temperatures = [1, 2, 3, 4, 5, 6] }.Validated(),
            () => new Figure1Settings { Temperatures = [0.009] }.Validated(), () => new Figure1Settings { Temperatures = [10.1] }.Validated(),
            () => new TradeoffSettings { Draws = 19 }.Validated(), () => new TradeoffSettings { Seconds = 0 }.Validated(),
            () => new TradeoffSettings { Temperature = 0.009 }.Validated(), () => new TradeoffSettings { Arities = [] }.Validated(),
            () => new VaeSettings { Temperature = 0 }.Validated(), () => new VaeSettings { Momentum = -0.1 }.Validated(),
            () => new VaeSettings { WeightDecay = double.PositiveInfinity }.Validated(),
            () => new VaeSettings { Architecture = (VaeArchitecture)3 }.Validated(),
            () => new VaeSettings { LogRatio = (LogRatio)2 }.Validated(),
            () => new VaeGradientSettings { Temperatures = [] }.Validated(),
            () => new VaeGradientSettings { Temperatures = [0.5, 1, 0.5] }.Validated(),
            () => new VaeGradientSettings { Temperatures = [0.5, 0] }.Validated(),
            () => new VaeGradientSettings { Estimators = [] }.Validated(),
            () => new VaeGradientSettings { Estimators = EstimatorName.ParseList("gr,st,gr") }.Validated(),
            () => new VaeGradientSettings { Estimators = [EstimatorName.Parse("gr-qmc:8")] }.Validated(),
            () => new TradeoffSettings { Arities = [2, 4, 8, 16] }.Validated(),
            () => new TradeoffSettings { Arities = [2, 32] }.Validated(),
            () => new TradeoffSettings { Arities = [8, 8] }.Validated(),
            () => new TradeoffSettings { Temperature = 10.1 }.Validated(),
            () => new TradeoffSettings { Estimators = [] }.Validated(),
            () => new TradeoffSettings { Estimators = EstimatorName.ParseList("gr,st,gr") }.Validated(),
            () => new TradeoffSettings { Estimators = [EstimatorName.Parse("gr-qmc:8")] }.Validated(),
            () => new IdeaSettings { Draws = 9 }.Validated(), () => new IdeaSettings { Draws = 10_010 }.Validated(),
            () => new IdeaSettings { Samples = 1 }.Validated(), () => new IdeaSettings { Samples = 7 }.Validated(),
            () => new IdeaSettings { Temperature = 0.009 }.Validated(), () => new IdeaSettings { Temperature = 10.1 }.Validated(),
            () => new ToyProblemSettings { Temperature = 0 }.Validated(),
            () => new ToyProblemSettings { Momentum = -0.1 }.Validated(),
            () => new ToyProblemSettings { LearningRate = double.PositiveInfinity }.Validated(),
            () => new ToyProblemSettings { P = "1,0,0" }.Validated(),
            () => new ToyProblemSettings { Programme = ToyProblemSettings.Polynomial, Probability = 0 }.Validated(),
            () => new ListOpsSettings { LearningRate = double.PositiveInfinity }.Validated(),
            () => new ListOpsSettings { WeightDecay = double.PositiveInfinity }.Validated(),
            () => new ListOpsSettings { Batching = (Batching)2 }.Validated(),
            () => new ListOpsSettings { Baseline = (BaselineKind)2 }.Validated(),
            () => new ListOpsSettings { Masking = (Masking)2, Estimator = EstimatorName.Parse("st-gs") }.Validated(),
        ],
        settings => Assert.Throws<InputException>(settings));
}
