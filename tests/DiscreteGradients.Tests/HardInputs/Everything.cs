using DiscreteGradients.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>What the tests of hard inputs sweep over: every estimator in every form, both dtypes, kernels by rows and by
/// draws.</summary>
internal static class Everything
{
    public static readonly ScalarType[] Dtypes = [ScalarType.Float32, ScalarType.Float64];

    /// <summary>Every estimator, without its form.</summary>
    public static IReadOnlyList<Func<GradientForm, IGradientEstimator>> Kinds(double temperature) =>
    [
        form => new Reinforce { Form = form },
        form => new StraightThrough(temperature) { Form = form },
        form => new GumbelSoftmax(temperature) { Form = form },
        form => new StraightThroughGumbelSoftmax(temperature) { Form = form },
        form => new GumbelRao(3, temperature) { Form = form },
        form => new GumbelRao(6, temperature) { Form = form, Antithetic = true },
        form => new GumbelRaoExact(temperature) { Form = form },
        form => new SecondOrderStraightThrough { Form = form },
        form => new SecondOrderStraightThrough(0.5) { Form = form },
        form => new ReinMax(temperature) { Form = form },
    ];

    /// <summary>Every estimator in each form.</summary>
    public static IEnumerable<IGradientEstimator> Estimators(double temperature = 0.5) =>
        Enum.GetValues<GradientForm>().SelectMany(form => Kinds(temperature).Select(make => make(form)));

    /// <summary>Shapes [B, n] that between them take every kernel.</summary>
    public static readonly long[][] Shapes = [[20, 2], [20, 3], [20, 1], [3, 2], [3, 5], [14, 40]];

    /// <summary>Every estimator with every dtype and shape.</summary>
    public static IEnumerable<(IGradientEstimator Estimator, ScalarType Dtype, long[] Shape)> Cases(double temperature = 0.5) =>
        from shape in Shapes
        from dtype in Dtypes
        from estimator in Estimators(temperature)
        select (estimator, dtype, shape);

    /// <summary>A value and the gradient to the logits of a quadratic cost, an example a row.</summary>
    public static (Tensor Value, Tensor Gradient) Draw(IGradientEstimator estimator, Tensor logits, Tensor? mask = null)
    {
        using var generator = new Generator(7);
        var theta = logits.detach().clone().requires_grad_();
        var node = estimator.Sample(new OneHotCategorical(theta, mask), generator);
        SurrogateLoss.Parallel(Cost(node.Value), [node]).sum().backward();
        return (node.Value.detach(), theta.grad!);
    }

    /// <summary>[B], quadratic in each row of [B, n].</summary>
    public static Tensor Cost(Tensor value)
    {
        var weights = Scalars.Range(1, value.shape[^1] + 1, value.dtype).sin();
        return (value * weights).sum(-1).Plus((value * value * weights).sum(-1));
    }

    public static Tensor Logits(long[] shape, ScalarType dtype)
    {
        using var generator = new Generator(3);
        return randn(shape, dtype: dtype, generator: generator);
    }

    public static byte[] Bits(Tensor tensor) => tensor.contiguous().bytes.ToArray();
}
