using SkiaSharp;

namespace DiscreteGradients.Experiments.Reports;

/// <summary>Rows of 28 × 28 grey images, white on black, as one PNG.</summary>
internal static class DigitSheet
{
    private const int Side = 28, Zoom = 2, Gap = 4;

    /// <param name="rows">Rows of images of 784 intensities in [0, 1].</param>
    public static byte[] Png(IReadOnlyList<IReadOnlyList<float[]>> rows)
    {
        var cell = Side * Zoom + Gap;
        using var bitmap = new SKBitmap(rows.Max(row => row.Count) * cell + Gap, rows.Count * cell + Gap);
        bitmap.Erase(new SKColor(96, 96, 96));
        for (var r = 0; r < rows.Count; r++)
        {
            for (var c = 0; c < rows[r].Count; c++) Draw(bitmap, rows[r][c], c * cell + Gap, r * cell + Gap);
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void Draw(SKBitmap bitmap, float[] image, int left, int top)
    {
        for (var y = 0; y < Side * Zoom; y++)
        {
            for (var x = 0; x < Side * Zoom; x++)
            {
                var level = (byte)Math.Clamp(image[y / Zoom * Side + x / Zoom] * 255, 0, 255);
                bitmap.SetPixel(left + x, top + y, new SKColor(level, level, level));
            }
        }
    }
}
