using System.CommandLine;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>dgrad data list, get, check.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var list = new Command("list", "The data sets that have a name.");
        list.SetAction(_ =>
        {
            foreach (var entry in DataCatalog.Entries) Console.Out.WriteLine($"{entry.Name,-16} {entry.Description}");
        });

        var name = new Argument<string>("NAME") { Description = "A name of 'dgrad data list'." };
        var get = new Command("get", "Fetch a data set into the user's cache folder.") { name };
        get.SetAction(async (parsed, cancellation) =>
        {
            var progress = new SynchronousProgress(Console.IsErrorRedirected);
            Console.Out.WriteLine(await new DataCatalog().GetAsync(parsed.GetValue(name)!, progress, cancellation));
            return ExitCode.Success;
        });

        var folder = new Argument<string>("DIR") { Description = "A folder of .amat or IDX files, plain or .gz." };
        var check = new Command("check", "Read a folder of data and say what it holds.") { folder };
        check.SetAction(parsed => Console.Out.WriteLine(DataCatalog.Check(parsed.GetValue(folder)!)));
        return new Command("data", "Data sets: list, fetch, check.") { list, get, check };
    }

    /// <summary>One line a file, rewritten on a terminal.</summary>
    private sealed class SynchronousProgress(bool plain) : IProgress<DownloadProgress>
    {
        private string? last;

        public void Report(DownloadProgress value)
        {
            if (plain && value.File == last) return;
            Console.Error.Write(plain ? $"{value.File}\n" : $"\r{value.File}: {value.Received >> 20} of {(value.Total ?? 0) >> 20} MiB ");
            last = value.File;
        }
    }
}
