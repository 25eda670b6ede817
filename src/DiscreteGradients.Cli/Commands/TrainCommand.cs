using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad train vae.</summary>
internal static class TrainCommand
{
    private const double MostSeconds = 1e6;

    public static Command Create() => new("train", "Train one model with one estimator.") { CreateVae() };

    private static Command CreateVae()
    {
        var common = new CommonOptions();
        var options = new VaeOptions(ofOneEstimator: true);
        var outOption = new Option<DirectoryInfo?>("--out") { Description = "The run folder; a run of the same settings that is there goes on." };
        var resume = new Option<DirectoryInfo?>("--resume") { Description = "Go on with the run of this folder, with its settings." };
        var checkpoint = new Option<double>("--checkpoint-seconds") { Description = "Seconds between checkpoints.", DefaultValueFactory = _ => 30 };
        checkpoint.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= MostSeconds)) result.AddError($"--checkpoint-seconds is out of range; expected a number from 0 to {MostSeconds}.");
        });
        var command = new Command("vae", "The discrete variational auto-encoder of App. D.2.") { outOption, resume, checkpoint };
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var (settings, path) = Choose(parsed, options, parsed.GetValue(outOption), parsed.GetValue(resume));
            var data = MnistData.Open(settings.Data);
            using var folder = RunFolder.Open(path);
            using var training = new VaeTraining(settings, data, folder, session.Threads)
            {
                CheckpointInterval = TimeSpan.FromSeconds(parsed.GetValue(checkpoint)),
            };
            session.Display.Line($"{path}: {settings.Estimator} on {data.Name}, {data.Binarisation}; step {training.Step} of {settings.Steps}");
            TrainingResult result;
            try
            {
                result = session.Display.Run([settings.Estimator], reports => training.Run(Show(reports[0]), cancellation: cancellation));
            }
            catch (OperationCanceledException)
            {
                session.Display.Line($"stopped at step {training.Step}; go on with: dgrad train vae --resume {path}");
                throw;
            }
            session.Print(result, result.HasDiverged
                ? $"diverged: the loss of step {result.Steps + 1} is not a finite number; recorded in {path}"
                : $"validation bound {result.ValidationBound:F2} nats (M = {settings.ValidationSamples}) after {result.Steps} steps; {path}");
            return Task.FromResult(result.HasDiverged ? ExitCode.Failed : ExitCode.Success);
        });
        return command;
    }

    internal static Action<TrainingProgress> Show(ProgressDisplay.Report report) => progress =>
    {
        if (progress.Note is { } note) report(progress.Step, progress.Steps, note, asLine: true);
        else report(progress.Step, progress.Steps, $"loss {progress.Loss:F1}, {progress.StepsPerSecond:F0} steps/s");
    };

    private static (VaeSettings Settings, string Path) Choose(ParseResult parsed, VaeOptions options, DirectoryInfo? into, DirectoryInfo? resume)
    {
        if (resume is not null)
        {
            if (into is not null || options.Given(parsed)) throw new InputException("--resume takes the settings of its folder; expected no other settings beside it.");
            return (RunFolder.ReadSettings<VaeSettings>(resume.FullName).Validated(), resume.FullName);
        }
        var settings = options.Read(parsed, new VaeSettings());
        var name = $"vae-{EstimatorSpec.Parse(settings.Estimator).FileName}-{settings.Arity}-seed{settings.Seed}";
        return (settings, into?.FullName ?? System.IO.Path.GetFullPath(System.IO.Path.Combine("runs", name)));
    }
}
