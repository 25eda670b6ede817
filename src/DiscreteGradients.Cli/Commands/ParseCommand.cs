using System.CommandLine;
using DiscreteGradients.Experiments;
using DiscreteGradients.Experiments.ListOps;
using DiscreteGradients.Experiments.Runs;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad parse RUN EXPRESSION.</summary>
internal static class ParseCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var run = new Argument<DirectoryInfo>("RUN") { Description = "The run folder of dgrad train listops." };
        var text = new Argument<string>("EXPRESSION")
        {
            Description = "An expression of ListOps such as \"[MAX 2 9 [MIN 4 7 ] 0 ]\", with or without parentheses.",
        };
        var into = Options.Of<FileInfo?>("--out", "The SVG file of both trees. By default parse.svg in the run folder.");
        var weights = Options.With("--weights",
            "Weights: of the epoch with the best validation accuracy, or of the last.", Weights.Best);
        var command =
            new Command("parse", "Show the tree that a trained ListOps model chooses for an expression, beside the true one.")
        {
            run, text, into, weights,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var session = common.Start(parsed);
            var path = parsed.GetValue(run)!.FullName;
            if (!ListOpsRun.Is(path)) throw new InputException($"{path} is no run of 'dgrad train listops'.");
            var expression = Read(parsed.GetValue(text)!);
            using var model = ListOpsRun.Model(path, parsed.GetValue(weights));
            var (tree, parse) = (expression.Tree(), ParsedExpression.All(model, [expression])[0]);
            var result = new
            {
                expression = expression.Text,
                value = parse.Value,
                trueValue = expression.Label,
                f1 = parse.Tree.F1(tree),
                tree = TreeText.Brackets(parse.Tree, expression),
                trueTree = TreeText.Brackets(tree, expression),
            };
            var (ours, theirs) = ($"model: {result.value}", $"true: {result.trueValue}");
            var svg = parsed.GetValue(into)?.FullName ?? Path.Combine(path, "parse.svg");
            OutFile.Write(svg, TreeSvg.Draw(expression, (ours, parse.Tree), (theirs, tree)));
            session.Print(result,
                $"{TreeText.Beside(ours, TreeText.Lines(parse.Tree, expression), theirs, TreeText.Lines(tree, expression))}\n"
                + $"bracket F1 {result.f1:F3}; {svg}");
        });
        return command;
    }

    private static Expression Read(string text)
    {
        try
        {
            var expression = Expression.Parse(text);
            return expression.Length <= ParsedExpression.MostTokens
                ? expression
                : throw new InputException(
                    $"the expression has {expression.Length} tokens; expected at most {ParsedExpression.MostTokens}.");
        }
        catch (FormatException e)
        {
            throw new InputException($"the expression {Quote.Of(text)}: {e.Message}.", e);
        }
    }
}
