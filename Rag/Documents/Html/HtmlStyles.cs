using System.Collections.Frozen;
using System.Globalization;
using AngleSharp.Html.Parser.Tokens;
using Pybo.Rag.Documents.Html.Css;

namespace Pybo.Rag.Documents.Html;

/// <summary>
/// The styles of the open elements, as far as they decide whether words are visible: from the page's own style sheets, <c>style</c>, and
/// the older attributes. External style sheets are unknown and not guessed: words that are white on white without them are not read.
/// </summary>
internal sealed class HtmlStyles
{
    /// <summary>The number of attributes whose declarations are cached; a page repeats few.</summary>
    private const int InlineMax = 1_000;

    private static readonly FrozenSet<string> Pictures = FrozenSet.Create(StringComparer.Ordinal, "canvas", "embed", "iframe", "img", "input", "object", "picture", "svg", "video");
    private static readonly FrozenSet<string> Coloured = FrozenSet.Create(StringComparer.Ordinal, "body", "marquee", "table", "tbody", "td", "tfoot", "th", "thead", "tr");
    private static readonly CssDeclaration[] Marked = [Colour("background-color", new(255, 255, 0)), Colour("color", CssColour.Black)];

    private readonly CssSheet sheet;
    private readonly CssSteps steps = new();
    private readonly List<HtmlNode?> open = [];
    private readonly Dictionary<string, IReadOnlyList<CssDeclaration>> inline = new(StringComparer.Ordinal);
    private readonly HtmlStyle page;
    private HtmlNode html;
    private HtmlNode body;
    private CssColour link = CssColour.Link;

    /// <param name="sheet">All rules of the page: even one at its end applies from the beginning.</param>
    /// <param name="isDark">True if the page asks for a dark canvas.</param>
    public HtmlStyles(CssSheet sheet, bool isDark)
    {
        this.sheet = sheet;
        page = isDark ? HtmlStyle.DarkPage : HtmlStyle.Page;
        // They exist even if a page does not write them.
        html = Styled(new("html", tag: null, parent: null));
        body = Styled(new("body", tag: null, html));
    }

    /// <summary>The style of the words that follow.</summary>
    public HtmlStyle Current => (open.Count > 0 ? open[^1] : body)?.Style ?? page;

    /// <summary>Creates the styled element that a tag begins; <see cref="Push"/> opens it.</summary>
    public HtmlNode Of(HtmlTagToken tag)
    {
        switch (tag.Name)
        {
            case "html":
                return html = Styled(new("html", tag, parent: null));
            case "body":
                link = CssColour.Legacy(tag.GetAttribute("link") ?? "") ?? link;
                return body = Styled(new("body", tag, html));
            case "head" or "title":
                return new(tag.Name, tag, parent: null) { Style = page };
            default:
                var parent = open.Count > 0 && open[^1] is { Name: not ("html" or "head" or "title") } last ? last : body;
                return Styled(new(tag.Name, tag, parent));
        }
    }

    /// <param name="node">Null inside hidden content, whose styles are not needed.</param>
    public void Push(HtmlNode? node) => open.Add(node);

    public void Pop() => open.RemoveAt(open.Count - 1);

    private HtmlNode Styled(HtmlNode node)
    {
        var around = node.Parent?.Style ?? page;
        node.Style = around;
        if (Pictures.Contains(node.Name))
        {
            node.Paint();
        }

        var declarations = Declarations(node);
        if (declarations.Count == 0)
        {
            node.Style = around.IsPositioned ? around with { IsPositioned = false } : around;
            return node;
        }

        var cascade = new HtmlCascade(around, steps);
        var style = cascade.Apply(declarations);
        if (node.Name == "html" && cascade.IsDark && ReferenceEquals(around, HtmlStyle.Page))
        {
            style = new HtmlCascade(HtmlStyle.DarkPage, steps).Apply(declarations);
        }

        node.Script = cascade.Script;
        if (cascade.Paints)
        {
            node.Paint();
        }
        else if (cascade.IsPlaced && LiesOverPaint(node))
        {
            style = style with { Backdrop = null };
        }

        // A page that hides its whole body shows it with a script, so that rule is ignored.
        node.Style = node.Name is "html" or "body" ? style with { IsGone = false, IsHidden = false, Opacity = 1, IsIndentedAway = false } : style;
        return node;
    }

