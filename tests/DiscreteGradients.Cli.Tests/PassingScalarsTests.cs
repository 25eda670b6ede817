using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace DiscreteGradients.Cli.Tests;

/// <summary>A number made into a Scalar in passing may be finalised while libtorch reads it: neither our code nor what it
/// calls in TorchSharp (a + b, add_, square …) may make one. Read from the compiled code.</summary>
public sealed class PassingScalarsTests
{
    private static readonly HashSet<string> Hazards = FindHazards();

    [Theory]
    [InlineData(typeof(OneHotCategorical))]
    [InlineData(typeof(Experiments.EstimatorName))]
    [InlineData(typeof(Root))]
    public void NothingMakesOne(Type any)
    {
        var uses = string.Join('\n', Uses(any.Assembly.Location, _ => true));
        Assert.True(uses.Length == 0, uses);
    }

    [Fact]
    public void TheyAreFound()
    {
        var found = Uses(typeof(PassingScalarsTests).Assembly.Location, method => method.DeclaringType.Name == nameof(Careless)).ToList();
        Assert.Equal(3, found.Count);
        Assert.Contains(found, use => use.Contains("op_Addition", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Uses(string assembly, Func<MethodDefinition, bool> chosen)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        return [.. from method in Methods(module)
                   where chosen(method)
                   from instruction in method.Body.Instructions
                   let called = instruction.Operand as MethodReference
                   where called is not null && (Makes(called) ? !IsStored(instruction.Next) : Hazards.Contains(Name(called)))
                   select $"{method.FullName} calls {called.FullName}"];
    }

    /// <summary>The members of TorchSharp that make one, or call one that does.</summary>
    private static HashSet<string> FindHazards()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Scalar).Assembly.Location);
        var calls = Methods(module).Where(method => method.DeclaringType.Name != nameof(Scalar) && !Makes(method))
            .ToDictionary(method => method.FullName, method => method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().ToList());
        var hazards = calls.Where(pair => pair.Value.Exists(Makes)).Select(pair => pair.Key).ToHashSet();
        for (var before = 0; before < hazards.Count;)
        {
            before = hazards.Count;
            hazards.UnionWith(calls.Where(pair => pair.Value.Exists(called => hazards.Contains(Name(called)))).Select(pair => pair.Key));
        }
        Assert.InRange(hazards.Count, 100, 1000);
        return hazards;
    }

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static bool Makes(MethodReference method) =>
        (method.DeclaringType.Name == nameof(Scalar) && method.Name == "op_Implicit") || method.DeclaringType.Name == nameof(ScalarExtensionMethods);

    // In a local that a using declaration holds, or in a field.
    private static bool IsStored(Instruction next) =>
        next.OpCode.Code is Code.Stsfld or Code.Stfld or Code.Stloc or Code.Stloc_S or Code.Stloc_0 or Code.Stloc_1 or Code.Stloc_2 or Code.Stloc_3;

    private static string Name(MethodReference method) => method is GenericInstanceMethod generic ? generic.ElementMethod.FullName : method.FullName;

    /// <summary>What must be found.</summary>
    private static class Careless
    {
        public static torch.Tensor Add(torch.Tensor a, torch.Tensor b) => a + b;

        public static torch.Tensor Double(torch.Tensor a) => a * 2;

        public static torch.Tensor Clamp(torch.Tensor a) => a.clamp_min(0.5);

        public static torch.Tensor Held(torch.Tensor a)
        {
            using Scalar two = 2;
            return a.mul(two);
        }
    }
}
