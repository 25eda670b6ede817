using System.Globalization;
using System.Text.RegularExpressions;
using DiscreteGradients.Experiments.Presentation;

namespace DiscreteGradients.Cli.Tests;

/// <summary>A frame on a small terminal of the test's own.</summary>
public sealed partial class LiveFrameTests
{
    [Theory]
    [InlineData(60, 20)]
    [InlineData(80, 24)]
    [InlineData(12, 4)]
    public void FramesTakeEachOthersPlace_AndNothingWraps(int width, int height)
    {
        var screen = new Screen(width, height);
        var frame = new LiveFrame(screen, () => (width, height));
        frame.Above("begins");
        frame.Draw(["a line that is far too long for any window of this test, and so it must be cut at its end, where three dots tell", "second"]);
        frame.Draw([.. Enumerable.Range(0, 40).Select(i => $"line {i}")]);
        frame.Draw(["one", "two"]);
        frame.Above("said");
        frame.Draw(["last"]);
        // What was above the highest frame has scrolled away.
        Assert.Equal(["said", "last"], screen.Lines.Where(line => line.Length > 0).SkipWhile(line => line == "begins"));
        Assert.Equal(0, screen.Wrapped);
    }

    [Fact]
    public void InAWindowThatBecameSmaller_TheOldFrameIsGone()
    {
        var (screen, width) = (new Screen(20, 6), 20);
        var frame = new LiveFrame(screen, () => (width, 6));
        frame.Draw(["0123456789abcdef", "second"]);
        width = 10;
        frame.Draw(["0123456789abcdef"]);
        Assert.Equal(["01234567…"], screen.Lines.Where(line => line.Length > 0));
    }

    [Fact]
    public void WhatOthersWriteBelowAFrameThatWasLeftStays()
    {
        var screen = new Screen(40, 8);
        var frame = new LiveFrame(screen, () => (40, 8));
        frame.Draw(["done", "done too"]);
        frame.Leave();
        screen.Write("a result\n");
        frame.Above("said");
        Assert.Equal(["done", "done too", "a result", "said"], screen.Lines.Where(line => line.Length > 0));
    }

    [Fact]
    public void WideTextIsBrokenBetweenWords_AndAlignedTextIsNot() =>
        Assert.Equal("a  b\none two\nthree", Cells.WrapLines("a  b\none two three", 8));

    [Theory]
    [InlineData(39.4, "39 s")]
    [InlineData(159, "2 min 39 s")]
    [InlineData(3759, "1 h 2 min")]
    [InlineData(277_200, "3 d 5 h")]
    public void ADurationHasTwoUnits(double seconds, string text) => Assert.Equal(text, Duration.Text(TimeSpan.FromSeconds(seconds)));

    /// <summary>A terminal: what is written moves its cursor as a real one's.</summary>
    private sealed partial class Screen(int width, int height) : StringWriter(CultureInfo.InvariantCulture)
    {
        private readonly List<string> lines = [.. Enumerable.Repeat("", height)];
        private int row, column;

        public IReadOnlyList<string> Lines => lines;

        public int Wrapped { get; private set; }

        public override void Write(string? value)
        {
            foreach (Match part in Parts().Matches(value!))
            {
                switch (part.Value)
                {
                    case "\n": Advance(); break;
                    case "\e[J": lines[row] = lines[row][..column]; Blank(row + 1); break;
                    case "\e[2J": Blank(0); break;
                    case "\e[H": (row, column) = (0, 0); break;
                    case ['\e', ..]: row = Math.Max(0, row - int.Parse(part.Groups["up"].Value, CultureInfo.InvariantCulture)); break;
                    default: Put(part.Value); break;
                }
            }
        }

        private void Put(string text)
        {
            if (column == width)
            {
                Wrapped++;
                Advance();
            }
            lines[row] = lines[row].PadRight(column)[..column] + text;
            column++;
        }

        private void Advance()
        {
            (row, column) = (row + 1, 0);
            if (row < height) return;
            lines.RemoveAt(0);
            lines.Add("");
            row--;
        }

        private void Blank(int from)
        {
            for (var i = from; i < height; i++) lines[i] = "";
        }

        [GeneratedRegex(@"\e\[(?<up>\d*)[AHJ]|[\s\S]", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex Parts();
    }
}
