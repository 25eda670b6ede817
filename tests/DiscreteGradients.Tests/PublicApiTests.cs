using System.Reflection;

namespace DiscreteGradients.Tests;

/// <summary>The public surface, one member a line, against the reviewed PublicApi.txt. To accept a change, copy
/// PublicApi.actual.txt from the output folder over it.</summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void IsTheReviewedOne()
    {
        var lines = typeof(GumbelRao).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Describe);
        var actual = string.Join('\n', lines) + "\n";
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.actual.txt"), actual);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt")), actual);
    }

    private static IEnumerable<string> Describe(Type type)
    {
        yield return $"{type.FullName}{(type.BaseType == typeof(object) || type.BaseType is null ? "" : $" : {type.BaseType.Name}")}";
        var members = type.GetMembers(Declared).Where(member => IsVisible(member) && !IsOfRecords(member)).Select(member => $"    {member}");
        foreach (var line in members.Order(StringComparer.Ordinal)) yield return line;
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo => false,          // their accessors stand for them
        FieldInfo field => field.IsPublic && !field.IsSpecialName,
        _ => member is Type { IsNestedPublic: true },
    };

    private static bool IsOfRecords(MemberInfo member) => member.Name is "<Clone>$" or "Equals" or "GetHashCode" or "ToString" or "PrintMembers"
        or "op_Equality" or "op_Inequality" or "get_EqualityContract" or "Deconstruct";
}
