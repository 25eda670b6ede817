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
    {
        BindData("listops (generated), a folder with train_d20s.tsv or train.tsv, or such a file; plain or gzip. Of a run that is there, where its data are now.", (s, v) => s with { Data = v });
        Bind<int>("--max-length", "L: longer expressions are left out; tokens without parentheses.", (s, v) => s with { MaxLength = v });
        Bind<EstimatorName>("--estimator", $"{EstimatorName.Known}; not gs.", (s, v) => s with { Estimator = v });
        Bind<double>("--temperature", "τ > 0.", (s, v) => s with { Temperature = v });
        Bind<int>("--batch-size", "Expressions a step; by default L.", (s, v) => s with { BatchSize = v });
        Bind<int>("--epochs", "Passes over the training expressions.", (s, v) => s with { Epochs = v });
        Bind<double>("--learning-rate", "Constant.", (s, v) => s with { LearningRate = v });
        Bind<double>("--weight-decay", "On every parameter.", (s, v) => s with { WeightDecay = v });
        Bind<BaselineKind>("--baseline", "Of reinforce: running-mean or self-critical.", (s, v) => s with { Baseline = v });
        Bind<Batching>("--batching", "buckets (of one length) or shuffled.", (s, v) => s with { Batching = v });
        Bind<Masking>("--masking", "right, or reference: flawed, for comparison only; st-gs and gr-mc:K.", (s, v) => s with { Masking = v });
        Bind<ulong>("--seed", "Of the validation split, initialisation, order and noise.", (s, v) => s with { Seed = v });
    }

    public override ListOpsSettings Validated(ListOpsSettings settings)
    {
        settings.Estimator.Offered();
        return settings.Validated();
    }
}

/// <summary>dgrad evaluate for a ListOps run.</summary>
internal sealed class ListOpsEvaluateOptions(Option<Split> split)
{
    /// <summary>Where the data are now, or what else is evaluated.</summary>
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Where the data of the run are now; of a ListOps run without --split, a file of other expressions.",
    };

    private readonly Option<int?> maxLength = new Option<int?>("--max-length") { Description = "ListOps: expressions of at most so many tokens; as in training by default." }.From(2);
    private readonly Option<Weights> weights = new("--weights") { Description = "ListOps: best (validation accuracy) or last." };

    public IReadOnlyList<Option> All => [maxLength, weights];

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
        var isOther = given is not null && parsed.GetResult(split) is not { Implicit: false } && File.Exists(given);
        var longest = parsed.GetValue(maxLength) ?? settings.MaxLength;
        var expressions = isOther ? ListOpsData.Trees(given!) : null;
        var trained = isOther ? TrainedOrNull(settings, cancellation) : settings.OpenData(given, cancellation);
        expressions ??= Part(trained!, settings, parsed.GetValue(split));
        using var model = ListOpsRun.Model(path, parsed.GetValue(weights));
        var name = isOther ? Path.GetFileName(given!) : JsonText.Word(parsed.GetValue(split));
        var result = session.Display.Run(["accuracy"], reports => ListOpsAccuracy.Of(model, expressions, longest, name, parsed.GetValue(weights), trained?.Split(settings.MaxLength, ListOpsTask.SplitSeed(settings.Seed)).Train,
            share => reports[0](share, 1, $"at most {longest} tokens"), cancellation));
        if (longest == settings.MaxLength) result.Save(path);
        session.Print(result, Text(result));
        return ExitCode.Success;
    }

    /// <summary>The data of the run: to know what it has seen they may be missing.</summary>
    private static ListOpsData? TrainedOrNull(ListOpsSettings settings, CancellationToken cancellation)
    {
        try
        {
            return settings.OpenData(cancellation: cancellation);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static IReadOnlyList<Expression> Part(ListOpsData data, ListOpsSettings settings, Split split) => split == Split.Valid
        ? data.Split(settings.MaxLength, ListOpsTask.SplitSeed(settings.Seed)).Valid
        : data.Test ?? throw new InputException($"the data of the run, {data.Name}, have no test set; expected --data FILE.");

    private static string Text(ListOpsAccuracy result)
    {
        var unseen = result.UnseenAccuracy is { } accuracy ? $"; {accuracy:P1} on the {result.UnseenExpressions} that are not in the training data" : "";
        var lengths = Table.Of(result.Lengths, new("tokens", row => row.Length), new("expressions", row => row.Expressions),
            new("accuracy", row => row.Accuracy, "P1"), new("bracket F1", row => row.BracketF1, "F3"));
        return $"""
            {result.Split}, up to {result.MaxLength} tokens, {JsonText.Word(result.Weights)} weights: accuracy {result.Accuracy:P1} ± {result.StandardError:P1} ({result.Expressions} expressions{unseen})
            bracket F1 {result.BracketF1:F3} (joining from the left {result.LeftBranchingF1:F3}, from the right {result.RightBranchingF1:F3}), cross-entropy {result.Loss:F3} nats
            {lengths.Plain()}
            """;
    }
}
