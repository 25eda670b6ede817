using DiscreteGradients.Experiments.Gradients;

namespace DiscreteGradients.Experiments.Tests.Gradients;

public sealed class WorkLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void WhatIsDoneIsNotDoneAgain_AndALineThatWasCutOffIs()
    {
        using (var log = Open())
        {
            Assert.Equal(1.5, log.GetOrAdd("a", () => 1.5));
            log.Add("b", 1e-300);
        }
        File.AppendAllText(folder.At("work/work.jsonl"), "{\"key\":\"c\",\"par");
        using (var log = Open())
        {
            Assert.Equal(1.5, log.GetOrAdd("a", () => throw new InvalidOperationException()));
            Assert.False(log.TryGet("c", out _));
            log.Add("c", 3);
        }
        using var again = Open();
        Assert.True(again.TryGet("b", out var b) && again.TryGet("c", out var c) && (b, c) == (1e-300, 3));
    }

    [Fact]
    public void OtherSettingsAndDamageAreRefused()
    {
        Open().Dispose();
        Assert.Contains("other settings", Assert.Throws<InputException>(() => new WorkLog<double>(folder.At("work"), new { Seed = 2 })).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.At("work/work.jsonl"), "nonsense\n");
        Assert.Contains("not readable", Assert.Throws<InputException>(() => Open()).Message, StringComparison.Ordinal);
        File.Delete(folder.At("work/work.jsonl"));
        using var _ = Open();       // a refusal lets go of the folder
    }

    public void Dispose() => folder.Dispose();

    private WorkLog<double> Open() => new(folder.At("work"), new { Seed = 1 });
}
