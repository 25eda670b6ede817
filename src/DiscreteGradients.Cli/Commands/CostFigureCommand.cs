using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Tradeoff;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad figure cost.</summary>
internal static class CostFigureCommand
{
    public static Command Create()
    {
        var into = FigureCommand.Out(keeps: false);
        var options = new SettingsOptions<TradeoffSettings>(new());
        options.Bind("--arities", "Categories of a variable, separated by commas, a panel each: of 2, 4, 8, 16, 64.",
            s => new CommaList<int>(s.Arities), (s, v) => s with { Arities = v.Values });
        options.Bind("--estimators",
            $"The estimators that are measured, separated by commas: {EstimatorName.Known}; "
            + "and rloo:S (S ≥ 2), disarm and local, which evaluate the cost several times.",
            s => $"{new CommaList<EstimatorName>(s.Estimators)}", (s, v) => s with
            {
                Estimators = EstimatorName.ParseList(v, severalEvaluations: true),
            });
        options.Bind("--temperature", "Temperature τ of the estimators.",
            s => s.Temperature, (s, v) => s with { Temperature = v });
        options.Bind("--draws", "Gradients drawn of each estimator.", s => s.Draws, (s, v) => s with { Draws = v });
        options.Bind("--seconds", "Seconds spent on timing each estimator.", s => s.Seconds, (s, v) => s with { Seconds = v });
        options.Bind("--seed", "Seed of the problem and the draws.", s => s.Seed, (s, v) => s with { Seed = v });
        var command = new Command("cost",
            "Measure the variance of each estimator against the time of a gradient, "
            + "on one problem whose exact gradient is known (not of the paper).")
        {
            into,
        };
        options.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var settings = options.Over(parsed, options.Defaults).Validated();
            var path = FigureCommand.Folder(parsed, into, _ => null);
            var rows = session.Display.Run(["figure cost"],
                reports => TradeoffStudy.Measure(settings, (part, text) => reports[0](part, 1, text), cancellation));
            var name = Path.Combine(path, "cost");
            FigureCommand.Replace(name, $"{name}*", () => TradeoffFigure.Save(rows, settings, path), session.Display.Line);
            session.Print(rows, TradeoffFigure.Text(rows));
            session.Display.Line($"{name}*.svg, *.png, cost.csv");
            return ExitCode.Success;
        });
    }
}
