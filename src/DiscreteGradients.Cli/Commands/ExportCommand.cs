using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Export;
using DiscreteGradients.Experiments.ListOps;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad export RUN, which writes files of a run for other programs.</summary>
internal static class ExportCommand
{
    private const string SafeTensors = "safetensors", TensorBoard = "tensorboard";

    public static Command Create()
    {
        var common = new CommonOptions();
        var run = new Argument<DirectoryInfo>("RUN") { Description = "The run folder." };
        var format = Options.With("--format",
            "What is written: the weights as one safetensors file, or the metrics as an event file for TensorBoard in a folder.",
            SafeTensors);
        format.AcceptOnlyFromAmong(SafeTensors, TensorBoard);
        var weights = ListOpsEvaluateOptions.OfWeights();
        var into = Options.Of<FileInfo?>("--out",
            "The file of the weights or the folder of the events. By default weights.safetensors or tensorboard/ in the run folder.",
            "FILE|DIR");
        var data = Options.Of<string?>("--data",
            "Where the data of a VAE's run are now; their pixel means are written too.", "SET|DIR");
        var command = new Command("export", "Export the weights of a run as safetensors, or its metrics for TensorBoard.")
        {
            run, format, weights, into, data,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var session = common.Start(parsed);
            var path = parsed.GetValue(run)!.FullName;
            var asWeights = parsed.GetValue(format) == SafeTensors;
            if (parsed.IsGiven(weights) && !(asWeights && ListOpsRun.Is(path)))
                throw new InputException("--weights is for the safetensors of a ListOps run.");
            if (parsed.IsGiven(data) && (!asWeights || ListOpsRun.Is(path)))
                throw new InputException("--data is for the safetensors of a VAE's run.");
            var target = parsed.GetValue(into)?.FullName ?? Path.Combine(path, asWeights ? "weights.safetensors" : "tensorboard");
            if (asWeights)
            {
                IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> tensors = [];
                OutFile.Replace([target], target, () => tensors =
                    WeightsExport.Write(path, target, parsed.GetValue(weights), parsed.GetValue(data)), session.Display.Line);
                var shapes = tensors.ToDictionary(one => one.Name, one => one.Shape, StringComparer.Ordinal);
                session.Print(new { path = target, tensors = shapes },
                    string.Join('\n', tensors.Select(one => $"{one.Name} [{string.Join(", ", one.Shape)}]").Append(target)));
                return;
            }
            var events = Path.Combine(target, TensorBoardExport.FileName(path));
            var points = 0;
            OutFile.Replace([events], events, () => points = TensorBoardExport.Write(path, target), session.Display.Line);
            session.Print(new { path = target, points }, $"{points} numbers; {target}");
        });
        return command;
    }
}
