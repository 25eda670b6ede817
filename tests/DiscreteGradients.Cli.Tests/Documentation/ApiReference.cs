using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DiscreteGradients.Cli.Tests.Documentation;

/// <summary>The public surface of the library with its doc comments, as Markdown: a page a type, and an index.</summary>
internal sealed partial class ApiReference
{
    private static readonly SymbolDisplayFormat Signature = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeConstantValue,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeExtensionThis | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly string[] OfRecords = ["ToString", "Equals", "GetHashCode", "<Clone>$", "Deconstruct", "PrintMembers", "op_Equality", "op_Inequality", "EqualityContract", "Dispose"];

    private readonly IReadOnlyList<INamedTypeSymbol> types;
    private readonly Dictionary<string, XElement> comments;

    /// <param name="library">Path of the assembly, its XML file beside it.</param>
    public ApiReference(string library)
    {
        comments = XDocument.Load(Path.ChangeExtension(library, ".xml")).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal);
        var compilation = CSharpCompilation.Create("reader", references: CodeBlocks.References);
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(CodeBlocks.References.Single(reference => reference.Display == library))!;
        types = [.. Types(assembly.GlobalNamespace).OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    /// <summary>Public members without a comment of their own, or inherited, that says something.</summary>
    public IEnumerable<string> Undocumented =>
        from type in types
        from symbol in Members(type).Prepend(type)
        where Comment(symbol) is not { } comment || Words(comment.Element("summary")?.Value ?? "").Except(Words(Split(symbol.Name == ".ctor" ? type.Name : symbol.Name))).Count() < (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? 0 : 2)
        select symbol.ToDisplayString();

    /// <summary>Public types without an example.</summary>
    public IEnumerable<string> WithoutExample => from type in types where Comment(type)?.Element("example")?.Element("code") is null select type.Name;

    /// <summary>File names and contents.</summary>
    public IReadOnlyDictionary<string, string> Pages()
    {
        var pages = types.ToDictionary(type => type.Name + ".md", TypePage, StringComparer.Ordinal);
        var index = new StringBuilder("# API reference\n\nWritten from the doc comments by a test; do not edit. Everything is in the namespace `DiscreteGradients`. Every page\nhas an example; examples begin with `using DiscreteGradients; using TorchSharp; using static TorchSharp.torch;`.\n\n| | |\n|---|---|\n");
        foreach (var type in types) index.Append($"| [{type.Name}]({type.Name}.md) | {FirstSentence(Text(Comment(type)?.Element("summary")))} |\n");
        pages["README.md"] = index.ToString();
        return pages;
    }

    private string TypePage(INamedTypeSymbol type)
    {
        var page = new StringBuilder($"# {type.Name}\n\n`{Kind(type)}`\n\n");
        Describe(page, type);
        foreach (var member in Members(type))
        {
            page.Append($"## {Heading(member, type)}\n\n`{Line(member, type)}`\n\n");
            // A positional record's constructor has the comment of the type.
            if (Text(Comment(member)?.Element("summary")) != Text(Comment(type)?.Element("summary"))) Describe(page, member);
        }
        return page.ToString().TrimEnd() + "\n";
    }

    private void Describe(StringBuilder page, ISymbol symbol)
    {
        if (Comment(symbol) is not { } comment) return;
        foreach (var part in new[] { "summary", "remarks" })
        {
            if (Text(comment.Element(part)) is { Length: > 0 } text) page.Append($"{text}\n\n");
        }
        if (comment.Element("example")?.Element("code") is { } code) page.Append($"```csharp\n{Code(code.Value)}\n```\n\n");
        var items = comment.Elements("param").Select(element => $"- `{(string)element.Attribute("name")!}`: {Text(element)}")
            .Concat(comment.Elements("returns").Select(element => $"- *returns* {Text(element)}"))
            .Concat(comment.Elements("exception").Select(element => $"- *throws* {Name((string)element.Attribute("cref")!)}: {Text(element)}")).ToList();
        if (items.Count > 0) page.Append(string.Join('\n', items) + "\n\n");
    }

    /// <summary>The comment, or the one that it inherits.</summary>
    private XElement? Comment(ISymbol symbol)
    {
        var own = comments.GetValueOrDefault(symbol.GetDocumentationCommentId()!);
        if (own is not null && own.Element("inheritdoc") is null) return own;
        var above = symbol.ContainingType?.AllInterfaces.SelectMany(type => type.GetMembers(symbol.Name)).FirstOrDefault();
        // A positional record's properties have the comments of its parameters, which its own page shows.
        return above is null ? own : Comment(above);
    }

    private IEnumerable<ISymbol> Members(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => member.DeclaredAccessibility == Accessibility.Public && !OfRecords.Contains(member.Name, StringComparer.Ordinal))
        .Where(member => member is IPropertySymbol or IFieldSymbol || member is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.Constructor or MethodKind.UserDefinedOperator })
        .Where(member => comments.ContainsKey(member.GetDocumentationCommentId()!))
        .OrderBy(member => member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? 0 : member is IMethodSymbol ? 2 : 1).ThenBy(member => member.GetDocumentationCommentId(), StringComparer.Ordinal);

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceSymbol scope) =>
        scope.GetTypeMembers().Where(type => type.DeclaredAccessibility == Accessibility.Public).Concat(scope.GetNamespaceMembers().SelectMany(Types));

    private static string Kind(INamedTypeSymbol type) => type.TypeKind switch
    {
        TypeKind.Interface => "interface",
        TypeKind.Enum => "enum",
        _ => $"{(type.IsStatic ? "static " : type.IsAbstract ? "abstract " : type.IsValueType ? "" : "sealed ")}{(type.IsValueType ? "struct" : type.IsRecord ? "record" : "class")}",
    } + $" {type.Name}" + (type.BaseType is { ContainingNamespace.Name: "DiscreteGradients" } ancestor ? $" : {ancestor.Name}" : "");

    private static string Heading(ISymbol member, INamedTypeSymbol type) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => $"new {type.Name}",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator } => member.Name["op_".Length..],
        _ => member.Name,
    };

    private static string Line(ISymbol member, INamedTypeSymbol type) => (member.IsStatic && !type.IsStatic && type.TypeKind != TypeKind.Enum ? "static " : "") + member.ToDisplayString(Signature).Replace("torch.", "", StringComparison.Ordinal);

    private string Text(XElement? element) => element is null ? "" : Spaces().Replace(string.Concat(element.Nodes().Select(Inline)), " ").Trim();

    /// <summary>The lines of an example, less the margin that they share.</summary>
    private static string Code(string text)
    {
        var lines = text.Trim('\n').TrimEnd().Split('\n').Select(line => line.TrimEnd()).ToList();
        var margin = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > margin ? line[margin..] : ""));
    }

    private string Inline(XNode node) => node switch
    {
        XText text => text.Value.Replace("|", "\\|", StringComparison.Ordinal),
        XElement { Name.LocalName: "see" } see => Name((string)see.Attribute("cref")!),
        XElement { Name.LocalName: "paramref" } reference => $"`{(string)reference.Attribute("name")!}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "i" } words => $"*{words.Value}*",
        XElement other => Text(other),
        _ => "",
    };

    private string Name(string reference)
    {
        var name = Regex.Replace(reference, @"^.:|\(.*$", "", RegexOptions.ExplicitCapture);
        var last = name.Split('.')[^1];
        if (types.Any(type => reference == type.GetDocumentationCommentId())) return $"[{last}]({last}.md)";
        return $"`{(reference[0] is 'T' ? last : string.Join('.', name.Split('.').TakeLast(2)))}`";
    }

    private static string FirstSentence(string text) => Regex.Match(text, @"^.*?(?<!App|eq)\.(?=\s|$)").Value is { Length: > 0 } sentence ? sentence : text;

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Value.ToLowerInvariant()).Distinct();

    private static string Split(string name) => Regex.Replace(name, "(?<=[a-z])(?=[A-Z])", " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[\w²]+")]
    private static partial Regex Word();
}
