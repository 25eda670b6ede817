namespace DiscreteGradients.Nodes;

internal static class LinearSystem
{
    /// <summary>x with <paramref name="matrix"/> · x = <paramref name="right"/>, by Householder reflections; uses up both.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        for (var j = 0; j < n; j++)
        {
            var square = Enumerable.Range(j, n - j).Sum(i => matrix[i, j] * matrix[i, j]);
            var diagonal = matrix[j, j] > 0 ? -Math.Sqrt(square) : Math.Sqrt(square);
            matrix[j, j] -= diagonal;
            var scale = -1 / (diagonal * matrix[j, j]);
            for (var column = j + 1; column < n; column++)
            {
                var dot = scale * Enumerable.Range(j, n - j).Sum(i => matrix[i, j] * matrix[i, column]);
                for (var i = j; i < n; i++) matrix[i, column] -= dot * matrix[i, j];
            }

            var product = scale * Enumerable.Range(j, n - j).Sum(i => matrix[i, j] * right[i]);
            for (var i = j; i < n; i++) right[i] -= product * matrix[i, j];
            matrix[j, j] = diagonal;
        }

        for (var j = n - 1; j >= 0; j--)
            right[j] = (right[j] - Enumerable.Range(j + 1, n - j - 1).Sum(column => matrix[j, column] * right[column])) / matrix[j, j];
        return right;
    }
}
