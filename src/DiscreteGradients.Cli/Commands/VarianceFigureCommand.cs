using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad figure 2a, 2b and 3: the variance of the VAE's gradients along a training run that is made for them.</summary>
internal static class VarianceFigureCommand
{
    private static readonly CommaList<int> Along = new(1000, 10000, 20000, 30000, 40000, 50000);
    private static readonly VaeGradientSettings Defaults = new() { Minibatches = 200, Passes = 20, ReferencePasses = 0 };
    private static readonly VaeSettings Training = new() { Estimator = new(EstimatorFamily.GumbelRao, 100), Temperature = 0.5 };

    public static Command AlongTraining() => Create("2a", "Variance of the gradient along training, by estimator.", Along, Defaults,
        (session, arguments, cancellation) =>
        {
            var results = arguments.Measure(session, arguments.Training, cancellation);
            VarianceFigure.AlongTraining(results, arguments.Training, arguments.Path);
            return results;
        });

    public static Command AgainstTemperature() => Create("2b", "Mean squared error of the gradient against the temperature, by estimator, at the last step of --at.", new(10_000),
        Defaults with { Temperatures = [0.1, 0.2, 0.3, 0.45, 0.65, 1], Minibatches = 100, ReferencePasses = 8 }, (session, arguments, cancellation) =>
        {
            var results = arguments.Measure(session, arguments.Training, cancellation);
            VarianceFigure.AgainstTemperature(results[^1], arguments.Training, arguments.Path);
            return results;
        });

    public static Command OfArities()
    {
        var arities = new Option<CommaList<int>>("--arities") { Description = "One column each.", DefaultValueFactory = _ => new(2, 4, 8, 16) };
        var command = Create("3", "Variance of the gradient along training, for every arity: given the minibatch, and over minibatches.", Along, Defaults, (session, arguments, cancellation) =>
        {
            var columns = arguments.Parsed.GetValue(arities)!.Values.Select(arity => (arguments.Training with { Arity = arity }).Validated()).ToList();
            if (columns.Count == 0) throw new InputException("--arities names none; expected a list such as 2,8.");
            var results = columns.ConvertAll(training => arguments.Measure(session, training, cancellation));
            VarianceFigure.OfArities(results, arguments.Training, arguments.Path);
            return [.. results.SelectMany(result => result)];
        });
        command.Options.Remove(command.Options.Single(option => option.Name == "--arity"));
        command.Options.Add(arities);
        return command;
    }

    private static Command Create(string name, string description, CommaList<int> steps, VaeGradientSettings defaults, Func<CommonOptions.Session, Arguments, CancellationToken, IReadOnlyList<VaeGradientResult>> make)
    {
        var common = new CommonOptions();
        var training = new VaeOptions(ofOneEstimator: true);
        var study = new VaeGradientOptions(defaults, withReference: defaults.ReferencePasses > 0);
        var into = FigureCommand.Out();
        var at = new Option<CommaList<int>>("--at") { Description = "Training steps, separated by commas; those beyond --steps are left out.", DefaultValueFactory = _ => steps };
        var command = new Command(name, description) { into, at };
        study.AddTo(command);
        training.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var settings = training.Read(parsed, Training).Validated();
            var chosen = parsed.GetValue(at)!.Values.Where(step => step <= settings.Steps).Distinct().Order().ToList();
            if (chosen.Count == 0) throw new InputException($"--at is {parsed.GetValue(at)}; expected a step of at most --steps, {settings.Steps}.");
            var results = make(session, new(parsed, settings, chosen, study.Read, FigureCommand.Folder(parsed, into)), cancellation);
            session.Print(results, string.Join("\n\n", results.Select(VaeGradientTable.Text)));
            session.Display.Line(FigureCommand.Done(parsed, FigureCommand.Folder(parsed, into), name));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    /// <summary>What a figure is made from.</summary>
    private sealed record Arguments(ParseResult Parsed, VaeSettings Training, IReadOnlyList<int> Steps, Func<ParseResult, VaeSettings, VaeGradientSettings> Study, string Path)
    {
        /// <summary>Trains one model as far as it is not trained, and studies it at every step.</summary>
        public IReadOnlyList<VaeGradientResult> Measure(CommonOptions.Session session, VaeSettings training, CancellationToken cancellation)
        {
            var folder = System.IO.Path.Combine(Path, $"vae-{training.Arity}");
            var settings = Study(Parsed, training);
            var kind = settings.ReferencePasses > 0 ? "errors" : "variances";
            var source = new GradientsVaeCommand.Source(training, System.IO.Path.Combine(folder, "run"), System.IO.Path.Combine(folder, kind), Steps, Kept: true, Trains: true);
            var data = training.OpenData();
            GradientsVaeCommand.Train(session, source, data, cancellation);
            return [.. Steps.Select(step => GradientsVaeCommand.Measure(session, source, settings, data, step, cancellation))];
        }
    }
}
