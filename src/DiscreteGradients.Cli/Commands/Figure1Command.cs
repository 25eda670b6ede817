using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad figure 1.</summary>
internal static class Figure1Command
{
    public static Command Create()
    {
        var into = FigureCommand.Out();
        var options = new SettingsOptions<Figure1Settings>(new());
        options.Bind("--side", "Points along a side of the triangle.", s => s.Side, (s, v) => s with { Side = v });
        options.Bind("--temperatures", "Temperatures τ, separated by commas: a map for each.",
            s => new CommaList<double>(s.Temperatures), (s, v) => s with { Temperatures = v.Values });
        var samples = options.Bind("--samples", "Samples K of GR-MCK.", s => s.Samples, (s, v) => s with { Samples = v });
        options.Bind("--exact", "Map GR itself, K = ∞, in the place of GR-MCK.", s => s.Exact, (s, v) => s with { Exact = v });
        options.Bind("--draws", "Gradients of ST-GS drawn given each category, at each point and temperature.",
            s => s.Draws, (s, v) => s with { Draws = v });
        var raoDraws = options.Bind("--rao-draws", "Gradients of GR-MCK drawn likewise, each from K draws of noise.",
            s => s.RaoDraws, (s, v) => s with { RaoDraws = v });
        options.Bind("--seed", "Seed of the draws.", s => s.Seed, (s, v) => s with { Seed = v });
        var command = new Command("1",
            "Map the quadratic programme over the simplex: its contours, and the variance of ST-GS against that of GR-MCK (Figure 1).")
        {
            into,
        };
        options.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var settings = options.Over(parsed, options.Defaults).Validated();
            IReadOnlyList<Option> unused = settings.Exact ? [samples, raoDraws] : [];
            if (unused.FirstOrDefault(parsed.IsGiven) is { } given)
                throw new InputException($"{given.Name} has no effect with --exact; expected one of the two.");
            var path =
                FigureCommand.Folder(parsed, into, folder => RunFolder.Refusal(Path.Combine(folder, "figure-1"), settings));
            var all = settings.Side * (settings.Side + 1) / 2;
            IReadOnlyList<Figure1Point> points = [];
            FigureCommand.Draw(session.Display.Line, path, "1", () => points =
                FigureCommand.Resumable(session, "figure 1", report => Figure1.Make(settings, path, session.Threads,
                done => report(done, all, $"{done} of {all} points"), cancellation)));
            session.Print(points, FigureCommand.Done(parsed, path, "1"));
            return ExitCode.Success;
        });
    }
}
