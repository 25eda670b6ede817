using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Experiments.ToyProblems;

/// <summary>The quadratic programme min_p (p − c)ᵀQ(p − c) over the simplex of three categories, Q_ij = exp(−2|i − j|),
/// c = (1/3, 1/3, 1/3), written as E[(D − c)ᵀA(p)(D − c)] (Figure 1 of the paper).</summary>
/// <remarks>A_ij = (p_i − c_i)(p_j − c_j)/(c_ic_j − p_ic_j − c_ip_j)·Q_ij is infinite where the third probability is 2/3. There f
/// is infinite too, though its mean is not. Near such a line, and on it, f is what remains of it relative to that entry: see
/// <see cref="IsSingular"/>.</remarks>
internal sealed class QuadraticProblem : IToyProblem
{
    private const double C = 1.0 / 3;

    // Of the denominator p_k/3 − 2/9: nearer to the line, float32 has no digits of A left.
    private const double Near = 1e-6;
    private static readonly Scalar Third = C, CrossProduct = C * C, Twice = 2.0, Guard = Near;

    public int Variables => 1;

    public int Arity => 3;

    /// <summary>Computes the weight Q_ij.</summary>
    public static double Weight(int i, int j) => Math.Exp(-2 * Math.Abs(i - j));

    /// <summary>Gives p as a study takes it.</summary>
    /// <exception cref="InputException">Not three probabilities with the sum 1, to 1e-6.</exception>
    public static double[,] Point(IReadOnlyList<double> probabilities)
    {
        var sum = probabilities.Sum();
        InputException.Require(probabilities.Count == 3 && probabilities.All(p => p >= 0) && Math.Abs(sum - 1) <= 1e-6, "p",
            NumberText.List(probabilities), "three numbers of at least 0 with the sum 1, with a decimal point");
        return new[,] { { probabilities[0] / sum, probabilities[1] / sum, probabilities[2] / sum } };
    }

    /// <summary>Tells whether some A_ij is infinite for practical purposes: a probability within 3e-6 of 2/3 and neither of the
    /// two others at 1/3. Variances and the gradient by way of D are infinite there; ratios of variances have a limit.</summary>
    /// <param name="probabilities">p, [1, 3].</param>
    public bool IsSingular(double[,] probabilities) => Enumerable.Range(0, 3).Any(k =>
        Math.Abs(Denominator(probabilities, k)) < Near && Numerator(probabilities, k) != 0);

    /// <summary>A(p); where p is singular its limit over its largest entry: 1 at the two infinite entries, else 0.</summary>
    public double[,] Matrix(double[,] probabilities)
    {
        var matrix = new double[3, 3];
        for (var k = 0; k < 3; k++)
        {
            var (i, j) = Others(k);
            var singular = IsSingular(probabilities);
            var p = probabilities[0, k];
            matrix[k, k] = singular ? 0 : (p - C) * (p - C) / (p - 2 * p * C + C * C);
            var denominator = Denominator(probabilities, k);
            matrix[i, j] = matrix[j, i] = singular ? (Math.Abs(denominator) < Near ? 1 : 0)
                : Math.Abs(denominator) < Near ? 0
                : Numerator(probabilities, k) / denominator * Weight(i, j);
        }
        return matrix;
    }

    public Func<Tensor, Tensor> CostAt(double[,] probabilities)
    {
        var matrix = Matrix(probabilities);
        return value =>
        {
            using var scope = NewDisposeScope();
            var deviation = value.squeeze(-2) - Third;
            return (deviation.matmul(tensor(matrix, dtype: value.dtype)) * deviation).sum(-1).MoveToOuterDisposeScope();
        };
    }

    public Tensor Cost(OneHotCategorical distribution, Tensor value)
    {
        using var scope = NewDisposeScope();
        var p = distribution.Probs.squeeze(-2);                                  // [rows, 3]
        var deviation = value.squeeze(-2) - Third;
        var gap = p - Third;
        var cost = (gap.Squared() / (p - p * Twice * Third).Plus(CrossProduct) * deviation.Squared()).sum(-1);
        for (var k = 0; k < 3; k++)
        {
            var (i, j) = Others(k);
            using Scalar twiceWeight = 2 * Weight(i, j);
            var denominator = (p[.., i].Plus(p[.., j]).neg() * Third).Plus(CrossProduct);
            // Off the line where it is 0; a constant, so that the derivative stays.
            denominator = denominator.Plus((denominator.detach().abs() < Guard).to(denominator.dtype) * Guard * Twice);
            cost = cost.Plus(gap[.., i] * gap[.., j] / denominator * twiceWeight * deviation[.., i] * deviation[.., j]);
        }
        return cost.MoveToOuterDisposeScope();
    }

    public double Objective(double[,] probabilities)
    {
        var sum = 0.0;
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++) sum += (probabilities[0, i] - C) * Weight(i, j) * (probabilities[0, j] - C);
        }
        return sum;
    }

    public (double[,]? ByValue, double[,] Total) ExactGradient(double[,] probabilities)
    {
        var p = Enumerable.Range(0, 3).Select(k => probabilities[0, k]).ToArray();
        var slope = p.Select((_, i) => 2 * p.Select((q, j) => Weight(i, j) * (q - C)).Sum()).ToArray();
        if (IsSingular(probabilities)) return (null, Softmax(p, slope));
        var matrix = Matrix(probabilities);
        var cost = p.Select((_, k) =>
            p.SelectMany((_, i) => p.Select((_, j) => (Unit(i, k) - C) * matrix[i, j] * (Unit(j, k) - C))).Sum()).ToArray();
        return (Softmax(p, cost), Softmax(p, slope));
        static double Unit(int i, int k) => i == k ? 1 : 0;
    }

    /// <summary>Turns a gradient with respect to p into one with respect to the logits.</summary>
    private static double[,] Softmax(double[] p, double[] gradient)
    {
        var mean = p.Zip(gradient, (a, b) => a * b).Sum();
        return new[,] { { p[0] * (gradient[0] - mean), p[1] * (gradient[1] - mean), p[2] * (gradient[2] - mean) } };
    }

    private static double Numerator(double[,] p, int k)
    {
        var (i, j) = Others(k);
        return (p[0, i] - C) * (p[0, j] - C);
    }

    private static double Denominator(double[,] p, int k)
    {
        var (i, j) = Others(k);
        return C * C - C * (p[0, i] + p[0, j]);
    }

    private static (int, int) Others(int k) => k switch { 0 => (1, 2), 1 => (0, 2), _ => (0, 1) };
}
