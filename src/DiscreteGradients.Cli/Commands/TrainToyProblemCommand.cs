using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad train simplex and dgrad train polynomial.</summary>
internal static class TrainToyProblemCommand
{
    public static Command Simplex() => Create(ToyProblemSettings.Simplex, "The quadratic programme over the simplex (Figure 1); draws its path on the triangle.",
        new ToyProblemSettings());

    public static Command Polynomial() => Create(ToyProblemSettings.Polynomial, "The mean of |z − 0.45|^p over binary variables.",
        new ToyProblemSettings { Programme = ToyProblemSettings.Polynomial, LearningRate = 300 });

    private static Command Create(string problem, string description, ToyProblemSettings defaults)
    {
        var common = new CommonOptions();
        var options = new ToyProblemOptions(problem);
        var run = new RunOptions();
        var command = new Command(problem, description);
        run.AddTo(command);
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var (settings, path) = run.Choose(parsed, options.Given(parsed), () => options.Read(parsed, defaults), Checked,
                settings => $"{problem}-{settings.Estimator.FileName}-seed{settings.Seed}");
            using var task = new ToyProblemTask(settings, session.Threads);
            var result = run.Train(session, parsed, $"dgrad train {problem}", task, path, $"{settings.Estimator}, temperature {settings.Temperature}", $"{settings.Estimator}", cancellation);
            ToyProblemPath.Draw(settings, path);
            session.Print(result, result.HasDiverged
                ? $"diverged: the cost of step {result.Steps + 1} is not a finite number; recorded in {path}"
                : FormattableString.Invariant($"objective {result.Objective:G6} after {result.Steps} steps; {path}"));
            return Task.FromResult(result.HasDiverged ? ExitCode.Failed : ExitCode.Success);
        });
        return command;

        ToyProblemSettings Checked(ToyProblemSettings settings) => settings.Programme == problem
            ? settings.Validated()
            : throw new InputException($"the run is one of '{settings.Programme}'; expected one of '{problem}'.");
    }
}
