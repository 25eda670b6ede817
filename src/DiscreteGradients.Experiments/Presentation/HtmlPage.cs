using System.Net;

namespace DiscreteGradients.Experiments.Presentation;

/// <summary>A page that needs no other file.</summary>
internal static class HtmlPage
{
    /// <summary>Makes the document of a text, which is title and heading, and of a body of HTML.</summary>
    public static string Of(string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>{{Text(title)}}</title>
        <style>body{font:16px/1.5 sans-serif;margin:2rem}p,svg,img{max-width:56rem}svg,img{height:auto}
        table{border-collapse:collapse}td,th{padding:.2rem .7rem;border-bottom:1px solid #ccc;text-align:right;white-space:nowrap}
        .words{text-align:left}</style></head>
        <body><h1>{{Text(title)}}</h1>
        {{body}}</body></html>

        """;

    /// <summary>A text, whatever it holds, within HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A paragraph of text.</summary>
    public static string Paragraph(string text) => $"<p>{Text(text)}</p>\n";
}
