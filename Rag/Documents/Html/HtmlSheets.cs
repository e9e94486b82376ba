using System.Text;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using Pybo.Rag.Documents.Html.Css;

namespace Pybo.Rag.Documents.Html;

/// <summary>Collects a page's own style sheets before its words are read, and learns whether panels precede what opens them.</summary>
internal static class HtmlSheets
{
    /// <summary>The number of ids that are remembered.</summary>
    private const int IdsMax = 100_000;

    /// <summary>What a page writes that opens a panel by its name.</summary>
    private static readonly string[] Openers = ["aria-controls", "data-bs-target", "data-target", "data-tab", "data-panel", "onclick", "popovertarget", "commandfor", "javascript:", "href=\"#", "href='#", "href=#"];

    /// <param name="html">A page without style sheets and panels is not tokenized twice.</param>
    /// <param name="tokens">All tags of the page.</param>
    public static (CssSheet Sheet, bool IsDark, bool OpensEarlier) Read(string html, Func<IEnumerable<HtmlToken>> tokens)
    {
        var sheet = new CssSheet();
        var isDark = false;
        var mayOpen = Array.Exists(Openers, opener => html.Contains(opener, StringComparison.OrdinalIgnoreCase));
        if (!mayOpen && !html.Contains("<style", StringComparison.OrdinalIgnoreCase) && !html.Contains("color-scheme", StringComparison.OrdinalIgnoreCase))
        {
            return (sheet, isDark, false);
        }

        var (opensEarlier, ids) = (false, new HashSet<string>(StringComparer.Ordinal));
        // The tokenizer may yield the content of one element in pieces.
        var css = new StringBuilder();
        var (inert, isStyle) = (0, false);
        foreach (var token in tokens())
        {
            if (mayOpen && !opensEarlier && token is HtmlTagToken { Type: HtmlTokenType.StartTag, Attributes.Count: > 0 } tag)
            {
                opensEarlier = HtmlPanels.Targets(tag).Any(ids.Contains);
                if (tag.GetAttribute("id") is { Length: > 0 } id && ids.Count < IdsMax)
                {
                    ids.Add(id);
                }
            }

            switch (token)
            {
                case HtmlTagToken { Type: HtmlTokenType.StartTag, Name: "noscript" or "template" }:
                    inert++;
                    break;
                case HtmlTagToken { Type: HtmlTokenType.EndTag, Name: "noscript" or "template" }:
                    inert = Math.Max(0, inert - 1);
                    break;
                case HtmlTagToken { Type: HtmlTokenType.StartTag, Name: "style" } style:
                    isStyle = inert == 0 && IsForScreens(style);
                    break;
                case HtmlTagToken { Type: HtmlTokenType.StartTag, Name: "meta" } meta when meta.GetAttribute("name") is "color-scheme":
                    isDark = meta.GetAttribute("content") is { } scheme && scheme.Contains("dark", StringComparison.OrdinalIgnoreCase) && !scheme.Contains("light", StringComparison.OrdinalIgnoreCase);
                    break;
                case { Type: HtmlTokenType.Character } when isStyle:
                    css.Append(token.Data);
                    break;
                case HtmlTagToken { Type: HtmlTokenType.EndTag, Name: "style" }:
                    sheet.Add(css.ToString());
                    css.Clear();
                    isStyle = false;
                    break;
            }
        }

        sheet.Add(css.ToString());
        return (sheet, isDark, opensEarlier);
    }

    private static bool IsForScreens(HtmlTagToken style) =>
        (style.GetAttribute("type") is not { Length: > 0 } type || type.Equals("text/css", StringComparison.OrdinalIgnoreCase))
        && CssMedia.Applies(CssTokenizer.Read(style.GetAttribute("media"), CssSheet.TokensMax).ToArray());
}
