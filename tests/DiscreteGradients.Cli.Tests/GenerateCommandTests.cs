namespace DiscreteGradients.Cli.Tests;

/// <summary>The sets that dgrad data generate writes.</summary>
[Collection(nameof(InProcess))]
public sealed class GenerateCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task ASetIsOfItsSeedAndItsNumber()
    {
        await Generate("one", "--seed", "3", "--count", "60");
        await Generate("same", "--seed", "3", "--count", "60");
        await Generate("other", "--seed", "4", "--count", "60");
        await Generate("larger", "--seed", "3", "--count", "90");
        Assert.Equal((Train("one"), Test("one")), (Train("same"), Test("same")));
        Assert.NotEqual(Train("one"), Train("other"), StringComparer.Ordinal);
        Assert.InRange(Lines("one/test.tsv").Length, 1, 6);
        Assert.InRange(Lines("one/train.tsv").Length, 10, 54);
        Assert.True(Lines("larger/train.tsv").Length > Lines("one/train.tsv").Length);
    }

    [Fact]
    public async Task WhatIsExcludedIsNotInTheTrainingSet()
    {
        await Generate("all", "--seed", "3", "--count", "60");
        var train = Lines("all/train.tsv");
        File.WriteAllLines(folder.At("first.tsv"), train.Take(3));
        File.WriteAllLines(folder.At("last.tsv"), train.TakeLast(2));
        var said = await Generate("rest", "--seed", "3", "--count", "60", "--exclude", folder.At("first.tsv"), "--exclude",
            folder.At("last.tsv"));
        Assert.Equal(train.Skip(3).SkipLast(2), Lines("rest/train.tsv"));
        Assert.Equal(Test("all"), Test("rest"));
        Assert.Equal($"{folder.At("rest/train.tsv")}: {train.Length - 5} expressions\n"
            + $"{folder.At("rest/test.tsv")}: {Lines("all/test.tsv").Length} expressions\n", said);
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> Generate(string name, params string[] options) =>
        (await InProcess.Run(folder.FullPath, ["data", "generate", "listops", "--out", name, .. options])).Good().Output;

    private string Train(string name) => File.ReadAllText(folder.At($"{name}/train.tsv"));

    private string Test(string name) => File.ReadAllText(folder.At($"{name}/test.tsv"));

    private string[] Lines(string file) => File.ReadAllLines(folder.At(file));
}
