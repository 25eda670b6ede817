using System.Text.Json;
using DiscreteGradients.Experiments.Runs;
using DiscreteGradients.Experiments.Vae;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.Tests.Vae;

/// <summary>What a study of gradients keeps on the disk, and how it tells of its work.</summary>
public sealed class VaeGradientRecordTests : IDisposable
{
    private static readonly BinaryImages Images = TestData.Images(30, 1);
    private static readonly VaeGradientSettings Settings = new()
    {
        Estimators = EstimatorName.ParseList("st-gs"),
        Minibatches = 10,
        Passes = 2,
        BatchSize = 2,
        ReferencePasses = 2,
    };

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void AStudyOfWhichAnyPartIsMissingHasNotEnded()
    {
        using var model = Model();
        new VaeGradientStudy(model, Images, Settings).Run(folder.At("study"), 1);
        var work = folder.At("study/work.jsonl");
        var lines = File.ReadAllLines(work);
        Assert.Equal(2 * (10 + 1), lines.Length);       // ten blocks and their products, of the reference and of ST-GS
        Assert.NotNull(VaeGradientStudy.Read(folder.At("study"), 7, 4));
        for (var missing = 0; missing < lines.Length; missing++)
        {
            File.WriteAllLines(work, lines.Where((_, i) => i != missing));
            Assert.Null(VaeGradientStudy.Read(folder.At("study"), 7, 4));
        }
    }

    // Two temperatures of ST-GS and one of ZGR, which has none; ten blocks each, and those of the reference.
    [Theory]
    [InlineData(0, 30)]
    [InlineData(2, 40)]
    public void ProgressEndsWithTheWork_AlsoWhereItIsThereAlready(int referencePasses, int work)
    {
        using var model = Model();
        var settings = Settings with
        {
            Estimators = EstimatorName.ParseList("st-gs,zgr"),
            Temperatures = [0.5, 1],
            ReferencePasses = referencePasses
        };
        var study = new VaeGradientStudy(model, Images, settings);
        Assert.Equal(work, study.Work);
        for (var run = 0; run < 2; run++)
        {
            var seen = new List<int>();
            var rows = study.Run(folder.At("study"), 1, progress: seen.Add).Rows;
            Assert.Equal(Enumerable.Range(1, work), seen);
            Assert.Equal(["st-gs 0.5", "zgr 0.5", "st-gs 1"], rows.Select(row =>
                FormattableString.Invariant($"{row.Estimator} {row.Temperature}")));
        }
    }

    /// <summary>Earlier versions named one without a temperature by the first of the study, as here by 0.5.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatHasNoTemperatureIsMeasuredOnce_WhateverTheOrderOfTheOthers(bool isOfBefore)
    {
        using var model = Model();
        var settings = Settings with { Estimators = EstimatorName.ParseList("st-gs,zgr"), ReferencePasses = 0 };
        Run([0.5]);
        var work = folder.At("study/work.jsonl");
        if (isOfBefore) File.WriteAllText(work, File.ReadAllText(work).Replace("\"zgr -", "\"zgr 0.5", StringComparison.Ordinal));
        var first = File.ReadAllLines(work);
        Assert.Equal(11, first.Count(line => line.Contains(isOfBefore ? "\"zgr 0.5" : "\"zgr -", StringComparison.Ordinal)));
        Run([0.1, 0.5]);
        var second = File.ReadAllLines(work);
        Assert.Equal(first, second[..first.Length]);
        Assert.Equal(11, second.Length - first.Length);
        Assert.All(second[first.Length..], line => Assert.Contains("\"st-gs 0.1", line, StringComparison.Ordinal));
        var result = Run([0.5, 0.1]);
        Assert.Equal(second, File.ReadAllLines(work));
        Assert.Equal(JsonSerializer.Serialize(result, JsonText.Line),
            JsonSerializer.Serialize(VaeGradientStudy.Read(folder.At("study"), 7, 4), JsonText.Line));

        VaeGradientResult Run(double[] grid) =>
            new VaeGradientStudy(model, Images, settings with { Temperatures = grid }).Run(folder.At("study"), 1, step: 7);
    }

    [Fact]
    public void AStudyWithoutAReferenceIsReadAsItEnded()
    {
        using var model = Model();
        var settings = Settings with { ReferencePasses = 0 };
        var result = new VaeGradientStudy(model, Images, settings).Run(folder.At("study"), 1, step: 7);
        var read = VaeGradientStudy.Read(folder.At("study"), 7, 4)!;
        Assert.Null(read.ReferenceSquaredNorm);
        Assert.Null(read.Rows[0].SquaredBias);
        Assert.Equal(JsonSerializer.Serialize(result, JsonText.Line), JsonSerializer.Serialize(read, JsonText.Line));
    }

    /// <summary>A study that goes on asks for the means of the reference again, and one that is there for none.</summary>
    [Fact]
    public void TheMeansOfTheReferenceAloneAreKept_AndMadeAgainOnlyWhereTheyAreWanted()
    {
        using var model = Model();
        var study = new VaeGradientStudy(model, Images, Settings) { GoesOn = _ => true };
        study.Run(folder.At("study"), 1);
        var kept = Directory.GetFiles(folder.At("study/vectors"));
        Assert.Equal(10, kept.Length);
        Assert.All(kept, path => Assert.StartsWith("reference-", Path.GetFileName(path), StringComparison.Ordinal));
        Directory.Delete(folder.At("study/vectors"), recursive: true);
        study.Run(folder.At("study"), 1);
        Assert.False(Directory.Exists(folder.At("study/vectors")));
    }

    [Fact]
    public void AStudyIsOfAllWeightsOfItsModel()
    {
        using var model = Model();
        var settings = Settings with { ReferencePasses = 0 };
        new VaeGradientStudy(model, Images, settings).Run(folder.At("study"), 1);
        foreach (var (name, value) in model.Parameters)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var before = value.detach().clone();
            value.copy_(before + 1);
            var error = Assert.Throws<InputException>(() => new VaeGradientStudy(model, Images, settings)
                .Run(folder.At("study"), 1));
            Assert.True(error.Message.Contains("other settings", StringComparison.Ordinal), name);
            value.copy_(before);
        }
        new VaeGradientStudy(model, Images, settings).Run(folder.At("study"), 1);
    }

    public void Dispose() => folder.Dispose();

    private static VaeModel Model() =>
        new(new VaeSettings { Arity = 4, Architecture = VaeArchitecture.Linear }, TestData.Images(20, 1).PixelMeans(), 3);
}
