using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>Whether a person who opens the page sees an element, as far as its own tag tells. Style sheets and colours are not looked at.</summary>
internal static class HtmlVisibility
{
    public static bool IsHidden(HtmlTagToken tag) =>
        HtmlElements.LeftOut.Contains(tag.Name)
        || (tag.Name is not ("html" or "body") && tag.Attributes.Count > 0 && IsHiddenByAttribute(tag))
        || (tag.Name == "dialog" && !Has(tag, "open"));

    /// <summary>A page that hides its whole body shows it by a script: that one is not asked.</summary>
    private static bool IsHiddenByAttribute(HtmlTagToken tag)
    {
        foreach (var attribute in tag.Attributes)
        {
            var isHidden = attribute.Name switch
            {
                "hidden" => true,
                "aria-hidden" => attribute.Value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase),
                "role" => attribute.Value.Trim().Equals("navigation", StringComparison.OrdinalIgnoreCase),
                "style" => IsHiddenByStyle(attribute.Value),
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

    private static bool IsHiddenByStyle(ReadOnlySpan<char> style)
    {
        foreach (var part in style.Split(';'))
        {
            var declaration = style[part];
            var colon = declaration.IndexOf(':');
            if (colon > 0 && Hides(declaration[..colon].Trim(), declaration[(colon + 1)..].Trim()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Hides(ReadOnlySpan<char> property, ReadOnlySpan<char> value) =>
        (Is(property, "display") && Starts(value, "none"))
        || (Is(property, "visibility") && (Starts(value, "hidden") || Starts(value, "collapse")))
        || ((Is(property, "font-size") || Is(property, "opacity")) && IsZero(value));

    private static bool Is(ReadOnlySpan<char> word, string name) => word.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool Starts(ReadOnlySpan<char> word, string name) => word.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    /// <summary><c>0</c>, <c>0px</c>, <c>0.00em !important</c>; not <c>0.8em</c>.</summary>
    private static bool IsZero(ReadOnlySpan<char> value)
    {
        var end = value.IndexOfAnyExcept("+-.0");
        var number = end < 0 ? value : value[..end];
        return number.Contains('0') && !(end >= 0 && char.IsAsciiDigit(value[end]));
    }
}
