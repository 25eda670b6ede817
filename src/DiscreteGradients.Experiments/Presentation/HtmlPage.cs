namespace DiscreteGradients.Experiments.Presentation;

/// <summary>A page that needs no other file.</summary>
internal static class HtmlPage
{
    /// <summary>Makes the document of a text, which is title and heading, and of a body of HTML.</summary>
    public static string Of(string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Text(title)}</title>
        <style>
        {EmbeddedText.Read("page.css")}</style></head>
        <body><h1>{Text(title)}</h1>
        {body}{(body.Contains(HtmlChart.Class, StringComparison.Ordinal) ? $"<script>\n{EmbeddedText.Read("page.js")}</script>\n" : "")}</body></html>

        """;

    /// <summary>A text, whatever it holds, within HTML.</summary>
    public static string Text(string text) =>
        Quote.Visible(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>A paragraph of text.</summary>
    public static string Paragraph(string text) => $"<p>{Text(text)}</p>\n";
}
