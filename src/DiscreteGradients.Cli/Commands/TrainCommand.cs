using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad train vae.</summary>
internal static class TrainCommand
{
    public static Command Create() => new("train", "Train one model with one estimator.") { CreateVae() };

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
                settings => $"vae-{EstimatorSpec.Parse(settings.Estimator).FileName}-{settings.Arity}-seed{settings.Seed}");
            var data = MnistData.Open(settings.Data);
            using var task = new VaeTask(settings, data, session.Threads);
            var result = run.Train(session, parsed, "dgrad train vae", task, path, $"{settings.Estimator} on {data.Name}, {data.Binarisation}", settings.Estimator, cancellation);
            session.Print(result, result.HasDiverged
                ? $"diverged: the loss of step {result.Steps + 1} is not a finite number; recorded in {path}"
                : $"validation bound {result.ValidationBound:F2} nats (M = {settings.ValidationSamples}) after {result.Steps} steps; {path}");
            return Task.FromResult(result.HasDiverged ? ExitCode.Failed : ExitCode.Success);
        });
        return command;
    }
}
