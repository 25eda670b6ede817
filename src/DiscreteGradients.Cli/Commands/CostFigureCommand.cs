using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Tradeoff;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad figure cost.</summary>
internal static class CostFigureCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var defaults = new TradeoffSettings();
        var into = FigureCommand.Out();
        var options = new SettingsOptions<TradeoffSettings>();
        options.Bind("--arities", "n, a panel each: of 2, 4, 8, 16, 64.", new CommaList<int>(defaults.Arities), (s, v) => s with { Arities = v.Values });
        options.Bind("--estimators", $"{EstimatorName.Known}; rloo:S (S ≥ 2), disarm and local, which evaluate the cost several times; separated by commas.",
            $"{new CommaList<EstimatorName>(defaults.Estimators)}", (s, v) => s with { Estimators = EstimatorName.ParseList(v, severalEvaluations: true) });
        options.Bind("--temperature", "τ.", defaults.Temperature, (s, v) => s with { Temperature = v });
        options.Bind("--draws", "Gradients drawn of each estimator.", defaults.Draws, (s, v) => s with { Draws = v });
        options.Bind("--seconds", "Spent on timing each estimator.", defaults.Seconds, (s, v) => s with { Seconds = v });
        options.Bind<ulong>("--seed", "Of the problem and the draws.", (s, v) => s with { Seed = v });
        var command = new Command("cost", "Not of the paper: the variance of each estimator against the time of a gradient, on one problem whose exact gradient is known.") { into };
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var settings = options.Over(parsed, defaults).Validated();
            var path = FigureCommand.Folder(parsed, into);
            var rows = session.Display.Run(["figure cost"], reports => TradeoffStudy.Measure(settings, (part, text) => reports[0](part, 1, text), cancellation));
            TradeoffFigure.Save(rows, settings, path);
            session.Print(rows, TradeoffFigure.Text(rows));
            session.Display.Line($"{Path.Combine(path, "cost")}*.svg, *.png, cost.csv");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
