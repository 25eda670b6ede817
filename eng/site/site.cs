#:property ManagePackageVersionsCentrally=false
#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
#:package Markdig@1.6.0
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

// The documents as a site that opens from disk, with search:  (cd eng/site && npm ci) && dotnet run eng/site/site.cs -- OUT
// Run in the root of a clone. Exits with 1 where a link leads nowhere.
if (args is not [var to] || !File.Exists("README.md"))
{
    Console.Error.WriteLine("site: expected one folder to write to, and the root of a clone as the current folder.");
    return 2;
}
var script = Path.Combine("eng", "site", "node_modules", "minisearch", "dist", "umd", "index.js");
if (!File.Exists(script))
{
    Console.Error.WriteLine($"site: {script} is missing; run npm ci in eng/site.");
    return 2;
}

(string Heading, string[] Names)[] groups =
[
    ("Begin", ["README.md", "docs/idea.md", "docs/getting-started.md", "docs/estimators.md", "docs/choosing.md",
        "docs/coming-from.md", "docs/own-estimator.md", "docs/limits.md"]),
    ("Command", ["docs/command.md", "docs/search.md", "docs/reproduction.md", "docs/results.md"]),
    ("Background", ["docs/exact.md", "docs/equations.md", "docs/performance.md", "docs/architecture.md",
        "docs/vae-architecture.md", "src/DiscreteGradients/Kernels/README.md"]),
    ("Reference", [.. Files("docs/api")]),
    ("Project", ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "assets/README.md", "benchmarks/peers/README.md"]),
];
var listed = groups.SelectMany(group => group.Names).ToHashSet();
groups[2].Names = [.. groups[2].Names, .. Files("docs").Where(name => !listed.Contains(name))];
var pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();
var pages = groups.SelectMany(group => group.Names).Where(File.Exists)
    .ToDictionary(name => name, name => Markdown.Parse(File.ReadAllText(name), pipeline));
var broken = new List<string>();
foreach (var (name, page) in pages)
{
    var up = string.Concat(Enumerable.Repeat("../", name.Count(letter => letter == '/')));
    foreach (var link in page.Descendants<LinkInline>().ToList()) Follow(name, link);
    var path = Path.Combine(to, Html(name));
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{WebUtility.HtmlEncode(Title(name))} · DiscreteGradients</title><link rel="stylesheet" href="{up}site.css"></head>
        <body><nav><input id="search" type="search" placeholder="Search" aria-label="Search"><ol id="found"></ol>
        {Navigation(name, up)}</nav><main>{page.ToHtml(pipeline)}</main>
        <script>const up = "{up}";</script><script src="{up}minisearch.js"></script>
        <script src="{up}pages.js"></script><script src="{up}site.js"></script>
        </body></html>
        """);
}
foreach (var name in (string[])["site.css", "site.js"])
    File.Copy(Path.Combine("eng", "site", name), Path.Combine(to, name), overwrite: true);
File.Copy(script, Path.Combine(to, "minisearch.js"), overwrite: true);
// A classic script, since pages from disk may not fetch.
var sections = pages.SelectMany(pair => Sections(pair.Key, pair.Value)).ToList();
File.WriteAllText(Path.Combine(to, "pages.js"), $"const pages = {JsonSerializer.Serialize(sections, Site.Json)};");
foreach (var line in broken) Console.Error.WriteLine($"site: {line} leads nowhere");
Console.WriteLine($"{pages.Count} pages in {Path.Combine(to, "index.html")}");
return broken.Count == 0 ? 0 : 1;

static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.md").Select(name => name.Replace('\\', '/'))
    .OrderBy(name => !name.EndsWith("README.md", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal);

static string Html(string name) => Regex.Replace(name.Replace("README.md", "index.md", StringComparison.Ordinal), @"\.md$", ".html");

string Title(string name) => Words(pages[name].Descendants<HeadingBlock>().First());

static string Words(LeafBlock block) => string.Concat(block.Inline?.Descendants().Select(part => part switch
{
    LiteralInline literal => literal.Content.ToString(),
    CodeInline code => code.Content,
    LineBreakInline => " ",
    _ => "",
}) ?? []);

string Navigation(string here, string up) => string.Concat(groups.Select(group =>
    $"<details{(group.Names.Contains(here) || group == groups[0] ? " open" : "")}><summary>{group.Heading}</summary><ul>"
    + string.Concat(group.Names.Where(pages.ContainsKey).Select(name =>
        $"<li><a{(name == here ? " class=\"here\"" : "")} href=\"{up}{Html(name)}\">{WebUtility.HtmlEncode(Title(name))}</a></li>")) + "</ul></details>"));

// Links to pages lead to their HTML; files are copied beside it; a folder has no page, so that its name stays and the link goes.
void Follow(string name, LinkInline link)
{
    if (link.Url is not { } url || url.Contains("://", StringComparison.Ordinal)) return;
    var (path, anchor) = url.Split('#') is [var before, var after] ? (before, "#" + after) : (url, "");
    if (path.Length == 0) path = Path.GetFileName(name);
    var target = Path.GetRelativePath(".", Path.Combine(Path.GetDirectoryName(name)!, path)).Replace('\\', '/');
    if (pages.TryGetValue(target, out var page))
    {
        var wanted = Uri.UnescapeDataString(anchor);
        if (wanted.Length > 0 && !page.Descendants<HeadingBlock>().Any(heading => "#" + heading.GetAttributes().Id == wanted))
            broken.Add($"{name}: {url}");
        link.Url = Html(path) + anchor;
    }
    else if (File.Exists(target))
    {
        var copy = Path.Combine(to, target);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(target, copy, overwrite: true);
    }
    else if (Directory.Exists(target))
    {
        foreach (var part in link.ToList())
        {
            part.Remove();
            link.InsertBefore(part);
        }
        link.Remove();
    }
    else
    {
        broken.Add($"{name}: {url}");
    }
}

// One entry for each heading: what stands under it.
IEnumerable<Section> Sections(string name, MarkdownDocument page)
{
    HeadingBlock? above = null;
    var text = new List<string>();
    foreach (var block in page.Descendants<LeafBlock>())
    {
        if (block is HeadingBlock heading)
        {
            if (above is not null) yield return Section();
            (above, text) = (heading, []);
        }
        text.Add(block is CodeBlock ? block.Lines.ToString() : Words(block));
    }
    if (above is not null) yield return Section();

    Section Section()
    {
        var anchor = above!.Level == 1 ? "" : "#" + above.GetAttributes().Id;
        return new(Html(name) + anchor, Title(name), Words(above), string.Join(' ', text));
    }
}

internal sealed record Section(string Id, string Page, string Heading, string Text);

internal static class Site
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
}
