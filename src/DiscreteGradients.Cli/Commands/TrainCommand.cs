using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad train vae, listops, simplex, polynomial.</summary>
internal static class TrainCommand
{
    public static Command Create() => new("train", "Train one model with one estimator.")
    {
        CreateVae(),
        CreateListOps(),
        TrainToyProblemCommand.Simplex(),
        TrainToyProblemCommand.Polynomial(),
    };

    private static Command CreateVae()
    {
        var common = new CommonOptions();
        var options = new VaeOptions(ofOneEstimator: true);
        var run = new RunOptions();
        var command = new Command("vae", "The discrete variational auto-encoder of App. D.2.");
        run.AddTo(command);
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var (settings, path) = run.Choose(parsed, options.Given(parsed), () => options.Read(parsed, new VaeSettings()), settings => settings.Validated(),
                settings => $"vae-{settings.Estimator.FileName}-{settings.Arity}-seed{settings.Seed}");
            var data = settings.OpenData(options.Elsewhere(parsed));
            using var task = new VaeTask(settings, data, session.Threads);
            var result = run.Train(session, parsed, "dgrad train vae", task, path, $"{settings.Estimator} on {data.Name}, {data.Binarisation}", $"{settings.Estimator}", cancellation);
            session.Print(result, result.HasDiverged
                ? $"diverged: the loss of step {result.Steps + 1} is not a finite number; recorded in {path}"
                : $"validation bound {result.ValidationBound:F2} nats (M = {settings.ValidationSamples}) after {result.Steps} steps; {path}");
            return Task.FromResult(result.HasDiverged ? ExitCode.Failed : ExitCode.Success);
        });
        return command;
    }

    private static Command CreateListOps()
    {
        var common = new CommonOptions();
        var options = new ListOpsOptions();
        var run = new RunOptions();
        var command = new Command("listops", "The TreeLSTM of App. D.1, which parses ListOps expressions without being shown a tree.");
        run.AddTo(command);
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var (settings, path) = run.Choose(parsed, options.Given(parsed), () => options.Read(parsed, new ListOpsSettings()), settings => settings.Validated(),
                settings => $"listops-{settings.MaxLength}-{settings.Estimator.FileName}-seed{settings.Seed}");
            var data = settings.OpenData(options.Elsewhere(parsed), cancellation);
            using var task = new ListOpsTask(settings, data);
            var result = run.Train(session, parsed, "dgrad train listops", task, path, $"{settings.Estimator} on {data.Name}, up to {settings.MaxLength} tokens", $"{settings.Estimator}", cancellation);
            session.Print(result, result.HasDiverged
                ? $"diverged: the loss of step {result.Steps + 1} is not a finite number; recorded in {path}"
                : $"validation accuracy {result.ValidationAccuracy:P1} after {settings.Epochs} epochs, {result.BestAccuracy:P1} at the best, epoch {result.BestEpoch}; {path}");
            return Task.FromResult(result.HasDiverged ? ExitCode.Failed : ExitCode.Success);
        });
        return command;
    }
}
