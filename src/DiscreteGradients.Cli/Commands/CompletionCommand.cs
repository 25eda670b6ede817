using System.CommandLine;

namespace DiscreteGradients.Cli.Commands;

/// <summary>The command dgrad completion SHELL, which prints the script that makes a shell complete the command's words, and the
/// command that this script asks.</summary>
internal static class CompletionCommand
{
    // Each asks "dgrad candidates" with the words up to the cursor, and takes file names where there are none.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _dgrad() {
              local line=${COMP_LINE:0:COMP_POINT} words word shown
              read -ra words <<< "$line"
              [[ $line == *[[:space:]] ]] && words+=("")
              word=${words[${#words[@]}-1]}
              shown=${word##*[:=,]}
              # bash takes what stands behind the last : or = for the word
              local kept=${word%"${word##*[:=]}"} IFS=$'\n'
              COMPREPLY=($(dgrad candidates -- "${words[@]:1}" 2>/dev/null | cut -f 1))
              COMPREPLY=("${COMPREPLY[@]#"$kept"}")
            }
            complete -o bashdefault -o default -F _dgrad dgrad

            """,
        ["zsh"] = """
            #compdef dgrad
            _dgrad() {
              local -a found
              found=("${(@f)$(dgrad candidates -- "${(@)words[2,CURRENT]}" 2>/dev/null | cut -f 1)}")
              if [[ -n "${found[*]}" ]]; then compadd -U -- "${found[@]}"; else _files; fi
            }
            # as a file of $fpath it is called by this name; elsewhere it registers itself
            if [[ ${funcstack[1]} == _dgrad ]]; then _dgrad "$@"; else compdef _dgrad dgrad; fi

            """,
        ["fish"] = """
            function __dgrad_candidates
                set -l words (commandline -opc) (commandline -ct)
                set -l found (dgrad candidates -- $words[2..-1] 2>/dev/null)
                if set -q found[1]
                    printf '%s\n' $found
                else
                    __fish_complete_path (commandline -ct)
                end
            end
            complete -c dgrad -f -a '(__dgrad_candidates)'

            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName dgrad -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
                dgrad candidates -- @words "$wordToComplete" 2>$null | ForEach-Object {
                    $name, $text = $_ -split "`t", 2
                    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $(if ($text) { $text } else { $name }))
                }
            }

            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell that the script is for." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print the script that makes a shell complete commands, options and values.")
        {
            shell,
        };
        command.SetAction(parsed => Console.Out.Write(Scripts[parsed.GetValue(shell)!].ReplaceLineEndings("\n")));
        return command;
    }

    /// <summary>Makes the command dgrad candidates -- WORD..., which prints what the last word may become, a line each, with its
    /// description behind a tab.</summary>
    public static Command CreateCandidates()
    {
        // The last may be empty: nothing is written of it yet.
        var words = new Argument<string[]>("WORD")
        {
            Arity = ArgumentArity.ZeroOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
        };
        var command = new Command("candidates", "What the last of some words may become.") { words };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (var (word, description) in Candidates.Of(Root.Create(), parsed.GetValue(words) ?? []))
                Console.Out.WriteLine($"{word}\t{description}");
        });
        return command;
    }
}

/// <summary>The words that a word of a command line may become.</summary>
internal static class Candidates
{
    /// <summary>Commands, options or values that begin with the last word; none where a file or a number is due.</summary>
    public static IEnumerable<(string Word, string Description)> Of(Command root, IReadOnlyList<string> words)
    {
        if (words.Count == 0) return [];
        var (command, open, arguments, given) = (root, (Option?)null, 0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var word in words.SkipLast(1))
        {
            if (command.Subcommands.FirstOrDefault(part => part.Name == word) is { } part) command = part;
            else if (OptionOf(command, word) is { } option)
            {
                given.Add(option.Name);
                open = option.ValueType == typeof(bool) || word.Contains('=') ? null : option;
                continue;
            }
            else if (open is null) arguments++;
            open = null;
        }
        var last = words[^1];
        if (last.StartsWith('-') && last.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            return Values(OptionOf(command, last), last[..(equals + 1)], last[(equals + 1)..]);
        if (open is not null) return Values(open, "", last);
        var all = new List<(string Word, string Description)>();
        all.AddRange(command.Subcommands.Where(part => !part.Hidden).Select(part => (part.Name, $"{part.Description}")));
        if (command.Arguments.ElementAtOrDefault(arguments) is { } argument)
            all.AddRange(HelpPage.Choices(argument).Select(choice => (choice, "")));
        // Options are many: they come when one is begun, or when nothing else is due.
        if (last.StartsWith('-') || command.Subcommands.Count == 0 && command.Arguments.Count <= arguments)
            all.AddRange(command.Options.Where(option => !option.Hidden && !given.Contains(option.Name))
                .Select(option => (option.Name, $"{option.Description}")));
        return all.Where(candidate => candidate.Word.StartsWith(last, StringComparison.Ordinal));
    }

    private static Option? OptionOf(Command command, string word) =>
        command.Options.FirstOrDefault(option => option.Name == word.Split('=')[0]);

    // Of a list, what stands before the last comma is kept.
    private static IEnumerable<(string, string)> Values(Option? option, string before, string word)
    {
        if (option is null) return [];
        var kept = word[..(word.LastIndexOf(',') + 1)];
        return from choice in HelpPage.Choices(option)
               where $"{kept}{choice}".StartsWith(word, StringComparison.Ordinal)
               select ($"{before}{kept}{choice}", "");
    }
}
