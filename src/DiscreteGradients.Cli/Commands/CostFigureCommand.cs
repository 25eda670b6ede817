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
        var arities = new Option<CommaList<int>>("--arities") { Description = "n, a panel each: of 2, 4, 8, 16, 64.", DefaultValueFactory = _ => new([.. defaults.Arities]) };
        var estimators = new Option<CommaList<EstimatorName>>("--estimators") { Description = "Names separated by commas.", DefaultValueFactory = _ => new(defaults.Estimators) };
        var temperature = new Option<double>("--temperature") { Description = "τ.", DefaultValueFactory = _ => defaults.Temperature };
        var draws = new Option<int>("--draws") { Description = "Gradients drawn of each estimator.", DefaultValueFactory = _ => defaults.Draws };
        var seconds = new Option<double>("--seconds") { Description = "Spent on timing each estimator.", DefaultValueFactory = _ => defaults.Seconds };
        var seed = new Option<ulong>("--seed") { Description = "Of the problem and the draws." };
        var command = new Command("cost", "Not of the paper: the variance of each estimator against the time of a gradient, on one problem whose exact gradient is known.")
        {
            into, arities, estimators, temperature, draws, seconds, seed,
        };
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var settings = new TradeoffSettings
            {
                Arities = parsed.GetValue(arities)!.Values,
                Estimators = parsed.GetValue(estimators)!.Values,
                Temperature = parsed.GetValue(temperature),
                Draws = parsed.GetValue(draws),
                Seconds = parsed.GetValue(seconds),
                Seed = parsed.GetValue(seed),
            }.Validated();
            var path = FigureCommand.Folder(parsed, into);
            var rows = session.Display.Run(["figure cost"], reports => TradeoffStudy.Measure(settings, session.Threads, (part, text) => reports[0](part, 1, text), cancellation));
            TradeoffFigure.Save(rows, settings, path);
            session.Print(rows, TradeoffFigure.Text(rows));
            session.Display.Line($"{Path.Combine(path, "cost")}*.svg, *.png, cost.csv");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
