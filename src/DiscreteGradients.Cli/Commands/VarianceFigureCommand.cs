using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The commands dgrad figure 2a, 2b and 3, which measure the variance of the VAE's gradients along a training run that
/// is made for them.</summary>
internal static class VarianceFigureCommand
{
    private static readonly CommaList<int> Along = new(1000, 10000, 20000, 30000, 40000, 50000);
    private static readonly VaeGradientSettings Defaults = new() { Minibatches = 200, Passes = 20, ReferencePasses = 0 };
    private static readonly VaeSettings Training = new() { Estimator = new(EstimatorFamily.GumbelRao, 100), Temperature = 0.5 };

    public static Command AlongTraining() =>
        Create("2a", "Measure the variance of the gradient along training, by estimator (Figure 2a).", Along, Defaults,
            (_, training) => [training], (results, training, path) => VarianceFigure.AlongTraining(results[0], training, path));

    public static Command AgainstTemperature() => Create("2b",
        "Measure the mean squared error of the gradient against the temperature, by estimator, at the last step of --at (Figure 2b).",
        new(10_000), Defaults with { Temperatures = [0.1, 0.2, 0.3, 0.45, 0.65, 1], Minibatches = 100, ReferencePasses = 8 },
        (_, training) => [training], (results, training, path) =>
            VarianceFigure.AgainstTemperature(results[0][^1], training, path));

    public static Command OfArities()
    {
        var arities = Options.With("--arities",
            "Categories of a latent variable, separated by commas: a model and a column of the figure for each.",
            new CommaList<int>(2, 4, 8, 16));
        var command = Create("3",
            "Measure the variance of the gradient along training for every arity: given the minibatch, and over minibatches (Figure 3).",
            Along, Defaults, Columns, VarianceFigure.OfArities);
        command.Options.Remove(command.Options.Single(option => option.Name == "--arity"));
        command.Options.Add(arities);
        return command;

        IReadOnlyList<VaeSettings> Columns(ParseResult parsed, VaeSettings training)
        {
            var given = parsed.GetValue(arities)!.Values;
            if (given.Count == 0) throw new InputException("--arities names none; expected a list such as 2,8.");
            InputException.RequireOnce("arity", given);
            return [.. given.Select(arity => (training with { Arity = arity }).Validated())];
        }
    }

    private static Command Create(string name, string description, CommaList<int> steps, VaeGradientSettings defaults,
        Func<ParseResult, VaeSettings, IReadOnlyList<VaeSettings>> columns,
        Action<IReadOnlyList<IReadOnlyList<VaeGradientResult>>, VaeSettings, string> draw)
    {
        var training = new VaeOptions(Training, ofOneEstimator: true);
        var study = new VaeGradientOptions(defaults, withReference: defaults.ReferencePasses > 0);
        var into = FigureCommand.Out();
        var at = Options.With("--at",
            "Training steps at which gradients are measured, separated by commas; those beyond --steps are left out.", steps);
        var command = new Command(name, description) { into, at };
        study.AddTo(command);
        training.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var settings = training.Read(parsed);
            var chosen = parsed.GetValue(at)!.Values.Where(step => step <= settings.Steps).Distinct().Order().ToList();
            if (chosen.Count == 0)
                throw new InputException($"--at is {parsed.GetValue(at)}; expected a step of at most --steps, {settings.Steps}.");
            var models = columns(parsed, settings);
            var (data, measured) = (settings.OpenData(), study.Read(parsed, settings));
            var path = FigureCommand.Folder(parsed, into, folder => models
                .Select(model => SourceIn(folder, model, chosen, measured).Refusal(measured, data))
                .FirstOrDefault(refusal => refusal is not null));
            var results = models.Select(model =>
            {
                var source = SourceIn(path, model, chosen, measured);
                GradientsVaeCommand.Train(session, source, data, cancellation);
                return (IReadOnlyList<VaeGradientResult>)[.. chosen.Select(step =>
                {
                    using var kept = VaeSnapshots.Load(source.Run, model, data, step);
                    return GradientsVaeCommand.Measure(session, source, kept, measured, data, step, cancellation);
                })];
            }).ToList();
            FigureCommand.Draw(session.Display.Line, path, name, () => draw(results, settings, path));
            session.Print(results.SelectMany(column => column),
                string.Join("\n\n", results.SelectMany(column => column).Select(VaeGradientTable.Text)));
            session.Display.Line(FigureCommand.Done(parsed, path, name));
            return ExitCode.Success;
        });
    }

    /// <summary>One model, trained as far as it is not trained, and studied at every step.</summary>
    private static GradientsVaeCommand.Source SourceIn(string path, VaeSettings training, IReadOnlyList<int> steps,
        VaeGradientSettings study)
    {
        var folder = Path.Combine(path, FormattableString.Invariant($"vae-{training.Arity}"));
        return new(training, Path.Combine(folder, "run"),
            Path.Combine(folder, study.ReferencePasses > 0 ? "errors" : "variances"), steps, Trains: true);
    }
}
