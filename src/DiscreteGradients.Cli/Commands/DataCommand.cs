using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Presentation;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The commands dgrad data list, get, generate and check.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var list = new Command("list", "List the data sets that have a name.");
        var sets = DataCatalog.Entries.Select(entry => (entry.Name, entry.Description)).Append((Name: ListOpsData.GeneratedName,
            Description:
                "ListOps by the law of the published set (Nangia and Bowman, 2018), drawn anew in memory; see dgrad data generate"));
        var table = Table.Of(sets, new("name", set => set.Name), new("description", set => set.Description, IsOfWords: true));
        list.SetAction(_ => Console.Out.WriteLine(table.Plain(isHeaded: false)));

        var name = new Argument<string>("NAME") { Description = "A name that dgrad data list gives." };
        var get = new Command("get", "Fetch a data set into the user's cache folder.") { name };
        get.SetAction(async (parsed, cancellation) =>
        {
            var plain = Console.IsErrorRedirected;
            string? last = null;
            string found;
            try
            {
                found = await new DataCatalog().GetAsync(parsed.GetValue(name)!, Show, cancellation);
            }
            finally
            {
                if (!plain && last is not null) Console.Error.WriteLine();
            }
            Console.Out.WriteLine(found);
            return ExitCode.Success;

            // One line a file, rewritten on a terminal.
            void Show(DownloadProgress progress)
            {
                if (plain && progress.File == last) return;
                Console.Error.Write(plain
                    ? $"{progress.File}\n"
                    : $"\r{progress.File}: {progress.Received >> 20}{(progress.Total is { } total ? $" of {total >> 20}" : "")} MiB\e[K ");
                last = progress.File;
            }
        });

        var folder = new Argument<string>("DIR")
        {
            Description = "A folder of .amat or IDX files, or a ListOps file or a folder of them (.tsv), plain or .gz.",
        };
        var check = new Command("check", "Read data and say what they are.") { folder };
        check.SetAction(parsed => Console.Out.WriteLine(ListOpsDataReport.Recognises(parsed.GetValue(folder)!)
            ? ListOpsDataReport.Of(parsed.GetValue(folder)!)
            : DataCatalog.Check(parsed.GetValue(folder)!)));
        return new Command("data", "List, fetch, generate or check data sets.") { list, get, CreateGenerate(), check };
    }

    private static Command CreateGenerate()
    {
        var name = new Argument<string>("NAME") { Description = "The data set." };
        name.AcceptOnlyFromAmong(ListOpsData.GeneratedName);
        var into = Options.With("--out", "The folder for train.tsv and test.tsv.", new DirectoryInfo("listops"));
        var seed = Options.With("--seed",
            "Seed of the expressions; the default is that of the set named listops.", ListOpsData.GeneratedSeed);
        var count = Options.With("--count",
            "Number of distinct expressions, a tenth of them for the test set. Another number has another law of lengths.",
            ListOpsData.GeneratedCount)
            .From(10, ListOpsFile.MostLines);
        var exclude = Options.With<FileInfo[]>("--exclude",
            "Test files in the same format, whose expressions are left out of train.tsv; may be given several times.", []);
        var command = new Command("generate", "Write a training and a test set by the law of the published ListOps.")
        {
            name, into, seed, count, exclude,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = FolderFile.MakeNamed(parsed.GetValue(into)!.FullName);
            var excluded = parsed.GetValue(exclude)!.SelectMany(file => ListOpsFile.Read(file.FullName));
            var data = ListOpsData.Generate(parsed.GetValue(seed), parsed.GetValue(count), excluded, cancellation);
            foreach (var (file, expressions) in new[] { ("train.tsv", data.Train), ("test.tsv", data.Test!) })
            {
                var path = Path.Combine(folder, file);
                OutFile.Replace([path], path, () => AtomicFile.Write(path, stream => ListOpsFile.Write(stream, expressions)));
                Console.Out.WriteLine($"{path}: {expressions.Count} expressions");
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
