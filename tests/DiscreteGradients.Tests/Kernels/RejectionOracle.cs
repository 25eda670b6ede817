namespace DiscreteGradients.Tests.Kernels;

/// <summary>The conditional law of the perturbed logits, by drawing until the category is the one wanted.</summary>
internal static class RejectionOracle
{
    /// <summary>Mean and variance of J(softmax((θ + G)/τ)) g/τ, float64, over noise that draws row 0's category.</summary>
    public static (double[] Mean, double[] Variance) Moments(KernelCase test, int accepted, Random random)
    {
        var n = test.Categories;
        var drawn = Array.IndexOf(test.Value, 1);
        var (sum, squares, s) = (new double[n], new double[n], new double[n]);
        for (var count = 0; count < accepted;)
        {
            for (var j = 0; j < n; j++)
            {
                s[j] = test.LogProbs[j] - Math.Log(-Math.Log(1 - random.NextDouble()));
            }

            var largest = s.Max();
            if (s[drawn] == largest)
            {
                count++;
                var weights = s.Select(x => Math.Exp((x - largest) / test.Temperature)).ToArray();
                var total = weights.Sum();
                var mean = weights.Select((w, j) => w * test.Gradient[j]).Sum() / total;
                for (var j = 0; j < n; j++)
                {
                    var gradient = weights[j] / total * (test.Gradient[j] - mean) / test.Temperature;
                    sum[j] += gradient;
                    squares[j] += gradient * gradient;
                }
            }
        }

        return ([.. sum.Select(x => x / accepted)], [.. squares.Select((x, j) => (x / accepted) - Math.Pow(sum[j] / accepted, 2))]);
    }
}
