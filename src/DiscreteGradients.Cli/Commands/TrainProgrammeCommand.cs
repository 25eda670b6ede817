using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Simplex;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad train simplex and dgrad train polynomial.</summary>
internal static class TrainProgrammeCommand
{
    public static Command Simplex() => Create(ProgrammeSettings.Simplex, "The quadratic programme over the simplex (Figure 1); draws its path on the triangle.",
        new ProgrammeSettings());

    public static Command Polynomial() => Create(ProgrammeSettings.Polynomial, "The mean of |z − 0.45|^p over binary variables.",
        new ProgrammeSettings { Programme = ProgrammeSettings.Polynomial, LearningRate = 300 });

    private static Command Create(string programme, string description, ProgrammeSettings defaults)
    {
        var common = new CommonOptions();
        var options = new ProgrammeOptions(programme);
        var run = new RunOptions();
        var command = new Command(programme, description);
        run.AddTo(command);
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var (settings, path) = run.Choose(parsed, options.Given(parsed), () => options.Read(parsed, defaults), Checked,
                settings => $"{programme}-{settings.Estimator.FileName}-seed{settings.Seed}");
            using var task = new ProgrammeTask(settings, session.Threads);
            var result = run.Train(session, parsed, $"dgrad train {programme}", task, path, $"{settings.Estimator}, temperature {settings.Temperature}", $"{settings.Estimator}", cancellation);
            ProgrammePath.Draw(settings, path);
            session.Print(result, result.HasDiverged
                ? $"diverged: the cost of step {result.Steps + 1} is not a finite number; recorded in {path}"
                : FormattableString.Invariant($"objective {result.Objective:G6} after {result.Steps} steps; {path}"));
            return Task.FromResult(result.HasDiverged ? ExitCode.Failed : ExitCode.Success);
        });
        return command;

        ProgrammeSettings Checked(ProgrammeSettings settings) => settings.Programme == programme
            ? settings.Validated()
            : throw new InputException($"the run is one of '{settings.Programme}'; expected one of '{programme}'.");
    }
}
