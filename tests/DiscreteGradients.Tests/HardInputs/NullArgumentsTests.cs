using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace DiscreteGradients.Tests.HardInputs;

/// <summary>Null is refused by name in every public method and constructor, wherever the signature does not allow it.</summary>
public sealed class NullArgumentsTests
{
    public static TheoryData<string> Methods => [.. Cases().Select(one => one.Name).Distinct(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Methods))]
    public void NullIsRefusedByName(string method)
    {
        using var scope = NewDisposeScope();
        foreach (var (_, member, parameter) in Cases().Where(one => one.Name == method))
        {
            var arguments = member.GetParameters().Select(p => p == parameter ? null : p.HasDefaultValue ? p.DefaultValue : Sample(p.ParameterType)).ToArray();
            var thrown = Record.Exception(() =>
            {
                var result = member is ConstructorInfo constructor
                    ? constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null)
                    : member.Invoke(member.IsStatic ? null : Sample(member.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, arguments, null);
                (result as IDisposable)?.Dispose();
            });
            Assert.True(thrown is ArgumentNullException refused && refused.ParamName == parameter.Name,
                $"{method}({parameter.Name}: null) {(thrown is null ? "is taken" : $"throws {thrown.GetType().Name}: {thrown.Message}")}");
        }
    }

    private static IEnumerable<(string Name, MethodBase Member, ParameterInfo Parameter)> Cases()
    {
        var nullability = new NullabilityInfoContext();
        return from type in typeof(OneHotCategorical).Assembly.GetExportedTypes()
               where !type.IsInterface && !IsData(type)
               from member in ((MethodBase[])[.. type.GetMethods(), .. type.GetConstructors()])
               where member.DeclaringType == type && !member.IsAbstract && member.Name is not ("Equals" or "Deconstruct" or "op_Equality" or "op_Inequality")
               from parameter in member.GetParameters()
               where !parameter.ParameterType.IsValueType && nullability.Create(parameter).WriteState == NullabilityState.NotNull
               select ($"{type.Name}.{member.Name}", member, parameter);
    }

    // Records of results, that only a study makes.
    private static bool IsData(Type type) => new[] { typeof(GradientSummary), typeof(TemperatureCurve), typeof(TemperatureChoice) }.Contains(type);

    private static object? Sample(Type type) => type switch
    {
        _ when type == typeof(Tensor) => zeros(4, 3),
        _ when type == typeof(Generator) => new Generator(1),
        _ when type == typeof(OneHotCategorical) => new OneHotCategorical(zeros(4, 3)),
        _ when type == typeof(Subset) => new Subset(zeros(4, 3), 2),
        _ when type == typeof(WeightStudy) => new WeightStudy((_, _) => zeros(3)),
        _ when type == typeof(Func<Generator, Tensor>) => (Func<Generator, Tensor>)(_ => zeros(3)),
        _ when type == typeof(IGradientEstimator) || type == typeof(PathwiseEstimator) || type == typeof(RelaxedEstimator) => new GumbelRao(2, 0.5),
        _ when type == typeof(Reinforce) => new Reinforce(),
        _ when type == typeof(StochasticNode) => Node(),
        _ when type == typeof(GradientStatistics) => Statistics(),
        _ when type == typeof(MovingAverageBaseline) => new MovingAverageBaseline(0.9),
        _ when type == typeof(GradientStudy) => new GradientStudy((_, _) => zeros(3)),
        _ when type == typeof(TemperatureStudy) => new TemperatureStudy((_, _) => zeros(3)),
        _ when type == typeof(VarianceDecomposition) => new VarianceDecomposition(new(1, 1), new(1, 1), 0, 0),
        _ when type == typeof(Func<Tensor, Tensor>) => (Func<Tensor, Tensor>)(value => value.sum(-1)),
        _ when type == typeof(Func<double, IGradientEstimator>) => (Func<double, IGradientEstimator>)(temperature => new GumbelRao(2, temperature)),
        _ when type == typeof(IEnumerable<IGradientEstimator>) => (IGradientEstimator[])[new Reinforce()],
        _ when type == typeof(IReadOnlyList<StochasticNode>) => (StochasticNode[])[Node()],
        _ when type == typeof(IReadOnlyList<Tensor>) => (Tensor[])[zeros(4)],
        _ when type == typeof(IReadOnlyList<double>) => (double[])[0.1, 0.2, 0.4],
        _ when type == typeof(IReadOnlyList<int>) => (int[])[1, 10],
        _ when type == typeof(double) => 0.5,
        _ when type == typeof(int) => 2,
        _ when type == typeof(long) => 3L,
        _ when type.IsEnum => Enum.ToObject(type, 0),
        _ when Nullable.GetUnderlyingType(type) is not null => null,
        _ => Activator.CreateInstance(type, 0.5),
    };

    private static GradientStatistics Statistics()
    {
        var statistics = new GradientStatistics(3);
        statistics.AddRange(ones(2, 3));
        return statistics;
    }

    private static StochasticNode Node() => new Reinforce().Sample(new OneHotCategorical(zeros(4, 3)));
}
