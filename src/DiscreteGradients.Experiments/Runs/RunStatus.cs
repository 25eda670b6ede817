namespace DiscreteGradients.Experiments.Runs;

/// <summary>How a run can end.</summary>
public static class RunStatus
{
    /// <summary>Every step was done.</summary>
    public const string Completed = "completed";

    /// <summary>The loss or a validation stopped being a finite number.</summary>
    public const string Diverged = "diverged";
}
