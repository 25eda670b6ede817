using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli;

/// <summary>The run folder of a training command, and the training itself, whatever the task.</summary>
internal sealed class RunOptions
{
    private const double MostSeconds = 1e6;

    private readonly Option<DirectoryInfo?> into = Options.Of<DirectoryInfo?>("--out",
        "The run folder; a run of the same settings that is there goes on. "
        + "By default a folder below runs/ whose name tells the settings that are not the defaults.");

    private readonly Option<DirectoryInfo?> resume = Options.Of<DirectoryInfo?>("--resume",
        "Go on with the run of this folder, with its settings; more steps or epochs may be given.");
    private readonly Option<double> checkpoint = CheckpointSeconds("Seconds from one checkpoint to the next.");

    public static Option<double> CheckpointSeconds(string description) =>
        Options.With("--checkpoint-seconds", description, 30.0).From(0, MostSeconds);

    private readonly Option<DirectoryInfo?> events = LiveEventsOption.Create();

    public void AddTo(Command command)
    {
        command.Options.Add(events);
        command.Options.Add(into);
        command.Options.Add(resume);
        command.Options.Add(checkpoint);
    }

    /// <summary>The settings: of the run that is resumed, or as the options say.</summary>
    public TSettings Settings<TSettings>(ParseResult parsed, TaskOptions<TSettings> options)
        where TSettings : class
    {
        if (parsed.GetValue(resume) is not { } resumed) return options.Read(parsed);
        if (parsed.GetValue(into) is not null || options.GivenBesideLength(parsed))
            throw new InputException(
                "--resume takes the settings of its folder; expected no other settings beside it, but for more steps or epochs.");
        var settings = options.Validated(options.Over(parsed, RunFolder.ReadSettings<TSettings>(resumed.FullName)));
        return RunStanding.Of(resumed.FullName, settings) is { There: not null, IsLonger: false, Text: { Length: > 0 } text }
            ? throw new InputException($"--resume takes the settings of its folder, and more steps or epochs: {text}.")
            : settings;
    }

    /// <summary>The folder of the run.</summary>
    /// <param name="name">Below runs/, where none is named.</param>
    /// <param name="settings">With the data that are open.</param>
    public string Folder(ParseResult parsed, string name, object settings) =>
        (parsed.GetValue(resume) ?? parsed.GetValue(into))?.FullName
        ?? DefaultFolder.Free(Path.Combine("runs", name), path => RunFolder.Refusal(path, settings));

    /// <summary>Trains with a progress bar; a stopped run says how it goes on.</summary>
    /// <param name="training">The task as it is before the first step, and what is said of it.</param>
    public TResult Train<TResult>(CommonOptions.Session session, ParseResult parsed, Training<TResult> training, string path,
        CancellationToken cancellation)
        where TResult : TrainingResult
    {
        using var folder = RunFolder.Open(path);
        using var trainer = new Trainer<TResult>(training.Task, folder)
        {
            CheckpointInterval = TimeSpan.FromSeconds(parsed.GetValue(checkpoint)),
        };
        Typed.Record(parsed, path);
        using var live = events.Follow(parsed, () => [(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), path)]);
        session.Display.Line($"{path}: {training.Estimator}{training.Where}; step {trainer.Step} of {training.Task.Steps}");
        return session.Display.Run([$"{training.Estimator}"],
            reports => trainer.Run(Show(reports[0]), cancellation: cancellation)!,
            () => $"stopped at step {trainer.Step}; go on with: {Failure.Path(parsed.CommandResult.Command)} "
                + $"--resume {Quote.Word(path)}");
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
internal sealed record Training<TResult>(ITrainingTask<TResult> Task, EstimatorName Estimator, string Where,
    Func<TResult, string> Found)
    where TResult : TrainingResult;
