namespace DiscreteGradients.Experiments.Runs;

/// <summary>What the machine is to blame for, a full disk above all: no input is wrong, no trial has failed, and the same
/// command goes on when it is mended.</summary>
internal static class MachineFault
{
    private const int InputOutput = 5, TooManyOpenInAll = 23, TooManyOpen = 24, NoSpace = 28, StaleHandle = 116, Quota = 122;   // of Linux

    /// <summary>Whether an error of the file system is one, rather than a path that cannot be what was asked for.</summary>
    public static bool IsOfDisk(IOException error) => error.HResult is InputOutput or TooManyOpenInAll or TooManyOpen or NoSpace or StaleHandle or Quota;

    /// <summary>Whether an error while work is done is one.</summary>
    public static bool Is(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [var first, ..] } => Is(first),
        IOException or UnauthorizedAccessException or OutOfMemoryException => true,
        _ => false,
    };
}
