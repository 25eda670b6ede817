namespace DiscreteGradients.Kernels;

/// <summary>Makes the one-hot vectors of the largest scores.</summary>
internal static unsafe class OneHotKernel
{
    /// <summary>Sets value to the one-hot vector of the first largest score of each row [rows, n]; all zeros where every
    /// score is that of a masked category, NaN where every score is NaN.</summary>
    public static void Largest(float* scores, float* value, int rows, int categories)
    {
        new Span<float>(value, rows * categories).Clear();
        for (var row = 0; row < rows; row++, scores += categories, value += categories)
        {
            var largest = 0;
            for (var j = 1; j < categories; j++)
            {
                if (scores[j] > scores[largest]) largest = j;
            }
            if (float.IsNaN(scores[largest])) new Span<float>(value, categories).Fill(float.NaN);
            else if (scores[largest] > GumbelRaoProblem.MaskedLogProb) value[largest] = 1;
        }
    }
}
