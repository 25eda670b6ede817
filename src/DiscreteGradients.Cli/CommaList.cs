using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>Values of one option, separated by commas.</summary>
internal sealed record CommaList<T>(params IReadOnlyList<T> Values)
{
    public override string ToString() => NumberText.List(Values);
}
