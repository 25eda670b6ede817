using System.CommandLine;
using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad figure idea.</summary>
internal static class IdeaFigureCommand
{
    public static Command Create()
    {
        var into = FigureCommand.Out(keeps: false);
        var options = new SettingsOptions<IdeaSettings>(new());
        options.Bind("--temperature", "Temperature τ of the estimators.", s => s.Temperature,
            (s, v) => s with { Temperature = v });
        options.Bind("--draws", "Noise vectors.", s => s.Draws, (s, v) => s with { Draws = v });
        options.Bind("--samples", "Samples K of GR-MCK, a divisor of the draws.", s => s.Samples,
            (s, v) => s with { Samples = v });
        options.Bind("--seed", "Seed of the noise.", s => s.Seed, (s, v) => s with { Seed = v });
        var command = new Command("idea",
            "Draw what GR-MCK averages over: noise vectors that lead to the same category, "
            + "and the gradient that each gives (not of the paper).")
        {
            into,
        };
        options.AddTo(command);
        return CommonOptions.Run(command, (session, parsed, cancellation) =>
        {
            var settings = options.Over(parsed, options.Defaults).Validated();
            var path = FigureCommand.Folder(parsed, into, _ => null);
            var name = Path.Combine(path, "idea");
            IReadOnlyList<IdeaRow> rows = [];
            FigureCommand.Replace(name, $"{name}.*", () => rows = IdeaFigure.Make(settings, path), session.Display.Line);
            session.Print(rows, $"{name}.svg, .png, .csv");
            return ExitCode.Success;
        });
    }
}
