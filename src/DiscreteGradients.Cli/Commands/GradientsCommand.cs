using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Gradients;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad gradients, which measures the bias, the variance and the mean squared error of
/// estimators.</summary>
internal static class GradientsCommand
{
    public static Command Create() => new("gradients", "Measure the bias, the variance and the mean squared error of estimators.")
    {
        GradientsToyProblemCommand.Simplex(),
        GradientsToyProblemCommand.Polynomial(),
        GradientsVaeCommand.Create(),
    };
}

/// <summary>The commands dgrad gradients simplex and dgrad gradients polynomial.</summary>
internal static class GradientsToyProblemCommand
{
    private static readonly CommaList<double> DefaultGrid = new(0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3);

    public static Command Simplex()
    {
        var point = Options.With("--p",
            "The point at which gradients are measured: three probabilities with the sum 1, separated by commas.",
            new CommaList<double>(0.5, 0.3, 0.2), "P1,P2,P3");
        var command = new Command("simplex", "Measure gradients of the quadratic programme over the simplex (Figure 1).")
        {
            point,
        };
        return Create(command, "st,st-gs,gr-mc:10,gr-mc:100,gr-mc:1000,reinforce", 200_000,
            parsed => (new QuadraticProblem(), QuadraticProblem.Point(parsed.GetValue(point)!.Values)));
    }

    public static Command Polynomial()
    {
        var power = Options.With("--power", "Power p of the objective E|z - 0.45|^p.", 2.0);
        var probability = Options.With("--probability",
            "The point at which gradients are measured: the probability that a variable is 1.", 0.5);
        var variables = Options.With("--variables", "Number of binary variables z.", 128);
        var command = new Command("polynomial", "Measure gradients of the mean of |z - 0.45|^p over binary variables.")
        {
            power, probability, variables,
        };
        return Create(command, "st,st-gs,gr-mc:10,gr-mc:100,gr,reinforce", 20_000, parsed =>
        {
            var problem = PolynomialProblem.Create(parsed.GetValue(power), parsed.GetValue(variables));
            return (problem, problem.Point(parsed.GetValue(probability)));
        });
    }

    private static Command Create(Command command, string defaults, int many, Func<ParseResult, (IToyProblem, double[,])> choose)
    {
        var estimators = Options.With("--estimators",
            $"The estimators that are measured, separated by commas: {EstimatorName.Known}. Traces are compared with that of the first.",
            new CommaList<EstimatorName>(EstimatorName.ParseList(defaults)));
        var temperatures = Options.Of<CommaList<double>>("--temperatures",
            $"Temperatures τ, separated by commas. By default 0.1,0.5,1, or {DefaultGrid} with --suggest-temperature.");
        var draws = Options.With("--draws", "Gradients drawn of each estimator.", many).From(40);
        var direct = Options.Of<bool>("--direct",
            "Count the direct dependence of the cost on the logits too, not only that by way of the sample.");
        var suggest = Options.Of<bool>("--suggest-temperature",
            "Find the temperature of least mean squared error of each estimator; "
            + "the default grid is made wider where the best is at its edge.");
        var batch = Options.With("--batch", "Gradients averaged in the error that --suggest-temperature minimises.", 1).From(1);
        var seed = Options.With("--seed", "Seed of the draws; the same at each temperature.", 0ul);
        foreach (var option in new Option[] { estimators, temperatures, draws, direct, suggest, batch, seed })
            command.Options.Add(option);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var (problem, point) = choose(parsed);
            var names = parsed.GetValue(estimators)!.Values;
            var grid = parsed.GetValue(temperatures)?.Values ?? (parsed.GetValue(suggest) ? DefaultGrid.Values : [0.1, 0.5, 1]);
            Check(names, grid, parsed.GetValue(suggest));
            if (parsed.IsGiven(batch) && !parsed.GetValue(suggest))
                throw new InputException("--batch goes with --suggest-temperature.");
            if (parsed.GetValue(direct) && problem.IsSingular(point)) throw new InputException(
                "--direct: the direct derivative is infinite at this point; expected a point where no probability is 2/3.");
            var study = new ToyProblemStudy(problem, point, parsed.GetValue(draws), parsed.GetValue(seed))
            {
                Direct = parsed.GetValue(direct),
                Batch = parsed.GetValue(batch),
            };
            var all = names.Count * grid.Count;
            var result = Measure();
            var widens = parsed.GetValue(suggest) && parsed.GetValue(temperatures) is null;
            for (var round = 1; widens && round <= SuggestedTemperature.MostRounds
                && SuggestedTemperature.Wider(grid, result.Suggestions ?? []) is { } wider; round++)
            {
                session.Display.Line(
                    $"the best temperature is at the edge of the grid: measured again with {NumberText.List(wider)}");
                (grid, all) = (wider, names.Count * wider.Count);
                result = Measure();
            }
            if (!parsed.GetValue(suggest)) result = result with { Suggestions = null };
            session.Print(result, ToyProblemTable.Text(result));
            return ExitCode.Success;

            ToyProblemResult Measure() => session.Display.Run(["gradients"],
                reports => study.Run(names, grid, done => reports[0](done, all, $"{done} of {all} measurements"), cancellation));
        });
    }

    private static void Check(IReadOnlyList<EstimatorName> names, IReadOnlyList<double> grid, bool suggest)
    {
        if (names.Count == 0) throw new InputException("--estimators names none; expected a list such as st-gs,gr-mc:100.");
        if (names.Distinct().Count() < names.Count) throw new InputException("--estimators names one twice; expected each once.");
        if (grid.Count == 0 || !grid.All(EstimatorName.IsTemperature)) throw new InputException(
            $"--temperatures is {new CommaList<double>(grid)}; expected finite numbers of at least 1e-36, with a decimal point.");
        if (suggest && (grid.Count < 3 || !grid.Zip(grid.Skip(1)).All(pair => pair.First < pair.Second)))
            throw new InputException(
                $"--temperatures is {new CommaList<double>(grid)}; --suggest-temperature expects at least three, ascending.");
    }
}