    /// <summary>Returns whether the element's positioning box contains a picture or a coloured box, over which it may be placed.</summary>
    private static bool LiesOverPaint(HtmlNode node)
    {
        for (var around = node.Parent; around is { Name: not ("body" or "html") }; around = around.Parent)
        {
            if (around.HoldsPaint)
            {
                return true;
            }

            if (around.Style.IsPositioned)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Returns an element's declarations, weakest first.</summary>
    private IReadOnlyList<CssDeclaration> Declarations(HtmlNode node)
    {
        var hints = Hints(node);
        var style = node.Attribute("style") is { } text ? Inline(text) : [];
        var rules = new List<CssRule>();
        if (!sheet.IsEmpty)
        {
            sheet.Find(node, steps, rules);
        }

        if (rules.Count == 0 && hints.Count == 0 && !style.Any(d => d.IsImportant))
        {
            return style;
        }

        steps.Take(rules.Sum(rule => rule.Declarations.Count));
        return
        [
            .. hints
                .Select(d => (Declaration: d, Tier: 0, Specificity: 0, Order: 0))
                .Concat(rules.SelectMany(rule => rule.Declarations.Select(d => (Declaration: d, Tier: rule.IsLayered == d.IsImportant ? 2 : 1, rule.Selector.Specificity, rule.Order))))
                .Concat(style.Select(d => (Declaration: d, Tier: 3, Specificity: 0, Order: 0)))
                .OrderBy(d => d.Declaration.IsImportant).ThenBy(d => d.Tier).ThenBy(d => d.Specificity).ThenBy(d => d.Order)
                .Select(d => d.Declaration),
        ];
    }

    private IReadOnlyList<CssDeclaration> Inline(string text)
    {
        steps.Take(text.Length);
        if (inline.TryGetValue(text, out var known))
        {
            return known;
        }

        var declarations = CssSheet.Inline(text);
        if (inline.Count < InlineMax)
        {
            inline[text] = declarations;
        }

        return declarations;
    }

    /// <summary>Returns the browser's own colours and those of attributes: weaker than any rule.</summary>
    private IReadOnlyList<CssDeclaration> Hints(HtmlNode node)
    {
        if (node.Name == "mark")
        {
            return Marked;
        }

        if (node.AttributeCount == 0)
        {
            return [];
        }

        var hints = new List<CssDeclaration>();
        if (node.Name == "a" && node.Attribute("href") is not null)
        {
            hints.Add(Colour("color", link));
        }

        if (Coloured.Contains(node.Name) && node.Attribute("background") is { Length: > 0 })
        {
            hints.Add(new("background-image", [new(CssTokenKind.Url, "")], IsImportant: false));
        }

        if (Coloured.Contains(node.Name) && CssColour.Legacy(node.Attribute("bgcolor") ?? "") is { } background)
        {
            hints.Add(Colour("background-color", background));
        }

        if (CssColour.Legacy((node.Name switch { "font" => node.Attribute("color"), "body" => node.Attribute("text"), _ => null }) ?? "") is { } text)
        {
            hints.Add(Colour("color", text));
        }

        return hints;
    }

    private static CssDeclaration Colour(string property, CssColour colour) => new(
        property,
        [new(CssTokenKind.Hash, string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Round(colour.Red):x2}{(int)Math.Round(colour.Green):x2}{(int)Math.Round(colour.Blue):x2}"))],
        IsImportant: false);
}
