using System.Collections.Frozen;

namespace Pybo.Rag.Documents.Html;

/// <summary>The HTML standard's rules for elements, as far as their text needs them.</summary>
internal static class HtmlElements
{
    /// <summary>Elements without end tag and content.</summary>
    public static readonly FrozenSet<string> Void = FrozenSet.Create(
        StringComparer.Ordinal,
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param", "source", "track", "wbr");

    /// <summary>Elements that begin and end a block of text; each also ends an open paragraph.</summary>
    public static readonly FrozenSet<string> Blocks = FrozenSet.Create(
        StringComparer.Ordinal,
        "address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "listing", "main", "menu", "ol", "p", "plaintext", "pre",
        "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp");

    /// <summary>
    /// Elements whose words are not the document's: code, alternatives for programs that cannot show something, navigation, and the second notation
    /// of formulas.
    /// </summary>
    public static readonly FrozenSet<string> LeftOut = FrozenSet.Create(
        StringComparer.Ordinal,
        "annotation", "annotation-xml", "applet", "audio", "canvas", "datalist", "iframe", "nav", "noembed", "noframes", "noscript", "object", "rp",
        "script", "style", "template", "video");

    /// <summary>An end tag does not close elements opened outside the nearest of these.</summary>
    public static readonly FrozenSet<string> Scopes = FrozenSet.Create(
        StringComparer.Ordinal, "applet", "caption", "html", "marquee", "object", "table", "td", "template", "th");

    /// <summary>The parts of a table; only the table limits the reach of their end tags.</summary>
    public static readonly FrozenSet<string> TableParts = FrozenSet.Create(
        StringComparer.Ordinal, "caption", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr");

    public static readonly FrozenSet<string> Lists = FrozenSet.Create(StringComparer.Ordinal, "dir", "menu", "ol", "ul");

    /// <summary>The head and the foot of a page, whose links lead around the site.</summary>
    public static readonly FrozenSet<string> Menus = FrozenSet.Create(StringComparer.Ordinal, "aside", "footer", "header");

    private static readonly string[] Item = ["li"];
    private static readonly string[] Option = ["option"];
    private static readonly string[] Definition = ["dd", "dt"];
    private static readonly string[] Annotation = ["rb", "rt", "rp"];
    private static readonly string[] Cell = ["td", "th", "caption"];
    private static readonly string[] Row = [.. Cell, "tr"];
    private static readonly string[] Rows = [.. Row, "tbody", "thead", "tfoot"];

    /// <summary>Returns 1 to 6 for a heading, otherwise 0.</summary>
    public static int HeadingLevel(string name) => name is ['h', >= '1' and <= '6' and var digit] ? digit - '0' : 0;

    /// <summary>Returns the open elements, in addition to a paragraph, that a start tag closes implicitly.</summary>
    public static IReadOnlyList<string> ClosedBy(string start) => start switch
    {
        "li" => Item,
        "dd" or "dt" => Definition,
        "rb" or "rt" or "rp" or "rtc" => Annotation,
        "option" or "optgroup" => Option,
        "td" or "th" => Cell,
        "tr" => Row,
        "tbody" or "thead" or "tfoot" => Rows,
        _ => [],
    };

    /// <summary>An item does not close another across a block unless the block is mere grouping.</summary>
    public static bool ShieldsItems(string open) =>
        open is not ("address" or "div" or "p" or "li" or "dd" or "dt") && (Blocks.Contains(open) || Scopes.Contains(open));
}
