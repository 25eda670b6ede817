using DiscreteGradients.Experiments.Runs;
using static TorchSharp.torch.utils;

namespace DiscreteGradients.Experiments.Export;

/// <summary>The metrics of a run as a TensorBoard event file.</summary>
internal static class TensorBoardExport
{
    /// <summary>The name of a run's event file.</summary>
    /// <param name="runFolder">A folder with the run's name.</param>
    public static string FileName(string runFolder) =>
        $"events.out.tfevents.dgrad-{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(runFolder)))}";

    /// <summary>Writes every number of metrics.jsonl under the name that it has there, at the step of its line, to an event
    /// file that has the run's name and takes the place of an earlier one of that name. Other files stay as they are. Values
    /// become float32, as TensorBoard's scalars are.</summary>
    /// <param name="folder">Made where it does not exist.</param>
    /// <returns>Numbers written.</returns>
    /// <exception cref="InputException">The run has no metrics, or they are not readable.</exception>
    public static int Write(string runFolder, string folder)
    {
        var points = MetricsLine.Read(runFolder)
            .SelectMany(line => line.Numbers.Select(number => (number.Name, number.Value, line.Step))).ToList();
        var partial = Directory.CreateTempSubdirectory("dgrad-").FullName;
        try
        {
            var writer = tensorboard.SummaryWriter(partial);
            foreach (var (key, value, step) in points) writer.add_scalar(key, (float)value, step);
            var written = File.ReadAllBytes(Directory.EnumerateFiles(partial).Single());
            AtomicFile.Write(Path.Combine(folder, FileName(runFolder)), stream => stream.Write(written));
        }
        finally
        {
            Directory.Delete(partial, recursive: true);
        }
        return points.Count;
    }
}
