using System.CommandLine;
using System.CommandLine.Parsing;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Paper;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad figure, which draws the figures of the paper, measured anew or from the record of a search, and
/// those of the documentation.</summary>
internal static class FigureCommand
{
    public static Command Create() => new("figure",
        "Draw a figure of the paper (1, 2a, 2b and 3 are measured, "
        + "2c and 4 come from a search), or one of the documentation (cost, idea).")
    {
        Figure1Command.Create(),
        VarianceFigureCommand.AlongTraining(),
        VarianceFigureCommand.AgainstTemperature(),
        SearchFigureCommand.Convergence(),
        VarianceFigureCommand.OfArities(),
        SearchFigureCommand.BatchSize(),
        CostFigureCommand.Create(),
        IdeaFigureCommand.Create(),
    };

    /// <summary>The folder of the files.</summary>
    /// <param name="keeps">Whether the measurement is kept there, so that it can go on.</param>
    internal static Option<DirectoryInfo?> Out(bool keeps = true) => Options.Of<DirectoryInfo?>("--out", keeps
        ? "The folder of the files; a measurement of the same settings that is there goes on. "
            + "By default runs/figures, with a number where that holds one of other settings."
        : "The folder of the files. By default runs/figures.");

    /// <summary>The folder of the files, made where it is not there.</summary>
    /// <param name="refusal">Why a folder cannot have them; null where it can.</param>
    /// <exception cref="InputException">The folder that was named cannot have them.</exception>
    internal static string Folder(ParseResult parsed, Option<DirectoryInfo?> option, Func<string, InputException?> refusal)
    {
        var named = parsed.GetValue(option)?.FullName;
        if (named is not null && refusal(named) is { } obstacle) throw obstacle;
        return FolderFile.MakeNamed(named ?? DefaultFolder.Free(Path.Combine("runs", "figures"), refusal));
    }

    /// <summary>Draws a figure, and says so where it was there, with the command that its record names.</summary>
    internal static void Draw(Action<string> say, string folder, string name, Action draw)
    {
        var (path, there) = (Path.Combine(folder, $"figure-{name}"), FigureRecord.Read(folder, name));
        Replace(path, $"{path}.*", draw, text => say(there is null ? text : $"{text}; it was made by: {there.Command}"));
    }

    /// <summary>Writes the files of a picture, and says so where it was there.</summary>
    /// <param name="path">The path that the files share, without their endings.</param>
    /// <param name="shown">What the files are called together.</param>
    internal static void Replace(string path, string shown, Action draw, Action<string> say) =>
        OutFile.Replace([$"{path}.svg", $"{path}.png", $"{path}.csv"], shown, draw, say);

    /// <summary>Writes how the figure was made, and says where it is.</summary>
    internal static string Done(ParseResult parsed, string folder, string name, params IEnumerable<string> arguments)
    {
        // What decides where the files go and how fast, not what they hold.
        string[] left = ["--out", "--threads", "--quiet", "--json"];
        var options = parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(option => !option.Implicit && !left.Contains(option.Option.Name))
            .SelectMany(option => option.Tokens.Select(token => Quote.Word(token.Value)).Prepend(option.Option.Name));
        FigureRecord.Write(folder, name, string.Join(' ', ["dgrad figure", name, .. arguments.Select(Quote.Word), .. options]));
        return $"{Path.Combine(folder, $"figure-{name}")}.svg, .png, .csv";
    }

    /// <summary>A measurement with a progress bar, which the same command takes up again after a stop.</summary>
    internal static T Resumable<T>(CommonOptions.Session session, string name, Func<ProgressDisplay.Report, T> body) =>
        session.Display.Run([name], reports => body(reports[0]), () => "stopped; the same command goes on from here");
}
