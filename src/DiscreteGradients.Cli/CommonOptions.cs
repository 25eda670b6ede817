using System.CommandLine;
using System.Text.Json;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using TorchSharp;

namespace DiscreteGradients.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class CommonOptions
{
    /// <summary>The most threads and workers that may be asked for.</summary>
    internal const int MostThreads = 4096;

    public Option<int> Threads { get; } = Options.With("--threads",
        "Threads of the fused kernel, the bound and estimators that are trained side by side; "
        + "libtorch itself runs on one. By default every core.", Environment.ProcessorCount)
        .From(1, MostThreads);

    public Option<bool> Quiet { get; } = Options.Of<bool>("--quiet", "Say nothing of progress.");

    public Option<bool> Json { get; } = Options.Of<bool>("--json",
        "Print the result as one JSON line on standard output, and everything else on standard error.");

    /// <param name="command">The command that gets the options.</param>
    /// <param name="threads">Whether the number of threads makes a difference to it.</param>
    public void AddTo(Command command, bool threads = true)
    {
        if (threads) command.Options.Add(Threads);
        command.Options.Add(Quiet);
        command.Options.Add(Json);
    }

    /// <summary>Gives a command the options, and what it does in a session that they set up.</summary>
    /// <param name="body">What it does; the exit code.</param>
    /// <param name="threads">Whether the number of threads makes a difference to it.</param>
    public static Command Run(Command command, Func<Session, ParseResult, CancellationToken, int> body, bool threads = true)
    {
        var common = new CommonOptions();
        common.AddTo(command, threads);
        command.SetAction((parsed, cancellation) => Task.FromResult(body(common.Start(parsed), parsed, cancellation)));
        return command;
    }

    /// <summary>Reads the options and sets libtorch up.</summary>
    public Session Start(ParseResult parsed)
    {
        // The workers of libtorch's own pool spin after each operation, which slows small batches and the kernel's threads.
        torch.set_num_threads(1);
        FusedKernels.Threads =
            parsed.CommandResult.Command.Options.Contains(Threads) ? parsed.GetValue(Threads) : Environment.ProcessorCount;
        return new(FusedKernels.Threads, parsed.GetValue(Json), new ProgressDisplay(parsed.GetValue(Quiet)));
    }

    /// <param name="Threads">At least 1.</param>
    /// <param name="Json">Whether the result goes out as JSON.</param>
    /// <param name="Display">Where progress goes.</param>
    internal sealed record Session(int Threads, bool Json, ProgressDisplay Display)
    {
        /// <summary>The result, on standard output.</summary>
        public void Print<T>(T result, string text) => Console.Out.WriteLine(Json
            ? JsonSerializer.Serialize(result, JsonText.Line)
            : LiveFrame.Of(Console.Out, Console.IsOutputRedirected) is { } window
                ? Cells.WrapLines(Quote.VisibleLines(text), window.Room.Width)
                : Quote.VisibleLines(text));
    }
}
