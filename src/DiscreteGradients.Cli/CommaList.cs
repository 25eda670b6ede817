using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>Values of one option, separated by commas.</summary>
internal sealed record CommaList<T>(params IReadOnlyList<T> Values)
{
    /// <summary>As they are written.</summary>
    public override string ToString() => NumberText.List(Values);
}
