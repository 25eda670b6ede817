using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiscreteGradients.Mutation;

/// <summary>Puts every fault of a file into it, each behind a switch: <c>Switch.On(7) ? (a + b) : (a - b)</c>.</summary>
/// <param name="file">Relative to the project.</param>
/// <param name="chosen">Which lines may be changed, from 1.</param>
/// <param name="left">Faults that do not compile.</param>
/// <param name="every">Only each so many-th fault is put in; a fault that is not there costs no time.</param>
/// <param name="mutants">Where the faults go.</param>
internal sealed class Mutator(string file, Func<int, bool> chosen, IReadOnlySet<string> left, int every, List<Mutant> mutants) : CSharpSyntaxRewriter
{
    private int met = file.Sum(letter => letter);       // not the first of each file

    /// <summary>The call that asks for a fault.</summary>
    public const string Switch = "global::MutantSwitch.On";

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is null || !MayChange(node)) return node;
        var visited = base.Visit(node)!;
        return (node, visited) switch
        {
            (ExpressionSyntax expression, ExpressionSyntax inner) when IsValue(expression) => Wrap(expression, inner),
            (ExpressionStatementSyntax statement, StatementSyntax inner) when !HasDesignation(statement) && !Frees(statement) =>
                Guard(statement, inner),
            _ => visited,
        };
    }

    private ExpressionSyntax Wrap(ExpressionSyntax node, ExpressionSyntax inner)
    {
        var texts = Operators.Of(node).ToList();
        // A condition that is no comparison, which has faults of its own.
        if (node.Parent is IfStatementSyntax { Condition: var condition } && condition == node && node is not BinaryExpressionSyntax && !texts.Contains($"!({node})"))
            texts.Add($"!({node})");
        var text = inner.ToFullString();
        var wrapped = false;
        foreach (var replacement in texts)
        {
            if (Add(node, replacement) is not { } id) continue;
            text = $"({Switch}({id}) ? ({replacement}) : ({text}))";
            wrapped = true;
        }
        return wrapped ? SyntaxFactory.ParseExpression(text) : inner;
    }

    // In braces of its own, so that an else that follows stays with its if.
    private StatementSyntax Guard(ExpressionStatementSyntax node, StatementSyntax inner) =>
        Add(node, "") is { } id ? SyntaxFactory.ParseStatement($"{{ if (!{Switch}({id})) {{ {inner.ToFullString()} }} }}\n") : inner;

    // A Dispose mostly frees memory, which tests of their own watch.
    private static bool Frees(ExpressionStatementSyntax statement) =>
        statement.Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Dispose" } };

    private int? Add(SyntaxNode node, string replacement)
    {
        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        if (!chosen(line) || met++ % every != 0) return null;
        var member = node.Ancestors().Select(Name).FirstOrDefault(name => name is not null) ?? "";
        var mutant = new Mutant(mutants.Count, file, line, member, node.Span, node.ToString(), replacement);
        if (left.Contains($"{file}:{mutant.Span}:{replacement}")) return null;
        mutants.Add(mutant);
        return mutant.Id;
    }

    private static string? Name(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } field => field.Identifier.Text,
        _ => null,
    };

    // Constants, patterns, attributes and messages are no place for a switch, and a message is no place for a fault.
    private static bool MayChange(SyntaxNode node) => node switch
    {
        AttributeListSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or PatternSyntax or SwitchLabelSyntax or ParameterSyntax
            or EnumDeclarationSyntax or BaseListSyntax or UsingDirectiveSyntax => false,
        FieldDeclarationSyntax field => !field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => !local.IsConst,
        ConstructorInitializerSyntax => false,
        _ => true,
    };

    private static bool IsValue(ExpressionSyntax node) =>
        !HasDesignation(node)
        && node.Parent is not (ExpressionStatementSyntax or InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ComplexElementInitializerExpression })
        && !node.Ancestors().Any(a => a is InterpolatedStringExpressionSyntax);

    private static bool HasDesignation(SyntaxNode node) => node.DescendantNodesAndSelf().Any(n => n is VariableDesignationSyntax);
}
