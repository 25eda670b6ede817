using System.Text.RegularExpressions;
using Mono.Cecil;

namespace DiscreteGradients.Experiments.Tests;

/// <summary>The rooms of the program and what each may use besides itself, read from the compiled code.</summary>
public sealed partial class LayersTests
{
    // Each room uses rooms above it only. "." is the namespace itself.
    private static readonly (string Room, string[] Uses)[] Layers =
    [
        (".", []),
        ("Presentation", ["."]),
        ("Timing", ["."]),
        ("Runs", ["."]),
        ("Networks", ["."]),
        ("Gradients", [".", "Runs"]),
        ("Vae", [".", "Presentation", "Runs", "Networks", "Gradients"]),
        ("ListOps", [".", "Presentation", "Runs", "Networks"]),
        ("ToyProblems", [".", "Presentation", "Runs", "Networks", "Gradients"]),
        ("Search", [".", "Runs", "Vae", "ListOps"]),
        ("Tradeoff", [".", "Presentation", "Timing"]),
        ("Paper", [".", "Presentation", "Runs", "Gradients", "Vae", "ListOps", "ToyProblems", "Search"]),
        ("Reports", [".", "Presentation", "Runs", "Gradients", "Vae", "ListOps", "Search", "Paper"]),
        ("Export", [".", "Runs", "Vae", "ListOps"]),
        ("Benchmarks", [".", "Presentation", "Timing", "Runs", "Vae", "Search"]),
    ];

    [Fact]
    public void NoRoomUsesWhatItMayNot()
    {
        using var module = ModuleDefinition.ReadModule(typeof(EstimatorName).Assembly.Location);
        var types = module.GetTypes().Where(type => Names().IsMatch(type.FullName)).ToList();
        var allowed = Layers.SelectMany(layer => layer.Uses.Append(layer.Room), (layer, used) => (layer.Room, used)).ToHashSet();
        var wrong = from type in types
                    let room = Rooms(type.FullName).First()
                    from member in Members(type)
                    from used in Rooms(member)
                    where !allowed.Contains((room, used))
                    select $"{room} uses {used}: {type.FullName} has {member}";
        var found = string.Join('\n', wrong.Distinct(StringComparer.Ordinal));
        Assert.True(found.Length == 0, found);
        Assert.Equal(Layers.Select(layer => layer.Room).Order(StringComparer.Ordinal),
            types.SelectMany(type => Rooms(type.FullName)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NoRoomMayUseOneBelowIt()
    {
        var above = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (room, uses) in Layers)
        {
            Assert.Subset(above, uses.ToHashSet(StringComparer.Ordinal));
            above.Add(room);
        }
    }

    [Fact]
    public void ExperimentsKnowsNoCommandLine()
    {
        using var module = ModuleDefinition.ReadModule(typeof(EstimatorName).Assembly.Location);
        var texts = (from type in module.GetTypes()
                     from text in type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Select(step => step.Operand)
                         .Concat(type.Fields.Select(field => field.Constant)).OfType<string>()
                     select (type.FullName, text)).ToList();
        Assert.Contains(texts, one => one.text.Contains("{0} says where", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, one => one.text.Contains("--", StringComparison.Ordinal) || one.text.Contains("dgrad ", StringComparison.Ordinal));
    }

    // A program, no library: what it is made of is nobody's to build on.
    [Fact]
    public void ExperimentsShowsNoType()
    {
        using var module = ModuleDefinition.ReadModule(typeof(EstimatorName).Assembly.Location);
        Assert.DoesNotContain(module.Types, type => type.IsPublic);
    }

    /// <summary>What a type is made of and what its code names, with the names of all types therein.</summary>
    private static IEnumerable<string> Members(TypeDefinition type) =>
    [
        $"{type.BaseType}",
        .. type.Interfaces.Select(one => one.InterfaceType.FullName),
        .. type.Fields.Select(field => field.FullName),
        .. type.Methods.Select(method => method.FullName),
        .. from method in type.Methods
           where method.HasBody
           from name in method.Body.Variables.Select(variable => variable.VariableType.FullName)
               .Concat(method.Body.Instructions.Select(step => step.Operand).OfType<MemberReference>().Select(member => member.FullName))
           select name,
    ];

    private static IEnumerable<string> Rooms(string names) =>
        Names().Matches(names).Select(match => match.Groups["room"] is { Success: true } room ? room.Value : ".");

    [GeneratedRegex(@"\bDiscreteGradients\.Experiments\.((?<room>\w+)\.)?\w", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();
}
