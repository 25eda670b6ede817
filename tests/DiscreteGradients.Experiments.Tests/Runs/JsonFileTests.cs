using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

/// <summary>What is said of JSON that is something else.</summary>
public sealed class JsonFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ALineIsNamedByItsNumberInTheFile_BlankOnesCounted()
    {
        var path = folder.Write("lines", "1\n\n \n\"x\"\n");
        Assert.StartsWith($"{path}, line 4 is not readable: ",
            Assert.Throws<InputException>(() => JsonFile.Lines<int>(path).ToList()).Message, StringComparison.Ordinal);
        Assert.Equal([1], JsonFile.ReadableLines<int>(path));
        Assert.Equal([1, 2], JsonFile.ReadableLines<int>(folder.Write("lines", "1\n\"x\"\n2\n3")));
    }

    // With its quotation marks.
    [Theory]
    [InlineData(58, 58, "\"")]
    [InlineData(59, 59, "…")]
    [InlineData(500, 59, "…")]
    public void AValueOfMoreThan60CharactersIsCut(int length, int shown, string end) => Assert.EndsWith(
        $": it is \"{new string('a', shown)}{end}; expected a whole number.",
        Assert.Throws<InputException>(() => JsonFile.Parse<int>($"\"{new string('a', length)}\"", "x")).Message, StringComparison.Ordinal);

    public void Dispose() => folder.Dispose();
}
