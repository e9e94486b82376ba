using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>Decides from its own tag whether an element is visible; <see cref="HtmlStyles"/> considers styles.</summary>
internal static class HtmlVisibility
{
    /// <summary>Returns true for what is never a document's text: code, navigation, unselected options, decorative drawings.</summary>
    public static bool IsLeftOut(HtmlTagToken tag) =>
        HtmlElements.LeftOut.Contains(tag.Name)
        || (tag.Name == "option" && !IsSelected(tag))
        || (tag.Attributes.Count > 0 && tag.Name is not ("html" or "body") && Role(tag) is var role
            && (role == "navigation" || (tag.Name is "svg" or "img" && role is "presentation" or "none")));

    /// <summary>Returns true if the element is hidden until something opens it. A page that hides its whole body shows it with a script, so that attribute is ignored.</summary>
    public static bool IsFolded(HtmlTagToken tag) =>
        (tag.Name is not ("html" or "body") && tag.Attributes.Count > 0 && IsFoldedByAttribute(tag))
        || (tag.Name == "dialog" && !Has(tag, "open"));

    public static bool Has(HtmlTagToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the role that an element has for a reader, in lower case.</summary>
    public static string Role(HtmlTagToken tag) => tag.GetAttribute("role")?.Trim().ToLowerInvariant() ?? "";

    /// <summary>A browser's search finds and shows what is hidden <c>until-found</c>.</summary>
    private static bool IsFoldedByAttribute(HtmlTagToken tag)
    {
        foreach (var attribute in tag.Attributes)
        {
            var isFolded = attribute.Name switch
            {
                "hidden" => !attribute.Value.Trim().Equals("until-found", StringComparison.OrdinalIgnoreCase),
                "aria-hidden" => attribute.Value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase),
                "popover" => true,
                _ => false,
            };
            if (isFolded)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An option with an empty value asks for a choice.</summary>
    private static bool IsSelected(HtmlTagToken tag) => Has(tag, "selected") && !(Has(tag, "value") && tag.GetAttribute("value").Length == 0);
}
