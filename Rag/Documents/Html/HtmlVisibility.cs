using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>Decides from its own tag whether an element is visible; <see cref="HtmlStyles"/> considers styles.</summary>
internal static class HtmlVisibility
{
    public static bool IsHidden(HtmlTagToken tag) =>
        HtmlElements.LeftOut.Contains(tag.Name)
        || (tag.Name is not ("html" or "body") && tag.Attributes.Count > 0 && IsHiddenByAttribute(tag))
        || (tag.Name == "dialog" && !Has(tag, "open"));

    /// <summary>A page that hides its whole body shows it with a script, so that attribute is ignored.</summary>
    private static bool IsHiddenByAttribute(HtmlTagToken tag)
    {
        foreach (var attribute in tag.Attributes)
        {
            var isHidden = attribute.Name switch
            {
                "hidden" => true,
                "aria-hidden" => attribute.Value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase),
                "role" => attribute.Value.Trim().Equals("navigation", StringComparison.OrdinalIgnoreCase),
                _ => false,
            };
            if (isHidden)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(HtmlTagToken tag, string name)
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
}
