using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DiscreteGradients.Mutation;

/// <summary>The faults that are tried: an operator, a number, a condition, a call, a statement.</summary>
internal static class Operators
{
    private static readonly Dictionary<SyntaxKind, string[]> Binary = new()
    {
        [SyntaxKind.AddExpression] = ["-"],
        [SyntaxKind.SubtractExpression] = ["+"],
        [SyntaxKind.MultiplyExpression] = ["/"],
        [SyntaxKind.DivideExpression] = ["*"],
        [SyntaxKind.ModuloExpression] = ["*"],
        [SyntaxKind.LessThanExpression] = ["<=", ">="],
        [SyntaxKind.LessThanOrEqualExpression] = ["<", ">"],
        [SyntaxKind.GreaterThanExpression] = [">=", "<="],
        [SyntaxKind.GreaterThanOrEqualExpression] = [">", "<"],
        [SyntaxKind.EqualsExpression] = ["!="],
        [SyntaxKind.NotEqualsExpression] = ["=="],
        [SyntaxKind.LogicalAndExpression] = ["||"],
        [SyntaxKind.LogicalOrExpression] = ["&&"],
        [SyntaxKind.LeftShiftExpression] = [">>"],
        [SyntaxKind.RightShiftExpression] = ["<<"],
        [SyntaxKind.BitwiseAndExpression] = ["|"],
        [SyntaxKind.BitwiseOrExpression] = ["&"],
        [SyntaxKind.ExclusiveOrExpression] = ["|"],
    };

    private static readonly Dictionary<SyntaxKind, string> Assignment = new()
    {
        [SyntaxKind.AddAssignmentExpression] = "-=",
        [SyntaxKind.SubtractAssignmentExpression] = "+=",
        [SyntaxKind.MultiplyAssignmentExpression] = "/=",
        [SyntaxKind.DivideAssignmentExpression] = "*=",
    };

    private static readonly Dictionary<string, string> Calls = new(StringComparer.Ordinal)
    {
        ["Max"] = "Min", ["Min"] = "Max", ["MaxBy"] = "MinBy", ["MinBy"] = "MaxBy", ["Ceiling"] = "Floor", ["Floor"] = "Ceiling",
        ["Any"] = "All", ["All"] = "Any", ["First"] = "Last", ["Last"] = "First", ["Take"] = "Skip", ["Skip"] = "Take",
        ["OrderBy"] = "OrderByDescending", ["OrderByDescending"] = "OrderBy", ["Sum"] = "Max", ["Average"] = "Sum",
        ["sum"] = "mean", ["mean"] = "sum", ["mul_"] = "div_", ["div_"] = "mul_", ["mul"] = "div", ["div"] = "mul", ["sub_"] = "add_",
        ["Plus"] = "sub", ["Accumulate"] = "sub_", ["logical_or"] = "logical_and", ["logical_and"] = "logical_or",
        ["argmax"] = "argmin", ["min"] = "max", ["max"] = "min", ["exp"] = "log1p", ["log"] = "exp", ["zeros_like"] = "ones_like",
        ["Sqrt"] = "Abs", ["Exp"] = "Log", ["Log"] = "Exp", ["ToUpperInvariant"] = "ToLowerInvariant",
    };

    // Calls whose value is their receiver, changed: left out.
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "neg", "neg_", "logical_not", "logical_not_", "clone", "sqrt", "sqrt_", "abs", "abs_", "masked_fill", "masked_fill_", "Distinct", "Reverse",
        "Trim", "Squared", "clamp", "clamp_", "detach",
    };

    /// <summary>The texts that may stand in place of an expression.</summary>
    public static IEnumerable<string> Of(ExpressionSyntax node) => node switch
    {
        BinaryExpressionSyntax binary when Binary.TryGetValue(binary.Kind(), out var operators) =>
            operators.Select(o => $"{binary.Left.ToFullString()} {o} {binary.Right.ToFullString()}"),
        BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.CoalesceExpression) => [binary.Right.ToFullString()],
        AssignmentExpressionSyntax assignment when Assignment.TryGetValue(assignment.Kind(), out var o) =>
            [$"{assignment.Left.ToFullString()} {o} {assignment.Right.ToFullString()}"],
        PrefixUnaryExpressionSyntax prefix => Prefix(prefix),
        PostfixUnaryExpressionSyntax postfix when postfix.IsKind(SyntaxKind.PostIncrementExpression) => [$"{postfix.Operand}--"],
        PostfixUnaryExpressionSyntax postfix when postfix.IsKind(SyntaxKind.PostDecrementExpression) => [$"{postfix.Operand}++"],
        LiteralExpressionSyntax literal => Literal(literal),
        ConditionalExpressionSyntax choice => [$"({choice.Condition}) ? ({choice.WhenFalse}) : ({choice.WhenTrue})"],
        InvocationExpressionSyntax call => Call(call),
        IsPatternExpressionSyntax test => [$"!({test})"],
        _ => [],
    };

    private static IEnumerable<string> Prefix(PrefixUnaryExpressionSyntax prefix) => prefix.Kind() switch
    {
        SyntaxKind.LogicalNotExpression or SyntaxKind.UnaryMinusExpression => [prefix.Operand.ToFullString()],
        SyntaxKind.IndexExpression => [$"^({prefix.Operand} + 1)"],
        _ => [],
    };

    private static IEnumerable<string> Literal(LiteralExpressionSyntax literal) => literal.Token.Value switch
    {
        bool value => [value ? "false" : "true"],
        int value => [(value + 1).ToString(CultureInfo.InvariantCulture)],
        long value => [(value + 1).ToString(CultureInfo.InvariantCulture) + "L"],
        double value => [(value == 0 ? 1 : value * 1.5).ToString("R", CultureInfo.InvariantCulture) + "d"],
        float value => [(value == 0 ? 1 : value * 1.5f).ToString("R", CultureInfo.InvariantCulture) + "f"],
        _ => [],
    };

    private static IEnumerable<string> Call(InvocationExpressionSyntax call)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { Name: var name } member) yield break;
        if (Calls.TryGetValue(name.Identifier.Text, out var other)) yield return $"{member.Expression.ToFullString()}.{other}{call.ArgumentList.ToFullString()}";
        if (Dropped.Contains(name.Identifier.Text)) yield return member.Expression.ToFullString();
    }
}
