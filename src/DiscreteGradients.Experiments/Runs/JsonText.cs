using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DiscreteGradients.Experiments.Runs;

/// <summary>The one way in which settings, logs and results are written as JSON.</summary>
internal static class JsonText
{
    /// <summary>The serializer's options for indented JSON, with kebab-case names like those of the command's options.</summary>
    public static JsonSerializerOptions Indented { get; } = Options(indented: true);

    /// <summary>The serializer's options for JSON lines, with kebab-case names on one line.</summary>
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    /// <summary>A member of an enumeration as files write it.</summary>
    public static string Word<T>(T member)
        where T : struct, Enum => JsonSerializer.SerializeToNode(member, Line)!.ToString();

    private static JsonSerializerOptions Options(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            // The files are read by people and never embedded in HTML unescaped.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireParameters, Unfold } },
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }

    // A value that is missing is not 0 or null; what is null is left out when it is written, so that alone may be missing.
    private static void RequireParameters(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false, IsNullable: false } })
                property.IsRequired = true;
        }
    }

    // The number and the error of an estimate stand side by side.
    private static void Unfold(JsonTypeInfo type)
    {
        for (var i = 0; i < type.Properties.Count; i++)
        {
            var whole = type.Properties[i];
            if (whole.Get is null || (Nullable.GetUnderlyingType(whole.PropertyType) ?? whole.PropertyType) != typeof(Estimate))
                continue;
            type.Properties[i] = Part(whole, whole.Name, estimate => estimate.Value);
            type.Properties.Insert(++i,
                Part(whole, $"{whole.Name}-error", estimate => double.IsNaN(estimate.Error) ? null : estimate.Error));
        }

        JsonPropertyInfo Part(JsonPropertyInfo whole, string name, Func<Estimate, double?> value)
        {
            var part = type.CreateJsonPropertyInfo(typeof(double?), name);
            part.Get = owner => whole.Get!(owner) is Estimate estimate ? value(estimate) : null;
            part.ShouldSerialize = (_, number) => number is not null;
            return part;
        }
    }
}
