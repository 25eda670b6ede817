using DiscreteGradients.Experiments.Presentation;
using SkiaSharp;

namespace DiscreteGradients.Experiments.Tests.Presentation;

public sealed class ImageSheetTests
{
    /// <summary>A row of three images and one of two, 2 × 2 pixels each, no two pixels alike; a pixel is drawn 2 × 2, the rim is 4 wide.</summary>
    [Fact]
    public void EachImageStandsInItsRowAndColumn_AndEachPixelInItsPlace()
    {
        List<List<float[]>> rows = [[Image(0), Image(1), Image(2)], [Image(3), Image(4)]];
        using var sheet = SKBitmap.Decode(ImageSheet.Png(rows, 2));
        Assert.Equal((28, 20), (sheet.Width, sheet.Height));
        for (var y = 0; y < 20; y++)
        {
            for (var x = 0; x < 28; x++)
            {
                var (row, column, top, left) = (y / 8, x / 8, y % 8 - 4, x % 8 - 4);
                var isRim = row == 2 || column == 3 || top < 0 || left < 0 || column >= rows[row].Count;
                var level = isRim ? 96 : (int)(rows[row][column][top / 2 * 2 + left / 2] * 255);
                Assert.InRange(sheet.GetPixel(x, y).Red, level - 1, level + 1);
            }
        }

        static float[] Image(int number) => [.. Enumerable.Range(0, 4).Select(pixel => (4 * number + pixel) / 19f)];
    }

    [Fact]
    public void WhatIsBeyondBlackOrWhiteIsBlackOrWhite()
    {
        List<List<float[]>> rows = [[[-0.5f, 1.5f, 0, 1]]];
        using var sheet = SKBitmap.Decode(ImageSheet.Png(rows, 2));
        Assert.Equal([0, 255, 0, 255], new[] { (4, 4), (6, 4), (4, 6), (6, 6) }.Select(at => (int)sheet.GetPixel(at.Item1, at.Item2).Red));
    }
}
