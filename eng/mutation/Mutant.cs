using Microsoft.CodeAnalysis.Text;

namespace DiscreteGradients.Mutation;

/// <summary>One small fault.</summary>
/// <param name="Id">Its number in this run.</param>
/// <param name="File">Relative to the project.</param>
/// <param name="Line">From 1.</param>
/// <param name="Member">The method or property that it is in.</param>
/// <param name="Span">Where in the file.</param>
/// <param name="Original">The text as it is.</param>
/// <param name="Replacement">The text as it would be.</param>
internal sealed record Mutant(int Id, string File, int Line, string Member, TextSpan Span, string Original, string Replacement)
{
    /// <summary>What stays the same when lines move: what eng/mutation/accepted.txt names.</summary>
    public string Key => $"{File} | {Member} | {OneLine(Original)} → {OneLine(Replacement)}";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
