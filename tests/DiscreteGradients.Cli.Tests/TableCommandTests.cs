using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Cli.Tests;

/// <summary>The forms of dgrad table, of a search of four cells that have ended.</summary>
[Collection(nameof(InProcess))]
public sealed class TableCommandTests : IDisposable
{
    private const string Few =
        "| estimator | arity | batch size | validation | test | ± s.e. | paper test | test − paper | trials |";
    private readonly TemporaryFolder folder = new();

    public TableCommandTests()
    {
        var search = SearchFolder.Create(folder.At("search"), SearchSpec.Read(folder.Write("spec.toml", SmallSearch.Spec())),
            SearchTasks.All);
        foreach (var trial in search.Trials)
        {
            Directory.CreateDirectory(search.PathOf(trial));
            search.Write(trial, new TrialRecord
            {
                Status = RunStatus.Diverged,
                Steps = 4,
                Settings = trial.Settings,
                Version = "1"
            });
        }
    }

    [Fact]
    public async Task FewColumnsAreShown_AndAllOnDemandOrToPrograms()
    {
        var few = await Table("2", "search");
        Assert.StartsWith("# Table 2\n\n", few, StringComparison.Ordinal);
        Assert.Contains($"\n{Few}\n", few, StringComparison.Ordinal);
        Assert.Contains("\n| gr-mc:10 | 8 | 20 |  | not yet |  | ", few, StringComparison.Ordinal);
        Assert.Contains(" | diverged | failed | pruned | best trial | learning rate | ",
            await Table("2", "search", "--columns", "all"), StringComparison.Ordinal);
        Assert.StartsWith("estimator,arity,batch size,validation,test,± s.e.,paper validation,paper test,test − paper,trials,"
            + "diverged,failed,pruned,", await Table("2", "search", "--format", "csv"), StringComparison.Ordinal);
        Assert.StartsWith("estimator,arity,batch size,validation,test,± s.e.,paper test,test − paper,trials\n",
            await Table("2", "search", "--format", "csv", "--columns", "few"), StringComparison.Ordinal);
        var page = await Table("3", "search", "--format", "html");
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("<h1>Table 3</h1>", page, StringComparison.Ordinal);
    }

    // The paper has seven estimators at four numbers of categories and two batch sizes, of which four cells were run.
    [Fact]
    public async Task CellsThatWereNotRunAreThereOnDemand()
    {
        Assert.Equal(1 + 4, (await Table("2", "search", "--format", "csv")).TrimEnd('\n').Split('\n').Length);
        var all = (await Table("2", "search", "--format", "csv", "--not-run")).TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 7 * 4 * 2, all.Length);
        Assert.Equal(7 * 4 * 2 - 4, all.Count(line => line.Contains(",not run,not run,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ATableGoesIntoAFile_AndTable1IsOfListOps()
    {
        var printed = await Table("2", "search");
        Assert.Equal("", await Table("2", "search", "--out", "table.md"));
        Assert.Equal(printed, File.ReadAllText(folder.At("table.md")));
        Assert.Equal(new(ExitCode.BadInput, "", $"dgrad: {folder.At("search")} is a search of vae; Table 1 is of listops.\n"),
            await InProcess.Run(folder.FullPath, "table", "1", "search"));
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> Table(params string[] words) =>
        (await InProcess.Run(folder.FullPath, ["table", .. words])).Good().Output;
}
