using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace DiscreteGradients.Cli.Tests;

/// <summary>Finds in compiled code the numbers that are made into a Scalar in passing, by the code itself or within a member of
/// TorchSharp that it calls.</summary>
internal static class PassingScalars
{
    private static readonly HashSet<string> Hazards = FindHazards();

    /// <summary>Each use, as "method calls method".</summary>
    public static IReadOnlyList<string> Uses(Stream assembly, Func<MethodDefinition, bool>? chosen = null)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        return [.. from method in Methods(module)
                   where chosen?.Invoke(method) is not false
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
}
