using System.CommandLine;
using DiscreteGradients.Experiments.Paper;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad figure 1.</summary>
internal static class Figure1Command
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var defaults = new Figure1Settings();
        var into = FigureCommand.Out();
        var side = new Option<int>("--side") { Description = "Points along a side of the triangle.", DefaultValueFactory = _ => defaults.Side };
        var temperatures = new Option<CommaList<double>>("--temperatures") { Description = "τ of each map.", DefaultValueFactory = _ => new([.. defaults.Temperatures]) };
        var draws = new Option<int>("--draws") { Description = "Gradients of ST-GS drawn given each category, at each point and temperature.", DefaultValueFactory = _ => defaults.Draws };
        var rao = new Option<int>("--rao-draws") { Description = "The same of GR-MCK, each from K draws of noise.", DefaultValueFactory = _ => defaults.RaoDraws };
        var samples = new Option<int>("--samples") { Description = "K of GR-MCK.", DefaultValueFactory = _ => defaults.Samples };
        var exact = new Option<bool>("--exact") { Description = "GR itself, K → ∞, in the place of GR-MCK." };
        var seed = new Option<ulong>("--seed") { Description = "Of the draws." };
        var command = new Command("1", "The quadratic programme over the simplex: contours, and the variance of ST-GS against that of GR-MCK.") { into, side, temperatures, samples, exact, draws, rao, seed };
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var settings = new Figure1Settings
            {
                Side = parsed.GetValue(side),
                Temperatures = parsed.GetValue(temperatures)!.Values,
                Samples = parsed.GetValue(samples),
                Exact = parsed.GetValue(exact),
                Draws = parsed.GetValue(draws),
                RaoDraws = parsed.GetValue(rao),
                Seed = parsed.GetValue(seed),
            }.Validated();
            var path = FigureCommand.Folder(parsed, into);
            var all = settings.Side * (settings.Side + 1) / 2;
            var points = FigureCommand.Resumable(session, "figure 1", report => Figure1.Make(settings, path, session.Threads,
                done => report(done, all, $"{done} of {all} points"), cancellation));
            session.Print(points, FigureCommand.Done(parsed, path, "1"));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
