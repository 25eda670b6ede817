using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.Search;
using TorchSharp;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad worker DIR, which a launcher of searches starts.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "A search's folder." };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 1 }.From(1, CommonOptions.MostThreads);
        var checkpoint = RunOptions.CheckpointSeconds("Seconds between checkpoints of a trial.");
        var attended = Options.Of<bool>("--until-input-ends",
            "Stop when standard input closes, and stay while other workers are at work.");
        var command = new Command("worker", "One worker of a search; dgrad search starts them.")
        {
            folder, threads, checkpoint, attended,
        };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) =>
        {
            torch.set_num_threads(1);
            FusedKernels.Threads = parsed.GetValue(threads);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(attended)) new Thread(() => Watch(stop)) { IsBackground = true }.Start();
            var options = new TrialOptions(parsed.GetValue(threads), TimeSpan.FromSeconds(parsed.GetValue(checkpoint)));
            new SearchWorker(SearchFolder.Open(parsed.GetValue(folder)!.FullName, SearchTasks.All), options,
                parsed.GetValue(attended)).Run(stop.Token);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Watch(CancellationTokenSource stop)
    {
        try
        {
            using var input = Console.OpenStandardInput();
            Span<byte> buffer = stackalloc byte[16];
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // It is closed.
        }
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work is done.
        }
    }
}
