using System.Text.RegularExpressions;
using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>
/// Finds what a page keeps folded until a reader presses something: the panels of accordions, disclosures and tabs (WAI-ARIA Authoring Practices), and those
/// of the common scripts. A panel is content if something visible on the page names it, or directly precedes it and shows that it unfolds something.
/// </summary>
internal sealed partial class HtmlPanels
{
    /// <summary>A page with more panels is not meant for people.</summary>
    private const int TargetsMax = 20_000;

    /// <summary>A longer script in an attribute does more than to open a panel.</summary>
    private const int ScriptCharactersMax = 1_000;

    /// <summary>Classes of what unfolds, as the common libraries and their users name them.</summary>
    private static readonly string[] UnfoldingClasses = ["accordion", "collaps", "expand", "faq", "fold", "question", "toggle"];

    private readonly HashSet<string> targets = new(StringComparer.Ordinal);
    private readonly HashSet<string> choices = new(StringComparer.Ordinal);
    private readonly List<Opener> openers = [];
    private int seen;
    private bool opensNext;

    /// <summary>Returns true for a button whose words are the title of what it opens; other buttons are controls.</summary>
    public static bool IsTitle(HtmlTagToken tag) => HasText(tag, "aria-expanded") || Is(tag, "role", "tab") || Targets(tag).Count > 0;

    /// <summary>Returns the ids of the elements that pressing an element shows.</summary>
    public static IReadOnlyList<string> Targets(HtmlTagToken tag)
    {
        List<string>? ids = null;
        foreach (var attribute in tag.Attributes)
        {
            var value = attribute.Value;
            string[] named = attribute.Name switch
            {
                "aria-controls" or "popovertarget" or "commandfor" or "data-target" or "data-bs-target" or "data-tab" or "data-panel" => Names(value),
                "href" when value is ['#', _, ..] => [value[1..]],
                "onclick" => Quoted(value),
                "href" when value.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) => Quoted(value),
                _ => [],
            };
            if (named.Length > 0)
            {
                (ids ??= []).AddRange(named.Select(id => id.TrimStart('#')));
            }
        }

        return ids is null || IsForMenu(tag) ? [] : ids;
    }

    /// <summary>Begins the page again, with what is known from its first reading.</summary>
    public void Restart()
    {
        openers.Clear();
        (seen, opensNext) = (0, false);
    }

    /// <summary>Call when a visible element begins.</summary>
    /// <param name="depth">The number of elements around it.</param>
    public void Open(HtmlTagToken tag, int depth)
    {
        if (tag.Attributes.Count == 0)
        {
            return;
        }

        var named = Targets(tag);
        var unfolds = Unfolds(tag) && !IsForMenu(tag);
        if (named.Count > 0 || unfolds)
        {
            var label = unfolds && tag.GetAttribute("id") is { Length: > 0 } id ? Label(id) : null;
            openers.Add(new(depth, named, label, unfolds));
        }

        if (tag.Name == "button")
        {
            Show("□");
        }
    }

    /// <summary>Call for a visible check box or radio button, which may unfold something without a script.</summary>
    public void Choose(HtmlTagToken tag)
    {
        if (tag.GetAttribute("id") is { Length: > 0 } id && choices.Count < TargetsMax)
        {
            choices.Add(id);
        }
    }

    /// <summary>Call when visible words, or a picture, are read: a link without any cannot be pressed.</summary>
    public void Show(ReadOnlySpan<char> words)
    {
        if (words.IsWhiteSpace())
        {
            return;
        }

        opensNext = false;
        for (; seen < openers.Count; seen++)
        {
            foreach (var target in openers[seen].Targets.Append(openers[seen].Label).OfType<string>())
            {
                if (targets.Count < TargetsMax)
                {
                    targets.Add(target);
                }
            }
        }
    }

    /// <summary>Call when a visible element ends.</summary>
    /// <param name="depth">The number of elements around it.</param>
    public void Close(int depth)
    {
        while (openers.Count > 0 && openers[^1].Depth >= depth)
        {
            opensNext |= openers[^1].Unfolds && seen == openers.Count;
            openers.RemoveAt(openers.Count - 1);
            seen = Math.Min(seen, openers.Count);
        }
    }

    /// <summary>Returns true if a reader can open this hidden element. Only the first one after what unfolds it is meant.</summary>
    public bool Opens(HtmlTagToken tag)
    {
        var isNext = opensNext;
        opensNext = false;
        return isNext
            || (tag.Attributes.Count > 0
                && (Is(tag, "role", "tabpanel")
                    || (tag.GetAttribute("id") is { } id && targets.Contains(id))
                    || (tag.GetAttribute("aria-labelledby") is { } labels && Names(labels).Any(label => targets.Contains(Label(label))))));
    }

    private bool Unfolds(HtmlTagToken tag) => HasText(tag, "aria-expanded") || HasText(tag, "onclick") || Is(tag, "role", "tab")
        || (tag.Name == "label" && tag.GetAttribute("for") is { } choice && choices.Contains(choice))
        || (tag.GetAttribute("class") is { Length: > 0 } classes && Array.Exists(UnfoldingClasses, name => classes.Contains(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A space cannot be part of an id, so no element has this one.</summary>
    private static string Label(string id) => " " + id;

    /// <summary>Menus are not content.</summary>
    private static bool IsForMenu(HtmlTagToken tag) =>
        (tag.GetAttribute("aria-haspopup") is { Length: > 0 } popup && popup is not ("false" or "dialog"))
        || tag.GetAttribute("data-bs-toggle") is "dropdown" or "offcanvas"
        || tag.GetAttribute("data-toggle") is "dropdown" or "offcanvas";

    private static bool Is(HtmlTagToken tag, string name, string value) => value.Equals(tag.GetAttribute(name)?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool HasText(HtmlTagToken tag, string name) => tag.GetAttribute(name) is { Length: > 0 };

    private static string[] Names(string value) => value.Split([' ', ',', '\t', '\n', '\r', '\f'], StringSplitOptions.RemoveEmptyEntries);

    private static string[] Quoted(string script) =>
        script.Length > ScriptCharactersMax ? [] : [.. QuotedId().Matches(script).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("""['"]([^'"\s]+)['"]""", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedId();

    /// <param name="Label">Names the panels that it labels.</param>
    /// <param name="Unfolds">What follows it directly is meant if it is hidden.</param>
    private readonly record struct Opener(int Depth, IReadOnlyList<string> Targets, string? Label, bool Unfolds);
}
