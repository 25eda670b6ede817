using DiscreteGradients.Experiments.ToyProblems;

namespace DiscreteGradients.Experiments.Tests.ToyProblems;

/// <summary>Mean and covariance of ST-GS and GR-MCK on the quadratic programme by quadrature, without a random number: given
/// category i, (E_i, E_j, E_l)/(E_i + E_j + E_l) is uniform on the simplex, and the softmax depends on its ratios only.</summary>
internal sealed class SimplexQuadrature
{
    private const int Side = 700;
    private readonly double[] weights;
    private readonly double[][] means;      // E[g | i]
    private readonly double[] traces;       // tr cov(ST-GS | i)

    public SimplexQuadrature(double[] p, double temperature)
    {
        weights = p;
        var matrix = new QuadraticProblem().Matrix(new[,] { { p[0], p[1], p[2] } });
        (means, traces) = (new double[3][], new double[3]);
        for (var i = 0; i < 3; i++)
        {
            var slope = Enumerable.Range(0, 3).Select(k => 2 * Enumerable.Range(0, 3).Sum(l => matrix[k, l] * ((l == i ? 1 : 0) - 1 / 3.0))).ToArray();
            var (j, l) = ((i + 1) % 3, (i + 2) % 3);
            var (mean, square) = (new double[3], 0.0);
            for (var a = 0; a < Side; a++)
            {
                for (var b = 0; b < Side; b++)
                {
                    // Midpoints of the unit square, carried to the simplex without distortion of area.
                    var root = Math.Sqrt((a + 0.5) / Side);
                    var (ui, uj, ul) = (1 - root, root * (b + 0.5) / Side, root * (1 - (b + 0.5) / Side));
                    var soft = new double[3];
                    soft[i] = 1;
                    soft[j] = Math.Pow(1 + uj / (ui * p[j]), -1 / temperature);
                    soft[l] = Math.Pow(1 + ul / (ui * p[l]), -1 / temperature);
                    var total = soft.Sum();
                    for (var k = 0; k < 3; k++) soft[k] /= total;
                    var inner = soft[0] * slope[0] + soft[1] * slope[1] + soft[2] * slope[2];
                    for (var k = 0; k < 3; k++)
                    {
                        var g = soft[k] * (slope[k] - inner) / temperature;
                        mean[k] += g / Side / Side;
                        square += g * g / Side / Side;
                    }
                }
            }
            means[i] = mean;
            traces[i] = square - mean.Sum(m => m * m);
        }
    }

    public double[] Mean => [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 3).Sum(i => weights[i] * means[i][k]))];

    /// <summary>tr cov of GR-MCK; K = 1 is ST-GS.</summary>
    public double Trace(int samples)
    {
        var mean = Mean;
        return Enumerable.Range(0, 3).Sum(i => weights[i] * (traces[i] / samples + Enumerable.Range(0, 3).Sum(k => Math.Pow(means[i][k] - mean[k], 2))));
    }
}
