using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Each option sets the setting of its name, and no other.</summary>
public sealed class SettingsOptionsTests
{
    [Theory]
    [InlineData("data", "elsewhere")]
    [InlineData("arity", "4")]
    [InlineData("architecture", "tanh")]
    [InlineData("log-ratio", "sampled")]
    [InlineData("estimator", "zgr")]
    [InlineData("temperature", "0.25")]
    [InlineData("batch-size", "7")]
    [InlineData("steps", "9")]
    [InlineData("learning-rate", "0.125")]
    [InlineData("momentum", "0.375")]
    [InlineData("weight-decay", "0.0625")]
    [InlineData("seed", "11")]
    [InlineData("validation-interval", "13")]
    [InlineData("validation-samples", "17")]
    [InlineData("validation-images", "19")]
    public void OfTheVae(string name, string word) => Sets(new VaeOptions(new(), ofOneEstimator: true), name, word);

    [Theory]
    [InlineData("data", "elsewhere")]
    [InlineData("max-length", "25")]
    [InlineData("estimator", "zgr")]
    [InlineData("temperature", "0.25")]
    [InlineData("baseline", "self-critical")]
    [InlineData("masking", "reference")]
    [InlineData("batch-size", "7")]
    [InlineData("batching", "shuffled")]
    [InlineData("epochs", "9")]
    [InlineData("learning-rate", "0.125")]
    [InlineData("weight-decay", "0.0625")]
    [InlineData("seed", "11")]
    public void OfListOps(string name, string word) => Sets(new ListOpsOptions(), name, word);

    [Theory]
    [InlineData(ToyProblemSettings.Simplex, "p", "0.2,0.3,0.5")]
    [InlineData(ToyProblemSettings.Polynomial, "power", "3")]
    [InlineData(ToyProblemSettings.Polynomial, "variables", "5")]
    [InlineData(ToyProblemSettings.Polynomial, "probability", "0.25")]
    [InlineData(ToyProblemSettings.Simplex, "estimator", "zgr")]
    [InlineData(ToyProblemSettings.Simplex, "temperature", "0.25")]
    [InlineData(ToyProblemSettings.Simplex, "batch-size", "7")]
    [InlineData(ToyProblemSettings.Simplex, "steps", "9")]
    [InlineData(ToyProblemSettings.Simplex, "learning-rate", "0.125")]
    [InlineData(ToyProblemSettings.Polynomial, "momentum", "0.375")]
    [InlineData(ToyProblemSettings.Polynomial, "seed", "11")]
    [InlineData(ToyProblemSettings.Polynomial, "validation-interval", "13")]
    public void OfAToyProblem(string programme, string name, string word) =>
        Sets(new ToyProblemOptions(new() { Programme = programme }), name, word);

    [Theory]
    [InlineData("estimators", "zgr,st", null)]
    [InlineData("temperatures", "0.25,0.75", null)]
    [InlineData("minibatches", "11", null)]
    [InlineData("passes", "13", null)]
    [InlineData("study-seed", "17", "seed")]
    [InlineData("reference-passes", "19", null)]
    public void OfAStudyOfGradients(string name, string word, string? key) =>
        Sets(new VaeGradientOptions(new(), withReference: true), name, word, key);

    [Theory]
    [InlineData("trials", "11", null)]
    [InlineData("steps", "13", "settings.steps")]
    [InlineData("selection-samples", "17", "evaluation.selection-samples")]
    [InlineData("selection-examples", "19", "evaluation.selection-examples")]
    [InlineData("final-samples", "23", "evaluation.final-samples")]
    [InlineData("final-examples", "29", "evaluation.final-examples")]
    public void OfTheBudgetOfASearch(string name, string word, string? key) => Sets(new BudgetOptions(), name, word, key);

    /// <summary>A study's minibatches are as large as those that the model was trained with.</summary>
    [Fact]
    public void AStudyHasTheBatchSizeOfItsModel()
    {
        var options = new VaeGradientOptions(new(), withReference: true);
        Assert.Equal(7, options.Read(Parsed(options), new VaeSettings { BatchSize = 7 }).BatchSize);
    }

    /// <summary>A run that was begun with it when nobody refused it goes on.</summary>
    [Fact]
    public void ABaselineThatNothingSubtractsIsRefusedWhereItIsGiven_NotOfARun()
    {
        var (options, idle) = (new ListOpsOptions(), new ListOpsSettings { Baseline = BaselineKind.SelfCritical });
        Assert.Equal(idle, options.Validated(idle));
        string[] given = ["--baseline", "self-critical"];
        Assert.Equal("baseline", Assert.Throws<InputException>(() => options.Read(Parsed(options, given))).Key);
        Assert.Equal(idle.Baseline, options.Read(Parsed(options, [.. given, "--estimator", "reinforce"])).Baseline);
    }

    private static void Sets<TSettings>(SettingsOptions<TSettings> options, string name, string word, string? key = null)
        where TSettings : class
    {
        var difference = Assert.Single(Differences(Parsed(options, $"--{name}", word)));
        Assert.Equal((key ?? name, word), (difference.Key, difference.Here));
        Assert.Empty(Differences(Parsed(options)));

        IReadOnlyList<SettingDifference> Differences(ParseResult parsed) =>
            SettingDifference.Between(Document(options.Defaults), Document(options.Over(parsed, options.Defaults)));

        static JsonObject Document(TSettings settings) => JsonSerializer.SerializeToNode(settings, JsonText.Line)!.AsObject();
    }

    private static ParseResult Parsed<TSettings>(SettingsOptions<TSettings> options, params string[] words)
        where TSettings : class
    {
        var command = new RootCommand("A test.");
        options.AddTo(command);
        Words.Read(command);
        var parsed = command.Parse(words);
        Assert.Empty(parsed.Errors);
        return parsed;
    }
}
