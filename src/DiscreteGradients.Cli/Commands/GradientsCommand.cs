using System.CommandLine;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad gradients: bias, variance and mean squared error of estimators.</summary>
internal static class GradientsCommand
{
    public static Command Create() => new("gradients", "Measure the bias, the variance and the mean squared error of estimators.")
    {
        GradientsToyProblemCommand.Simplex(),
        GradientsToyProblemCommand.Polynomial(),
        GradientsVaeCommand.Create(),
    };
}
