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

    public void AddTo(Command command)
    {
        command.Options.Add(into);
        command.Options.Add(resume);
        command.Options.Add(checkpoint);
    }

    /// <summary>The settings and the folder: of the run that is resumed, or as the options say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="given">Whether the command line sets any setting.</param>
    /// <param name="read">The settings of the command line, not validated.</param>
    /// <param name="validated">Checks settings.</param>
    /// <param name="name">The folder below runs/ where none is named.</param>
    public (TSettings Settings, string Path) Choose<TSettings>(ParseResult parsed, bool given, Func<TSettings> read, Func<TSettings, TSettings> validated, Func<TSettings, string> name)
    {
        var folder = parsed.GetValue(into);
        if (parsed.GetValue(resume) is { } resumed)
        {
            if (folder is not null || given) throw new InputException("--resume takes the settings of its folder; expected no other settings beside it.");
            return (validated(RunFolder.ReadSettings<TSettings>(resumed.FullName)), resumed.FullName);
        }
        var settings = validated(read());
        return (settings, folder?.FullName ?? Path.GetFullPath(Path.Combine("runs", name(settings))));
    }

    /// <summary>Trains with a progress bar; a stopped run says how it goes on.</summary>
    /// <param name="session">Of the command.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="command">As in "dgrad train vae".</param>
    /// <param name="task">As it is before the first step.</param>
    /// <param name="path">The run folder.</param>
    /// <param name="title">What is trained on what.</param>
    /// <param name="bar">The name of the progress bar.</param>
    /// <param name="cancellation">Stops with a checkpoint.</param>
    public TResult Train<TResult>(CommonOptions.Session session, ParseResult parsed, string command, ITrainingTask<TResult> task, string path, string title, string bar, CancellationToken cancellation)
    {
        using var folder = RunFolder.Open(path);
        using var trainer = new Trainer<TResult>(task, folder) { CheckpointInterval = TimeSpan.FromSeconds(parsed.GetValue(checkpoint)) };
        session.Display.Line($"{path}: {title}; step {trainer.Step} of {task.Steps}");
        try
        {
            return session.Display.Run([bar], reports => trainer.Run(Show(reports[0]), cancellation: cancellation)!);
        }
        catch (OperationCanceledException)
        {
            session.Display.Line($"stopped at step {trainer.Step}; go on with: {command} --resume {path}");
            throw;
        }
    }

    internal static Action<TrainingProgress> Show(ProgressDisplay.Report report) => progress =>
    {
        if (progress.Note is { } note) report(progress.Step, progress.Steps, note, asLine: true);
        else report(progress.Step, progress.Steps, $"loss {progress.Loss:F1}, {progress.StepsPerSecond:F0} steps/s");
    };
}
