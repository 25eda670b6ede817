using System.CommandLine;
using System.CommandLine.Parsing;
using DiscreteGradients.Experiments.Paper;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad figure: the paper's figures, measured anew or from the record of a search.</summary>
internal static class FigureCommand
{
    public static Command Create() => new("figure", "Draw a figure of the paper: 1, 2a, 2b and 3 are measured, 2c and 4 come from a search; and cost, which is ours.")
    {
        Figure1Command.Create(),
        VarianceFigureCommand.AlongTraining(),
        VarianceFigureCommand.AgainstTemperature(),
        SearchFigureCommand.Convergence(),
        VarianceFigureCommand.OfArities(),
        SearchFigureCommand.BatchSize(),
        CostFigureCommand.Create(),
    };

    /// <summary>The folder of the files.</summary>
    internal static Option<DirectoryInfo?> Out() => new("--out") { Description = "The folder of the files; a measurement of the same settings that is there goes on. Default: runs/figures." };

    internal static string Folder(ParseResult parsed, Option<DirectoryInfo?> option) =>
        Directory.CreateDirectory(parsed.GetValue(option)?.FullName ?? Path.GetFullPath(Path.Combine("runs", "figures"))).FullName;

    /// <summary>Writes how the figure was made, and says where it is.</summary>
    internal static string Done(ParseResult parsed, string folder, string name, params IEnumerable<string> arguments)
    {
        FigureRecord.Write(folder, name, Line(parsed, ["figure", name, .. arguments]));
        return $"{Path.Combine(folder, $"figure-{name}")}.svg, .png, .csv";
    }

    /// <summary>The command line, for a record: without the options that do not change what is computed.</summary>
    internal static string Line(ParseResult parsed, IEnumerable<string> words)
    {
        // What decides where the files go and how fast, not what they hold.
        string[] left = ["--out", "--threads", "--quiet", "--json"];
        var options = parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(option => !option.Implicit && !left.Contains(option.Option.Name))
            .SelectMany(option => option.Tokens.Select(token => token.Value).Prepend(option.Option.Name));
        return string.Join(' ', ["dgrad", .. words, .. options]);
    }

    /// <summary>A measurement with a progress bar, which the same command takes up again after a stop.</summary>
    internal static T Resumable<T>(CommonOptions.Session session, string name, Func<ProgressDisplay.Report, T> body)
    {
        try
        {
            return session.Display.Run([name], reports => body(reports[0]));
        }
        catch (Exception e) when (Failure.Of(e).Code == ExitCode.Interrupted)
        {
            session.Display.Line("stopped; the same command goes on from here");
            throw;
        }
    }
}
