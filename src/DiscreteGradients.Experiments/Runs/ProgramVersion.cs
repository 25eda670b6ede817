using System.Reflection;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>Version and commit of this build.</summary>
internal static class ProgramVersion
{
    /// <summary>For example 0.1.0+1a2b3c4….</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
