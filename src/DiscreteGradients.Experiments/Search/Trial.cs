using System.Globalization;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Experiments.Search;

/// <summary>One training of a search.</summary>
/// <param name="Cell">Where in the grid.</param>
/// <param name="Index">Which of the cell's trials, from 0.</param>
/// <param name="Settings">What differs from the task's defaults.</param>
internal sealed record Trial(Cell Cell, int Index, JsonObject Settings)
{
    /// <summary>Its folder below the search's trials/.</summary>
    public string Path { get; } = System.IO.Path.Combine(Cell.Name, Index.ToString("D4", CultureInfo.InvariantCulture));
}
