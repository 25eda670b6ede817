namespace DiscreteGradients.Experiments.Search;

/// <summary>How far a cell is.</summary>
/// <param name="Cell">Its name.</param>
/// <param name="Trials">Planned.</param>
/// <param name="Completed">Trained and validated.</param>
/// <param name="Diverged">Ended by a loss that was no number.</param>
/// <param name="Pruned">Left behind by successive halving.</param>
/// <param name="Failed">Given up.</param>
/// <param name="Running">In work.</param>
/// <param name="Best">The best validation score; null where there is none.</param>
/// <param name="IsReported">Whether its best was put to the test set.</param>
internal sealed record CellSummary(string Cell, int Trials, int Completed, int Diverged, int Pruned, int Failed, int Running, double? Best, bool IsReported);
