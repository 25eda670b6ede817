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
        var options = new SettingsOptions<Figure1Settings>();
        options.Bind("--side", "Points along a side of the triangle.", defaults.Side, (s, v) => s with { Side = v });
        options.Bind("--temperatures", "τ of each map.", new CommaList<double>(defaults.Temperatures), (s, v) => s with { Temperatures = v.Values });
        options.Bind("--samples", "K of GR-MCK.", defaults.Samples, (s, v) => s with { Samples = v });
        options.Bind<bool>("--exact", "GR itself, K → ∞, in the place of GR-MCK.", (s, v) => s with { Exact = v });
        options.Bind("--draws", "Gradients of ST-GS drawn given each category, at each point and temperature.", defaults.Draws, (s, v) => s with { Draws = v });
        options.Bind("--rao-draws", "The same of GR-MCK, each from K draws of noise.", defaults.RaoDraws, (s, v) => s with { RaoDraws = v });
        options.Bind<ulong>("--seed", "Of the draws.", (s, v) => s with { Seed = v });
        var command = new Command("1", "The quadratic programme over the simplex: contours, and the variance of ST-GS against that of GR-MCK.") { into };
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var session = common.Start(parsed);
            var settings = options.Over(parsed, defaults).Validated();
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
