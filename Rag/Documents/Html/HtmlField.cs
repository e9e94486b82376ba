using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>Writes what a form field shows: a filled value, or a box with or without its mark.</summary>
internal static class HtmlField
{
    /// <summary>Returns the words of an <c>input</c>, with space around them; empty for buttons, passwords and hidden values.</summary>
    public static string Words(HtmlTagToken tag) => tag.GetAttribute("type")?.Trim().ToLowerInvariant() switch
    {
        "checkbox" or "radio" => HtmlVisibility.Has(tag, "checked") ? " ☑ " : " ☐ ",
        "button" or "color" or "file" or "hidden" or "image" or "password" or "range" or "reset" or "search" or "submit" => "",
        _ => $" {tag.GetAttribute("value")} ",
    };

    public static bool IsChoice(HtmlTagToken tag) => tag.GetAttribute("type")?.Trim().ToLowerInvariant() is "checkbox" or "radio";
}
