using System.Text.Json;

namespace DiscreteGradients.Cli.Tests;

[Collection(nameof(InProcess))]
public sealed class BenchCommandTests
{
    [Fact]
    public async Task KernelPrintsOneJsonLine()
    {
        var (code, output, _) = await InProcess.Run(AppContext.BaseDirectory, "bench", "kernel", "--workload", "2,3,4", "--samples", "2", "--seconds", "0.01", "--threads", "1", "--json", "--quiet");
        Assert.Equal(0, code);
        using var line = JsonDocument.Parse(Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("kernel", line.RootElement.GetProperty("benchmark").GetString());
        Assert.Equal(1, line.RootElement.GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public async Task KernelPrintsATable()
    {
        var (code, output, errors) = await InProcess.Run(AppContext.BaseDirectory, "bench", "kernel", "--workload", "2,3,4", "--workload", "1,1,9", "--samples", "2", "--seconds", "0.01", "--threads", "1");
        Assert.Equal(0, code);
        Assert.Contains("[batch, variables, n]", output, StringComparison.Ordinal);
        Assert.Contains("\n[1, 1, 9]", output, StringComparison.Ordinal);
        Assert.Contains("100 %", errors, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    [Trait("Category", "Slow")]
    public async Task SearchTimesWorkersAndReports()
    {
        using var dgrad = Dgrad.Start(AppContext.BaseDirectory, "bench", "search", "--recorded", "60", "--steps", "2", "--seconds", "0.01", "--quiet");
        var output = (await dgrad.End(TimeSpan.FromMinutes(10))).Good().Output;
        foreach (var name in new[] { "search, 8 trials, two workers", "status, no index, 112 trials", "table 2, 112 trials" }) Assert.Contains(name, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search", "--recorded", "0")]
    [InlineData("search", "--threads", "4")]
    [InlineData("kernel", "--workload", "2,3")]
    [InlineData("kernel", "--samples", "0")]
    [InlineData("kernel", "--seconds", "0")]
    [InlineData("vae", "--estimators", "none")]
    [InlineData("vae", "--estimators", ",")]
    [InlineData("vae", "--arity", "3")]
    [InlineData("iwae", "--samples", "0")]
    public async Task BadInputIsNamed(string benchmark, string option, string value)
    {
        var (code, output, errors) = await InProcess.Run(AppContext.BaseDirectory, "bench", benchmark, option, value, "--quiet");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("dgrad: ", errors, StringComparison.Ordinal);
    }
}
