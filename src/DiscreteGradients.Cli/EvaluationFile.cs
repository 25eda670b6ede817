using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The file in which dgrad evaluate keeps what it found of a run's model.</summary>
internal static class EvaluationFile
{
    /// <summary>Writes the file, unless the training went on meanwhile: the folder has another model then, for whose result this
    /// one would be taken, and it is said on standard error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="evaluated">The checksum of the weights that were evaluated.</param>
    /// <param name="present">Reads the checksum of those that the folder has now.</param>
    /// <param name="had">Says what the file had, which may be what is written: null then.</param>
    /// <param name="say">Where that is said.</param>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite<T>(string path, string evaluated, Func<string> present, Func<T, string?> had, Action write,
        Action<string> say)
        where T : class
    {
        if (Attempt.ToRead(present).FirstOrDefault() == evaluated)   // none where it was moved or deleted
        {
            if (JsonFile.ReadOrDefault<T>(path) is { } there && had(there) is { } text)
                say($"{path} is replaced: it had {text}");
            write();
            return true;
        }
        Console.Error.WriteLine(
            $"{Quote.Visible(path)} is not written: the training went on meanwhile, and the run has another model now");
        return false;
    }
}
