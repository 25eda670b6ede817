using DiscreteGradients.Experiments.Search;

namespace DiscreteGradients.Experiments.Tests.Search;

/// <summary>The data of a search: found where they are, refused where they are others.</summary>
public sealed class SearchDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SearchSpec plain;

    public SearchDataTests() => plain = SmallSearch.Create(folder).Spec;

    private string Data => folder.At("data");

    [Fact]
    public void AFolderKeepsWhereItsDataAreAndWhatTheyHold()
    {
        var spec = WithData();
        var set = Assert.Single(spec.DataSets!);
        Assert.Equal((Data, Data), (set.Key, set.Value.Path));
        Assert.Equal(64, set.Value.Checksum.Length);
        SearchFolder.Create(folder.At("kept"), spec, SearchTasks.All);
        Assert.Equal(set.Value, SearchFolder.Open(folder.At("kept"), SearchTasks.All).Spec.DataSets![Data]);
        Assert.Equal(set.Value, SearchFolder.WithData(folder.At("kept"), plain, SearchTasks.All).DataSets![Data]);
    }

    [Fact]
    public void OtherDataAreRefused()
    {
        SearchFolder.Create(folder.At("kept"), WithData(), SearchTasks.All);
        TestData.WriteAmat(Data, 9);
        Assert.Contains(Data, Assert.Throws<InputException>(() => SearchFolder.Open(folder.At("kept"), SearchTasks.All)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => SearchFolder.WithData(folder.At("kept"), plain, SearchTasks.All));
    }

    [Fact]
    public void DataMayMove()
    {
        SearchFolder.Create(folder.At("kept"), WithData(), SearchTasks.All);
        Directory.Move(Data, folder.At("moved"));
        // Who only reads the record need not have them.
        Assert.Equal(4, SearchFolder.Open(folder.At("kept"), SearchTasks.All).Trials.Count);
        Assert.Equal(4, SearchFolder.Open(folder.At("kept"), SearchTasks.All, folder.At("moved")).Trials.Count);
        Assert.Equal(folder.At("moved"), SearchFolder.WithData(folder.At("kept"), plain, SearchTasks.All, folder.At("moved")).DataSets![Data].Path);
        Assert.Throws<InputException>(() => SearchFolder.WithData(folder.At("kept"), plain, SearchTasks.All));
        TestData.WriteAmat(folder.At("other"), 9);
        Assert.Throws<InputException>(() => SearchFolder.Open(folder.At("kept"), SearchTasks.All, folder.At("other")));
    }

    /// <summary>As where the search.json of one folder is given for another, from where its data's name leads nowhere.</summary>
    [Fact]
    public void ASearchThatIsMadeAgainElsewhereHasTheSameData()
    {
        var settings = plain.Settings.DeepClone().AsObject();
        settings["data"] = "of/no/place";
        var kept = plain with
        {
            Settings = settings,
            DataSets = new Dictionary<string, SearchData>(StringComparer.Ordinal)
            {
                ["of/no/place"] = WithData().DataSets![Data],
            },
        };
        Assert.Equal(kept.DataSets, Again().DataSets);
        Directory.Move(Data, folder.At("moved"));
        Assert.Throws<InputException>(() => Again());
        Assert.Equal(folder.At("moved"), Again(folder.At("moved")).DataSets!["of/no/place"].Path);
        TestData.WriteAmat(Data, 9);
        Assert.Contains($"{Data} holds other data than those of the search", Assert.Throws<InputException>(() => Again()).Message,
            StringComparison.Ordinal);

        SearchSpec Again(string? elsewhere = null) =>
            SearchFolder.WithData(folder.At("again"), kept, SearchTasks.All, elsewhere);
    }

    [Fact]
    public void OnlyASearchOfOneSetCanBeToldWhereItIs()
    {
        var record = SearchRecord.Create(folder.At("none"), 1, ("arity", [2]));
        Assert.Contains("keeps 0 data sets", Assert.Throws<InputException>(() => SearchFolder.Open(record.Search.Path, SearchTasks.All, Data)).Message, StringComparison.Ordinal);
        var two = record.Search.Spec with
        {
            Grid = [new Dictionary<string, System.Text.Json.Nodes.JsonNode[]>(StringComparer.Ordinal) { ["data"] = ["mnist",
                "binarized-mnist"] }],
        };
        Assert.Contains("name 2 sets", Assert.Throws<InputException>(() =>
            SearchData.Find(two, record.Search.Task, null, Data)).Message, StringComparison.Ordinal);
        Assert.Contains("name none", Assert.Throws<InputException>(() => SearchData.Find(record.Search.Spec, record.Search.Task, null, Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsNamed()
    {
        folder.Write("file", "");
        Assert.Contains("cannot be made", Assert.Throws<InputException>(() => SearchRecord.Create(folder.At("file"), 1, ("arity", [2]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACacheThatCannotBeWrittenIsDoneWithout()
    {
        var record = SearchRecord.Create(folder.At("other"), 1, ("arity", [2, 8]));
        record.End(record["arity=2", 0], 100);
        foreach (var name in new[] { "index.jsonl", "plans.json" })
        {
            File.Delete(Path.Combine(record.Search.Path, name));
            Directory.CreateDirectory(Path.Combine(record.Search.Path, name, "occupied"));
        }
        var search = SearchFolder.Open(record.Search.Path, SearchTasks.All);
        Assert.Single(SearchIndex.Load(search), state => state.Record is not null);
        search.Plan(search.Trials[0]);
        search.Plans.Save();
    }

    public void Dispose() => folder.Dispose();

    private SearchSpec WithData() => SearchFolder.WithData(folder.At("kept"), plain, SearchTasks.All);
}
