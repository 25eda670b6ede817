using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The settings of App. D.1 as options.</summary>
internal sealed class ListOpsOptions : TaskOptions<ListOpsSettings>
{
    public ListOpsOptions()
        : base(new())
    {
        BindData(
            "The expressions: listops (generated), a folder with train_d20s.tsv or train.tsv, "
            + "or such a file, plain or gzip. Of a run that is there, where they are now.",
            s => s.Data, (s, v) => s with { Data = v });
        Bind("--max-length",
            "Longest expression L in tokens, parentheses not counted; longer ones are left out. The paper has 10, 25 and 50.",
            s => s.MaxLength, (s, v) => s with { MaxLength = v });
        Bind("--estimator", $"The estimator that trains the model: {EstimatorName.Known}; not gs.",
            s => s.Estimator, (s, v) => s with { Estimator = v });
        Bind("--temperature", $"Temperature τ of the training, above 0; {EstimatorName.WithoutTemperature} have none.",
            s => s.Temperature, (s, v) => s with { Temperature = v });
        Bind("--baseline",
            "What reinforce subtracts from the cost: its running mean, or the cost of the model's own argmax parse.",
            s => s.Baseline, (s, v) => s with { Baseline = v });
        Bind("--masking",
            "Way of excluding pairs in the padding; reference is that of earlier code, flawed, for comparison only (st-gs, gr-mc:K).",
            s => s.Masking, (s, v) => s with { Masking = v });
        Bind("--batch-size", "Expressions of a training step. By default as many as --max-length.",
            s => s.BatchSize, (s, v) => s with { BatchSize = v });
        Bind("--batching", "Expressions that go together: of one length, or any.",
            s => s.Batching, (s, v) => s with { Batching = v });
        BindLength("--epochs", "Passes over the training expressions, with a validation after each.",
            s => s.Epochs, (s, v) => s with { Epochs = v });
        Bind("--learning-rate", "Learning rate of SGD, the same at every step.",
            s => s.LearningRate, (s, v) => s with { LearningRate = v });
        Bind("--weight-decay", "L2 penalty on every parameter.", s => s.WeightDecay, (s, v) => s with { WeightDecay = v });
        Bind("--seed", "Seed of the validation split, the initial weights, the order and the noise.",
            s => s.Seed, (s, v) => s with { Seed = v });
    }

    public override ListOpsSettings Validated(ListOpsSettings settings)
    {
        settings.Estimator.Offered();
        return settings.Validated();
    }

    protected override void RequireEffect(ListOpsSettings settings) => InputException.Require(
        settings.Baseline == BaselineKind.RunningMean || settings.Estimator.UsesScore, "baseline",
        JsonText.Word(settings.Baseline), "running-mean, or the estimator reinforce, which alone subtracts a baseline");
}

/// <summary>The options of dgrad evaluate for a ListOps run.</summary>
internal sealed class ListOpsEvaluateOptions(Option<Split> split)
{
    /// <summary>The option that says where the data are now, or what else is evaluated.</summary>
    public Option<string?> Data { get; } = Options.Of<string?>("--data",
        "Where the data of the run are now. For a ListOps run without --split, a file of other expressions to evaluate on.",
        "DIR|FILE");

    private readonly Option<int?> maxLength = Options.Of<int?>("--max-length",
        "Longest expression of a ListOps evaluation, in tokens. By default as in training.").From(2);
    private readonly Option<Weights> weights = OfWeights();

    public IReadOnlyList<Option> All => [maxLength, weights];

    /// <summary>Makes the option that says which weights of a run are meant.</summary>
    public static Option<Weights> OfWeights() => Options.With("--weights",
        "Weights of a ListOps run: of the epoch with the best validation accuracy, or of the last.", Weights.Best);

    public void AddTo(Command command)
    {
        command.Options.Add(Data);
        foreach (var option in All) command.Options.Add(option);
    }

