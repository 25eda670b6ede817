namespace DiscreteGradients.Experiments.Search;

/// <summary>What the trials of one estimator at one batch size and arity came to.</summary>
/// <param name="Trials">All of them.</param>
/// <param name="Best">By the validation score, of those that have ended; null where none has one.</param>
/// <param name="Final">What is reported of the best; null while trials are missing, of which another may turn out the best.</param>
internal sealed record CellOutcome(IReadOnlyList<TrialState> Trials, TrialState? Best, FinalRecord? Final)
{
    /// <summary>The outcomes of a search over the VAE.</summary>
    public static Dictionary<(EstimatorName Estimator, int BatchSize, int Arity), CellOutcome> Of(SearchFolder search, IEnumerable<TrialState> states) =>
        states.GroupBy(state => VaeTrials.CellOf(state.Trial)).ToDictionary(cell => cell.Key, cell => Of(search, [.. cell]));

    private static CellOutcome Of(SearchFolder search, List<TrialState> trials)
    {
        var best = SearchWork.Best(trials, state => state.Record, search.Task.HigherIsBetter);
        return new(trials, best, trials.TrueForAll(state => state.Record is not null) ? best?.Final : null);
    }
}
