using SkiaSharp;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>Rows of small square grey images, white on black, as one PNG.</summary>
internal static class ImageSheet
{
    private const int Zoom = 2, Gap = 4;

    /// <param name="rows">Rows of images of side · side intensities in [0, 1].</param>
    public static byte[] Png(IReadOnlyList<IReadOnlyList<float[]>> rows, int side)
    {
        var cell = side * Zoom + Gap;
        using var bitmap = new SKBitmap(rows.Max(row => row.Count) * cell + Gap, rows.Count * cell + Gap);
        bitmap.Erase(new SKColor(96, 96, 96));
        foreach (var (r, row) in rows.Index())
        {
            foreach (var (c, image) in row.Index()) Draw(bitmap, image, side, c * cell + Gap, r * cell + Gap);
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void Draw(SKBitmap bitmap, float[] image, int side, int left, int top)
    {
        for (var y = 0; y < side * Zoom; y++)
        {
            for (var x = 0; x < side * Zoom; x++)
            {
                var level = (byte)Math.Clamp(image[y / Zoom * side + x / Zoom] * 255, 0, 255);
                bitmap.SetPixel(left + x, top + y, new SKColor(level, level, level));
            }
        }
    }
}
