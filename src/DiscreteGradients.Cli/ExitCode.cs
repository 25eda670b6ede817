namespace DiscreteGradients.Cli;

internal static class ExitCode
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 130;
}
