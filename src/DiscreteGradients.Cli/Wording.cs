using DiscreteGradients.Experiments;

namespace DiscreteGradients.Cli;

/// <summary>Settings as options, and what there is to do as commands.</summary>
internal sealed class Wording : IWording
{
    public static readonly IWording Dgrad = new Wording();

    public string Program => "dgrad";

    public string Of(Setting setting) => $"--{setting}";

    public string Of(Instruction instruction) =>
        string.Join(' ', [Program, instruction.Words, .. instruction.Settings.Select(Of)]);
}
