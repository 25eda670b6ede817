using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.ListOps;

/// <summary>The accuracy of a model by argmax, as a run folder keeps it for the reports.</summary>
internal sealed record ListOpsAccuracy
{
    /// <summary>The name of the split: "test", "valid" or the name of a file.</summary>
    public required string Split { get; init; }

    public required Weights Weights { get; init; }

    /// <summary>Expressions of 2 to so many tokens.</summary>
    public required int MaxLength { get; init; }

    public required int Expressions { get; init; }

    /// <summary>Share whose label is found, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    public required double StandardError { get; init; }

    /// <summary>Mean cross-entropy, nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Bracket F1 of the model's trees against the true ones, mean over expressions;
    /// see <see cref="BinaryTree.F1"/>.</summary>
    public required double BracketF1 { get; init; }

    /// <summary>Bracket F1 of trees that join from the left, mean over expressions, for comparison.</summary>
    public required double LeftBranchingF1 { get; init; }

    /// <summary>Bracket F1 of trees that join from the right, mean over expressions, for comparison.</summary>
    public required double RightBranchingF1 { get; init; }

    /// <summary>Expressions that are not among the training data of the run; null where those were not at hand.</summary>
    public int? UnseenExpressions { get; init; }

    /// <summary>Accuracy on those; null where there are none or they are not known.</summary>
    public double? UnseenAccuracy { get; init; }

    /// <summary>The accuracy at each length, in rising order.</summary>
    public required IReadOnlyList<LengthAccuracy> Lengths { get; init; }

    public required string Version { get; init; }

    /// <param name="expressions">At least one of at most <paramref name="maxLength"/> tokens.</param>
    /// <param name="maxLength">Longer ones are left out.</param>
    /// <param name="seen">The training data; null where unknown.</param>
    /// <exception cref="InputException">No expression is that short.</exception>
    public static ListOpsAccuracy Of(TreeLstm model, IEnumerable<Expression> expressions, int maxLength, string split,
        Weights weights, IEnumerable<Expression>? seen, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        var set = expressions.Where(expression => expression.Length <= maxLength).ToList();
        if (set.Count == 0) throw new InputException(Invariant($"{split} has no expression of 2 to {maxLength} tokens."));
        var rows = set.Zip(ParsedExpression.All(model, set, done => progress?.Invoke((double)done / set.Count), cancellation))
            .Select(pair => new Row(pair.First, pair.First.Tree(), pair.Second)).ToList();
        var accuracy = Accurate(rows)!.Value;
        var known = seen?.Select(expression => expression.Key).ToHashSet(StringComparer.Ordinal);
        var unseen = known is null ? null : rows.Where(row => !known.Contains(row.Expression.Key)).ToList();
        return new()
        {
            Split = split,
            Weights = weights,
            MaxLength = maxLength,
            Expressions = set.Count,
            Accuracy = accuracy,
            StandardError = BinomialError(accuracy, set.Count),
            Loss = rows.Average(row => row.Parse.Cost),
            BracketF1 = rows.Average(row => row.Tree.F1(row.Parse.Tree)),
            LeftBranchingF1 = rows.Average(row => row.Tree.F1(
                BinaryTree.OfMerges(row.Expression.Length, Enumerable.Repeat(0, row.Expression.Length - 1)))),
            RightBranchingF1 = rows.Average(row => row.Tree.F1(
                BinaryTree.OfMerges(row.Expression.Length, Enumerable.Range(0, row.Expression.Length - 1).Reverse()))),
            UnseenExpressions = unseen?.Count,
            UnseenAccuracy = unseen is null ? null : Accurate(unseen),
            Lengths = [.. rows.GroupBy(row => row.Expression.Length).OrderBy(group => group.Key).Select(group =>
                new LengthAccuracy(group.Key, group.Count(), Accurate([.. group])!.Value,
                    group.Average(row => row.Tree.F1(row.Parse.Tree))))],
            Version = ProgramVersion.Text,
        };
    }

    /// <summary>The standard error of a share of so many.</summary>
    internal static double BinomialError(double share, int count) => Math.Sqrt(share * (1 - share) / count);

    /// <summary>Writes it into a run folder, as <see cref="PathIn"/> names it.</summary>
    /// <inheritdoc cref="PathIn"/>
    public void Save(string runFolder, int? trainedLength = null, bool isOfFile = false) =>
        RunFolder.WriteJson(runFolder, Path.GetFileName(PathIn(runFolder, trainedLength, isOfFile)), this);

    /// <summary>The file of a run folder: evaluation-SPLIT.json, or evaluation-SPLIT-last.json for the last weights; with
    /// another length than the run's in the name where it is another, and evaluation-file-NAME.json of a file.</summary>
    /// <param name="trainedLength">The run's; null for the same.</param>
    /// <param name="isOfFile">Whether <see cref="Split"/> is the name of a file, which may be that of a split.</param>
    public string PathIn(string runFolder, int? trainedLength = null, bool isOfFile = false)
    {
        var name = isOfFile ? $"file-{Split}" : Split;
        return Path.Combine(runFolder, FileName(trainedLength is null || MaxLength == trainedLength
            ? name : Invariant($"{name}-max-length-{MaxLength}"), Weights));
    }

    /// <summary>Reads it; null where the split was not evaluated.</summary>
    public static ListOpsAccuracy? Read(string runFolder, Split split, Weights weights) =>
        JsonFile.Read<ListOpsAccuracy>(Path.Combine(runFolder, FileName(JsonText.Word(split), weights)));

    private static string FileName(string split, Weights weights) =>
        weights == Weights.Best ? $"evaluation-{split}.json" : $"evaluation-{split}-last.json";

    private static double? Accurate(IReadOnlyCollection<Row> rows) =>
        rows.Count == 0 ? null : (double)rows.Count(row => row.Parse.Value == row.Expression.Label) / rows.Count;

    private sealed record Row(Expression Expression, BinaryTree Tree, ParsedExpression Parse);
}

/// <summary>The expressions of one length.</summary>
/// <param name="Accuracy">0 to 1.</param>
/// <param name="BracketF1">Mean over expressions, 0 to 1.</param>
internal sealed record LengthAccuracy(int Length, int Expressions, double Accuracy, double BracketF1);
