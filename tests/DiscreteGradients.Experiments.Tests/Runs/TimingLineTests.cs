using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Experiments.Tests.Runs;

public sealed class TimingLineTests
{
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void EachPieceOfWorkCountsOnce()
    {
        // A training with two checkpoints, the same taken up by another process, which is as fast, and an evaluation.
        TimingLine[] lines = [Line(10, 30, 20), Line(20, 60, 45), Line(30, 30.5, 15, start: 100), Line(30, 8, 7, start: 200, evaluated: "test")];
        Assert.Equal(45 + 15 + 7, TimingLine.ProcessorSecondsOf(lines));
    }

    [Fact]
    public void AnEvaluationRightAfterATrainingIsWorkOfItsOwn() =>
        Assert.Equal(20 + 7, TimingLine.ProcessorSecondsOf([Line(10, 0.4, 20), Line(10, 0.3, 7, evaluated: "test")]));

    [Fact]
    public void WhatIsNotKnownIsNotMadeUp()
    {
        Assert.Null(TimingLine.ProcessorSecondsOf([]));
        Assert.Null(TimingLine.ProcessorSecondsOf([Line(10, 30, null), Line(20, 30, 45, start: 100)]));
    }

    [Fact]
    public void TheClockTellsBothTimes()
    {
        var clock = new WorkClock();
        for (var x = 0.5; clock.Elapsed < TimeSpan.FromMilliseconds(30); x = Math.Sqrt(x)) GC.KeepAlive(x);
        var line = clock.Line(7, 2);
        Assert.Equal((7, 2.0), (line.Step, line.StepsPerSecond));
        Assert.True(line.Seconds >= 0.03 && line.ProcessorSeconds > 0);
    }

    private static TimingLine Line(int step, double seconds, double? processor, double start = 0, string? evaluated = null) =>
        new(step, seconds, 0, Begin.AddSeconds(start + seconds)) { ProcessorSeconds = processor, Evaluated = evaluated };
}
