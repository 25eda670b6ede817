using System.Globalization;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Where people write a comma, what is read, written and said is the same.</summary>
[Collection(nameof(InProcess))]
public sealed class CultureTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("evaluate RUN --samples 2 --quiet")]
    [InlineData("gradients polynomial --variables 2 --power 1.5 --draws 40 --temperatures 0.5,1 --estimators st,gr-mc:2 --threads 2 --quiet")]
    [InlineData("train polynomial --variables 2 --power 1.5 --steps 40 --learning-rate 0.5 --threads 2 --out out")]
    [InlineData("train vae --temperature 0")]
    [InlineData("figure 1 --temperatures 0.001,2.5")]
    [InlineData("gradients simplex --p 0.5,0.25,0.5")]
    [InlineData("evaluate --help")]
    public async Task NothingDependsOnIt(string command)
    {
        string[] words = [.. command.Replace("RUN", run.Path, StringComparison.Ordinal).Split(' ')];
        var expected = await InProcess.Run(folder.FullPath, words);
        var files = Files();
        if (Directory.Exists(folder.At("out"))) Directory.Delete(folder.At("out"), recursive: true);
        var (current, everywhere) = (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = new CultureInfo("")
            {
                NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", PercentDecimalSeparator = ",", NegativeSign = "~" },
            };
            Assert.Equal("0,5", $"{0.5}");
            Assert.Equal(expected, await InProcess.Run(folder.FullPath, words));
            Assert.Equal(files, Files());
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (current, everywhere);
        }
    }

    public void Dispose() => folder.Dispose();

    private string[] Files() => [.. new[] { "settings.json", "metrics.jsonl", "result.json", "path.csv" }
        .Select(name => folder.At($"out/{name}")).Where(File.Exists).Select(File.ReadAllText)];
}
