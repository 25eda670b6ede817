using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The run folder of a training command, and the training itself, whatever the task.</summary>
internal sealed class RunOptions
{
    private const double MostSeconds = 1e6;

    private readonly Option<DirectoryInfo?> into = new("--out") { Description = "The run folder; a run of the same settings that is there goes on." };
    private readonly Option<DirectoryInfo?> resume = new("--resume") { Description = "Go on with the run of this folder, with its settings." };
    private readonly Option<double> checkpoint = CheckpointSeconds("Seconds between checkpoints.");

    public static Option<double> CheckpointSeconds(string description) =>
        new Option<double>("--checkpoint-seconds") { Description = description, DefaultValueFactory = _ => 30 }.From(0, MostSeconds);

    private readonly Option<DirectoryInfo?> events = LiveEventsOption.Create();

    public void AddTo(Command command)
    {
        command.Options.Add(events);
        command.Options.Add(into);
        command.Options.Add(resume);
        command.Options.Add(checkpoint);
    }

    /// <summary>The settings and the folder: of the run that is resumed, or as the options say.</summary>
    /// <param name="defaults">What holds where neither the command line nor a file says anything.</param>
    /// <param name="name">The folder below runs/ where none is named.</param>
    public (TSettings Settings, string Path) Choose<TSettings>(ParseResult parsed, TaskOptions<TSettings> options, TSettings defaults, Func<TSettings, string> name)
        where TSettings : class
    {
        var folder = parsed.GetValue(into);
        if (parsed.GetValue(resume) is { } resumed)
        {
            if (folder is not null || options.Given(parsed)) throw new InputException("--resume takes the settings of its folder; expected no other settings beside it.");
            return (options.Validated(RunFolder.ReadSettings<TSettings>(resumed.FullName)), resumed.FullName);
        }
        var settings = options.Read(parsed, defaults);
        return (settings, folder?.FullName ?? Path.GetFullPath(Path.Combine("runs", name(settings))));
    }

    /// <summary>Trains with a progress bar; a stopped run says how it goes on.</summary>
    /// <param name="training">The task as it is before the first step, and what is said of it.</param>
    public TResult Train<TResult>(CommonOptions.Session session, ParseResult parsed, Training<TResult> training, string path, CancellationToken cancellation)
        where TResult : TrainingResult
    {
        using var folder = RunFolder.Open(path);
        using var trainer = new Trainer<TResult>(training.Task, folder) { CheckpointInterval = TimeSpan.FromSeconds(parsed.GetValue(checkpoint)) };
        Typed.Record(parsed, path);
        using var live = events.Follow(parsed, () => [(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), path)]);
        session.Display.Line($"{path}: {training.Estimator}{training.Where}; step {trainer.Step} of {training.Task.Steps}");
        try
        {
            return session.Display.Run([$"{training.Estimator}"], reports => trainer.Run(Show(reports[0]), cancellation: cancellation)!);
        }
        catch (OperationCanceledException)
        {
            session.Display.Line($"stopped at step {trainer.Step}; go on with: {Failure.Path(parsed)} --resume {path}");
            throw;
        }
    }

    internal static Action<TrainingProgress> Show(ProgressDisplay.Report report) => progress =>
    {
        if (progress.Note is { } note) report(progress.Step, progress.Steps, note, asLine: true);
        else report(progress.Step, progress.Steps, $"loss {progress.Loss:F1}, {progress.StepsPerSecond:F0} steps/s");
    };
}

/// <summary>A training that a command is about to run.</summary>
/// <param name="Task">The task as it is before the first step.</param>
/// <param name="Estimator">The name of the progress bar.</param>
/// <param name="Where">What the estimator is at work on, after its name.</param>
/// <param name="Found">What the run has come to, in words.</param>
internal sealed record Training<TResult>(ITrainingTask<TResult> Task, EstimatorName Estimator, string Where, Func<TResult, string> Found)
    where TResult : TrainingResult;
