using System.Text.Json;
using System.Text.Json.Nodes;
using DiscreteGradients.Experiments.Runs;
using static TorchSharp.torch.utils;

namespace DiscreteGradients.Experiments.Export;

/// <summary>The metrics of a run as a TensorBoard event file.</summary>
public static class TensorBoardExport
{
    private const string Prefix = "events.out.tfevents.dgrad-", StepKey = "step";

    /// <summary>Writes every number of metrics.jsonl under the name that it has there, at the step of its line, to an event
    /// file that has the run's name and takes the place of an earlier one of that name. Other files stay as they are. Values
    /// become float32, as TensorBoard's scalars are.</summary>
    /// <param name="runFolder">With a metrics.jsonl.</param>
    /// <param name="folder">Made where it does not exist.</param>
    /// <returns>Numbers written.</returns>
    /// <exception cref="InputException">The run has no metrics, or they are not readable.</exception>
    public static int Write(string runFolder, string folder)
    {
        var metrics = Path.Combine(runFolder, "metrics.jsonl");
        if (!File.Exists(metrics)) throw new InputException($"{runFolder} has no metrics.jsonl; expected the folder of a training run.");
        var points = InputFile.ReadLines(metrics).SelectMany((line, index) => Points(metrics, line, index)).ToList();
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(runFolder)));
        var partial = Directory.CreateTempSubdirectory("dgrad-").FullName;
        try
        {
            var writer = tensorboard.SummaryWriter(partial);
            foreach (var (key, value, step) in points) writer.add_scalar(key, (float)value, step);
            var written = File.ReadAllBytes(Directory.EnumerateFiles(partial).Single());
            AtomicFile.Write(Path.Combine(folder, Prefix + name), stream => stream.Write(written));
        }
        finally
        {
            Directory.Delete(partial, recursive: true);
        }
        return points.Count;
    }

    private static List<(string Name, double Value, int Step)> Points(string file, string line, int index)
    {
        try
        {
            var entries = JsonNode.Parse(line)!.AsObject();
            var step = (int)entries[StepKey]!;
            return [.. from entry in entries
                       where entry.Key != StepKey && entry.Value?.GetValueKind() == JsonValueKind.Number
                       select (entry.Key, (double)entry.Value!, step)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InputException($"{file}, line {index + 1}, is not a line of metrics: {e.Message}", e);
        }
    }
}
