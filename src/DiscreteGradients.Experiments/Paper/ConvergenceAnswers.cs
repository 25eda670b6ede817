using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Paper;

/// <summary>The sentences of <see cref="Answers"/> on the speed of training, from searches like that of Figure 2c.</summary>
internal static class ConvergenceAnswers
{
    /// <summary>Tells whether a search is like that of Figure 2c: no setting of the VAE is drawn, and it reports the objective,
    /// M = 1, which says nothing beside bounds of many samples.</summary>
    public static bool Serves(SearchFolder search) =>
        search.Task is VaeTrials && search.Spec.Random.Count == 0 && search.Spec.Evaluation.FinalSamples == 1;

    /// <summary>Compares the iterations to the hardest threshold that every run reaches.</summary>
    /// <param name="searches">Of any kind; others than those that serve are left out.</param>
    public static IEnumerable<string> Sentences(IReadOnlyList<SearchFolder> searches) =>
        from search in searches
        where Serves(search)
        from panel in Convergence.Of(search, []).GroupBy(row => (row.Arity, row.BatchSize, row.Varied))
        let level = panel.GroupBy(row => row.Threshold)
            .Where(rows => rows.All(row => row.Reached == row.Runs)).MinBy(rows => rows.Key)
        where level is not null
        from sentence in Compared([.. level])
        select sentence;

    private static IEnumerable<string> Compared(List<Convergence> rows)
    {
        var first = rows[0];
        var runs = rows.Min(row => row.Runs);
        var varied = first.Varied.Length > 0 ? $", {first.Varied}" : "";
        var place = Invariant($"{first.Arity}-ary, batch size {first.BatchSize}{varied}");
        yield return Invariant($"At equal settings ({place}), the validation objective falls to {first.Threshold} nats, ")
            + "the lowest level that every run reaches, after "
            + string.Join(", ", rows.Select(row => $"{Iterations(row)} iterations with {Name(row)}"))
            + (runs > 1 ? Invariant($" (± one standard error over {runs} seeds).") : ".");
        if (rows.Find(row => row.Estimator == Answers.StraightThrough) is not { } plain || runs < 2) yield break;
        foreach (var row in rows.Where(row => row != plain))
        {
            var ratio = Conclusion.Ratio(row.Iterations!.Value, plain.Iterations!.Value);
            yield return Conclusion.IsNotOne(ratio, runs - 1)
                ? $"{Name(row)} needs {Conclusion.Text(ratio)} times the iterations of {Name(plain)}."
                : $"{Name(row)} and {Name(plain)} are not distinguishable: the ratio of their iterations is {Conclusion.Text(ratio)}.";
        }
    }

    private static string Name(Convergence row) => row.Estimator.PaperName;

    private static string Iterations(Convergence row) => row.Runs < 2 ? Invariant($"{row.Iterations!.Value.Value:N0}")
        : Invariant($"{row.Iterations!.Value.Value:N0} ± {row.Iterations.Value.Error:N0}");
}
