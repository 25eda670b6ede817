using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Reports;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad compare, which shows the paper's point on the user's own machine.</summary>
internal static class CompareCommand
{
    private static readonly VaeSettings Defaults = new()
    {
        Steps = 8_000,
        Temperature = 0.5,
        ValidationInterval = 4_000,
        ValidationSamples = 10,
    };
    private static readonly CommaList<EstimatorName> Estimators = new(EstimatorName.ParseList("st-gs,gr"));

    public static Command Create()
    {
        var options = new VaeOptions(Defaults, ofOneEstimator: false);
        var task = Options.With("--task", "The model that is trained.", "vae");
        task.AcceptOnlyFromAmong("vae");
        var estimators = Options.With("--estimators",
            $"The estimators that train a model each, separated by commas: {EstimatorName.Known}.", Estimators);
        var seeds = Options.With("--seeds", "Trainings of each estimator, with the seed of --seed and those after it.", 1)
            .From(1);
        var into = Options.Of<DirectoryInfo?>("--out",
            "The folder of the report; a comparison of the same settings that is there goes on. "
            + "By default runs/compare, with the settings that are not the defaults in its name.");
        var events = LiveEventsOption.Create();
        var command = new Command("compare",
            "Train models side by side, one with each estimator, and compare the variance of their gradients and the bounds they reach.")
        {
            task, estimators, seeds, into, events,
        };
        options.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var settings = new ComparisonSettings(parsed.GetValue(estimators)!.Values, options.Read(parsed))
            {
                Seeds = parsed.GetValue(seeds),
            }.Validated();
            var data = settings.Training.OpenData();
            var path = parsed.GetValue(into)?.FullName ?? Folder(settings, data);
            session.Display.Line(
                $"{data.Name}, {data.Binarisation}; {settings.Training.Steps} steps of {string.Join(", ", settings.Estimators)}");
            using var live = events.Follow(parsed, () => settings.Trainings.Select(ComparisonSettings.FolderOf)
                .Select(name => (name, Path.Combine(path, name))));
            string[] names = [.. settings.Trainings.Select(training =>
                settings.Seeds == 1 ? $"{training.Estimator}" : $"{training.Estimator} {training.Seed}")];
            var result = session.Display.Run(names, reports =>
            {
                var show = reports.Select(RunOptions.Show).ToList();
                return VaeComparison.Run(settings, data, path, session.Threads, (i, progress) => show[i](progress), cancellation);
            }, () => $"stopped; the same command goes on where {path} stands");
            Typed.Record(parsed, path);
            ComparisonReport.Write(result, data, path);
            session.Print(result, ComparisonReport.Text(result));
            session.Display.Line($"report: {Path.Combine(path, "report.html")}");
            return ExitCode.Success;
        });
    }

    private static string Folder(ComparisonSettings settings, MnistData data)
    {
        var prefix = settings.Estimators.SequenceEqual(Estimators.Values)
            ? "compare" : $"compare-{string.Join('-', settings.Estimators)}";
        var name = DefaultFolder.Name(prefix, settings.Training, Defaults, "estimator");
        return DefaultFolder.Free(Path.Combine("runs", name), path => VaeComparison.Refusal(settings, data, path));
    }
}
