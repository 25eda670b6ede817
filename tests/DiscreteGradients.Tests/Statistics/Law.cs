using DiscreteGradients.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.Statistics;

/// <summary>Comparisons of samples with a stated false-alarm rate.</summary>
internal static class Law
{
    /// <summary>|z| below 5 in each element: false alarm 5.7e-7 an element under the normal law.</summary>
    public const double Errors = 5;

    /// <summary>The means of two independent samples agree within <see cref="Errors"/> standard errors.</summary>
    public static void SameMean(GradientStatistics a, GradientStatistics b)
    {
        using var scope = NewDisposeScope();
        var error = (a.StandardError().Squared() + b.StandardError().Squared()).sqrt();
        Within(a.Mean() - b.Mean(), error);
    }

    /// <summary>The mean of a sample is <paramref name="exact"/> within <see cref="Errors"/> standard errors.</summary>
    public static void HasMean(GradientStatistics sample, Tensor exact)
    {
        using var scope = NewDisposeScope();
        Within(sample.Mean() - exact.reshape(-1).to(ScalarType.Float64), sample.StandardError());
    }

    /// <summary>The largest |z|.</summary>
    public static double Distance(GradientStatistics sample, Tensor exact)
    {
        using var scope = NewDisposeScope();
        return ((sample.Mean() - exact.reshape(-1)).abs() / (sample.StandardError() + 1e-12)).max().item<double>();
    }

    /// <summary>‖mean − exact‖², not less its noise.</summary>
    public static double SquaredDistance(GradientStatistics sample, Tensor exact)
    {
        using var scope = NewDisposeScope();
        return (sample.Mean() - exact.reshape(-1)).Squared().sum().item<double>();
    }

    private static void Within(Tensor difference, Tensor error)
    {
        // 1e-12 covers rounding where the variance is exactly 0.
        var z = (difference.abs() / (error + 1e-12)).max().item<double>();
        Assert.True(z < Errors, $"largest difference is {z:F1} standard errors; expected less than {Errors}");
    }

    /// <summary>Two-sample Kolmogorov-Smirnov with false-alarm rate 1e-6.</summary>
    public static void SameDistribution(double[] a, double[] b)
    {
        Array.Sort(a);
        Array.Sort(b);
        double largest = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i] <= b[j]) i++;
            else j++;
            largest = Math.Max(largest, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }
        var bound = Math.Sqrt(-Math.Log(1e-6 / 2) / 2 * (a.Length + b.Length) / ((double)a.Length * b.Length));
        Assert.True(largest < bound, $"Kolmogorov-Smirnov distance {largest:E2}; expected below {bound:E2}");
    }
}
