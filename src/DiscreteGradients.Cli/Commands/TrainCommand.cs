using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.ToyProblems;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The commands dgrad train vae, listops, simplex and polynomial.</summary>
internal static class TrainCommand
{
    public static Command Create() => new("train", "Train one model with one estimator.")
    {
        CreateVae(),
        CreateListOps(),
        CreateToyProblem(
            "Minimise the quadratic programme over the simplex (Figure 1) by stochastic gradients, and draw the path on the triangle.",
            new()),
        CreateToyProblem("Minimise the mean of |z - 0.45|^p over binary variables by stochastic gradients.",
            new() { Programme = ToyProblemSettings.Polynomial, LearningRate = 300 }),
    };

    private static Command CreateVae() => Create(new("vae", "Train the discrete variational auto-encoder of App. D.2."),
        new VaeOptions(new(), ofOneEstimator: true), (settings, elsewhere, threads, _) =>
        {
            var data = settings.OpenData(elsewhere);
            return new Training<VaeTrainingResult>(new VaeTask(settings, data, threads), settings.Estimator,
                $" on {data.Name}, {data.Binarisation}",
                result =>
                    $"validation bound {result.ValidationBound:F2} nats (M = {settings.ValidationSamples}) after {result.Steps} steps");
        });

    private static Command CreateListOps() =>
        Create(new("listops", "Train the TreeLSTM of App. D.1, which parses ListOps expressions without being shown a tree."),
            new ListOpsOptions(), (settings, elsewhere, _, cancellation) =>
            {
                var data = settings.OpenData(elsewhere, cancellation);
                return new Training<ListOpsTrainingResult>(new ListOpsTask(settings, data), settings.Estimator,
                    $" on {data.Name}, up to {settings.MaxLength} tokens",
                    result =>
                        $"validation accuracy {result.ValidationAccuracy:P1} after {settings.Epochs} epochs, "
                        + $"{result.BestAccuracy:P1} at the best, epoch {result.BestEpoch}");
            });

    private static Command CreateToyProblem(string description, ToyProblemSettings defaults) =>
        Create(new(defaults.Programme, description), new ToyProblemOptions(defaults),
            (settings, _, _, _) => new Training<ToyProblemTrainingResult>(new ToyProblemTask(settings), settings.Estimator,
                $", temperature {settings.Temperature}",
                result => FormattableString.Invariant($"objective {result.Objective:G6} after {result.Steps} steps")),
            ToyProblemPath.Draw);

    /// <summary>Makes a task of its settings, of where the data are now, and of the number of threads.</summary>
    private delegate Training<TResult> Open<TSettings, TResult>(TSettings settings, string? elsewhere, int threads,
        CancellationToken cancellation)
        where TResult : TrainingResult;

    private static Command Create<TSettings, TResult>(Command command, TaskOptions<TSettings> options,
        Open<TSettings, TResult> open, Action<TSettings, string>? draw = null)
        where TSettings : class
        where TResult : TrainingResult
    {
        var run = new RunOptions();
        run.AddTo(command);
        options.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var settings = run.Settings(parsed, options);
            var training = open(settings, options.Elsewhere(parsed), session.Threads, cancellation);
            using var task = training.Task;
            // A run that is made longer stays where it is.
            var name = DefaultFolder.Name($"{command.Name}-{training.Estimator}", settings, options.Defaults,
                ["estimator", .. RunLength.Keys]);
            var path = run.Folder(parsed, name, task.Settings);
            var result = run.Train(session, parsed, training, path, cancellation);
            draw?.Invoke(settings, path);
            session.Print(result, result.HasDiverged
                ? $"diverged after step {result.Steps}: the next loss, or the validation, is not a finite number; "
                    + $"recorded in {path}"
                : $"{training.Found(result)}; {path}");
            return result.HasDiverged ? ExitCode.Failed : ExitCode.Success;
        });
    }
}
