using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Text in the columns of a terminal, and what says how far work is.</summary>
public sealed class CellsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("aé", 2)]
    [InlineData("漢字a", 5)]
    [InlineData("\U0001F642", 2)]
    public void AWideCharacterTakesTwoColumns(string text, int width) => Assert.Equal(width, Cells.Width(text));

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("漢字漢字", 8, "漢字漢字")]
    [InlineData("漢字漢字", 6, "漢字…")]
    [InlineData("漢字漢字", 5, "漢字…")]
    [InlineData("漢字漢字", 4, "漢…")]
    [InlineData("abc", 1, "…")]
    public void WhatIsTooWideIsCut(string text, int width, string cut) => Assert.Equal(cut, Cells.Cut(text, width));

    [Fact]
    public void WhatIsNarrowIsFilledUp()
    {
        Assert.Equal("漢  ", Cells.Pad("漢", 4));
        Assert.Equal("  漢", Cells.Pad("漢", 4, onTheLeft: true));
        Assert.Equal("abcdef", Cells.Pad("abcdef", 4));
    }

    [Fact]
    public void WordsThatDoNotFitGoOntoTheNextLine()
    {
        Assert.Equal(["a, b,", "ccc"], Cells.Wrap(["a", "b", "ccc"], ", ", 5));
        Assert.Equal(["a, b"], Cells.Wrap(["a", "b"], ", ", 4));
        Assert.Equal(["abcdef", "g"], Cells.Wrap(["abcdef", "g"], " ", 3));
        Assert.Empty(Cells.Wrap([], ", ", 5));
    }

    [Theory]
    [InlineData(0, "░░░░░░░░")]
    [InlineData(0.25, "██░░░░░░")]
    [InlineData(0.99, "███████░")]
    [InlineData(1, "████████")]
    [InlineData(-1, "░░░░░░░░")]
    [InlineData(2, "████████")]
    public void ABarIsFullOnlyWhereAllIsDone(double part, string bar) => Assert.Equal(bar, Cells.Bar(part, 8));

    [Fact]
    public void ATaskSaysItsPart_AndItsBarTakesTheRoomThatIsLeft()
    {
        var task = new ProgressTask("st-gs");
        task.Set(40, 100, "loss 3");
        Assert.Equal(0.4, task.Part);
        Assert.Equal("40 %  loss 3", task.Words);
        Assert.Equal("st-gs: 40 % loss 3", task.Sentence);
        // 5 columns of the name, 12 of the words and a space on each side of the bar.
        Assert.Equal([$"st-gs {Cells.Bar(0.4, 21)} 40 %  loss 3"], ProgressDisplay.Lines([task], 40));
        Assert.Equal([$"st-gs {Cells.Bar(0.4, 30)} 40 %  loss 3"], ProgressDisplay.Lines([task], 200));
        Assert.Equal(["st-gs 40 %  loss 3"], ProgressDisplay.Lines([task], 20));
        var other = new ProgressTask("gr");
        other.Set(1, 2, "");
        Assert.Equal("gr   ", ProgressDisplay.Lines([task, other], 40)[1][..5]);
    }
}
