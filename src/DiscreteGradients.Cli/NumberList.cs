using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>Numbers of one option, separated by commas.</summary>
internal sealed record NumberList<T>(params IReadOnlyList<T> Values)
{
    /// <summary>As they are written.</summary>
    public override string ToString() => NumberText.List(Values);
}
