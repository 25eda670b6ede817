using DiscreteGradients.Experiments.Runs;
using static TorchSharp.torch.utils;

namespace DiscreteGradients.Experiments.Export;

/// <summary>The metrics of a run as a TensorBoard event file.</summary>
public static class TensorBoardExport
{
    private const string Pattern = "events.out.tfevents.*";

    /// <summary>Writes every number of metrics.jsonl under the name that it has there, at the step of its line; one event file
    /// in the folder, in place of those that are there. Values become float32, as TensorBoard's scalars are.</summary>
    /// <param name="runFolder">With a metrics.jsonl.</param>
    /// <param name="folder">Made where it does not exist.</param>
    /// <returns>Numbers written.</returns>
    /// <exception cref="InputException">The run has no metrics, or they are not readable.</exception>
    public static int Write(string runFolder, string folder)
    {
        var points = MetricsLine.Read(runFolder).SelectMany(line => line.Numbers.Select(number => (number.Name, number.Value, line.Step))).ToList();
        Directory.CreateDirectory(folder);
        var partial = Directory.CreateDirectory(Path.Combine(folder, $".partial-{Environment.ProcessId}")).FullName;
        try
        {
            var writer = tensorboard.SummaryWriter(partial);
            foreach (var (name, value, step) in points) writer.add_scalar(name, (float)value, step);
            foreach (var old in Directory.EnumerateFiles(folder, Pattern).ToList()) File.Delete(old);
            foreach (var file in Directory.EnumerateFiles(partial, Pattern)) File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        }
        finally
        {
            Directory.Delete(partial, recursive: true);
        }
        return points.Count;
    }
}