    /// <summary>Evaluates, writes evaluation-*.json and prints; gives the exit code.</summary>
    public int Run(CommonOptions.Session session, ParseResult parsed, string path, CancellationToken cancellation)
    {
        var settings = RunFolder.ReadSettings<ListOpsSettings>(path).Validated();
        var given = parsed.GetValue(Data);
        var isOther = given is not null && !parsed.IsGiven(split) && File.Exists(given);
        var longest = parsed.GetValue(maxLength) ?? settings.MaxLength;
        if (!isOther && parsed.GetValue(split) == Split.Valid && longest > settings.MaxLength)
            throw new InputException(FormattableString.Invariant(
                $"{maxLength.Name} is {longest}; the validation expressions of the run have at most {settings.MaxLength} tokens")
                + $"; expected no more, or {split.Name} test.");
        var expressions = isOther ? ListOpsData.Trees(given!) : null;
        var trained = isOther ? TrainedOrNull(settings, cancellation) : settings.OpenData(given, cancellation);
        expressions ??= Part(trained!, settings, parsed.GetValue(split));
        using var model = ListOpsRun.Model(path, parsed.GetValue(weights));
        var name = isOther ? Path.GetFileName(given!) : JsonText.Word(parsed.GetValue(split));
        var result =
            session.Display.Run(["accuracy"], reports => ListOpsAccuracy.Of(model, expressions, longest, name,
            parsed.GetValue(weights), trained?.Split(settings.MaxLength, ListOpsTask.SplitSeed(settings.Seed)).Train,
            share => reports[0](share, 1, $"at most {longest} tokens"), cancellation));
        var file = result.PathIn(path, settings.MaxLength, isOther);
        var isKept = EvaluationFile.TryWrite<ListOpsAccuracy>(file, SavedWeights.Checksum(model.Parameters), Present, there =>
            (there.Expressions, there.Loss) == (result.Expressions, result.Loss) ? null
            : FormattableString.Invariant($"accuracy {there.Accuracy:P1} ({there.Expressions} expressions)"),
            () => result.Save(path, settings.MaxLength, isOther), session.Display.Line);
        session.Print(result, Text(result));
        if (isKept) session.Display.Line(file);
        return ExitCode.Success;

        string Present()
        {
            using var now = ListOpsRun.Model(path, parsed.GetValue(weights));
            return SavedWeights.Checksum(now.Parameters);
        }
    }

    /// <summary>The data of the run: to know what it has seen they may be missing.</summary>
    private static ListOpsData? TrainedOrNull(ListOpsSettings settings, CancellationToken cancellation) =>
        Attempt.ToRead(() => settings.OpenData(cancellation: cancellation)).FirstOrDefault();

    private static IReadOnlyList<Expression> Part(ListOpsData data, ListOpsSettings settings, Split split) => split == Split.Valid
        ? data.Split(settings.MaxLength, ListOpsTask.SplitSeed(settings.Seed)).Valid
        : data.Test ?? throw new InputException($"the data of the run, {data.Name}, have no test set; expected --data FILE.");

    private static string Text(ListOpsAccuracy result)
    {
        var unseen = result.UnseenAccuracy is { } accuracy
            ? $"; {accuracy:P1} on the {result.UnseenExpressions} that are not in the training data"
            : "";
        var lengths = Table.Of(result.Lengths, new("tokens", row => row.Length), new("expressions", row => row.Expressions),
            new("accuracy", row => row.Accuracy, "P1"), new("bracket F1", row => row.BracketF1, "F3"));
        return $"""
            {result.Split}, up to {result.MaxLength} tokens, {JsonText.Word(result.Weights)} weights: accuracy {result.Accuracy:P1} ± {result.StandardError:P1} ({result.Expressions} expressions{unseen})
            bracket F1 {result.BracketF1:F3} (joining from the left {result.LeftBranchingF1:F3}, from the right {result.RightBranchingF1:F3}), cross-entropy {result.Loss:F3} nats
            {lengths.Plain()}
            """;
    }
}
