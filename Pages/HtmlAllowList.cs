using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using Pybo.Data;
using Pybo.Pages.Images;

namespace Pybo.Pages;

/// <summary>Filters rendered markdown: only the elements and attributes named here, links of three schemes, and images of this site reach a page.</summary>
/// <remarks>
/// An element that is not on the list keeps only its text; if its text is code (script, style), that is removed too. Everything kept is rewritten, every
/// opened element is closed, and no end tag closes more. It reads tags as a browser does but builds no tree: the tree took
/// four times as long as all the rest, and was quadratic in the length of a paragraph of many lines.
/// </remarks>
internal sealed partial class HtmlAllowList
{
    private const string DoneLabel = "task-done";
    private const string OpenLabel = "task-open";

    /// <summary>Of a formula in LaTeX, which the page's script draws.</summary>
    private const string MathClass = "math";

    /// <summary>Placeholder for the words that <see cref="MarkdownRenderer.Localized"/> inserts.</summary>
    internal const string TaskDone = $"aria-label=\"{DoneLabel}\"";

    /// <inheritdoc cref="TaskDone"/>
    internal const string TaskOpen = $"aria-label=\"{OpenLabel}\"";

    private static readonly FrozenSet<string> Elements = FrozenSet.Create(StringComparer.Ordinal,
        "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "code", "em", "strong", "del", "sup", "a", "img", "span", "div",
        "table", "thead", "tbody", "tr", "th", "td", "input");

    /// <summary>The allowed elements without content.</summary>
    private static readonly FrozenSet<string> Void = FrozenSet.Create(StringComparer.Ordinal, "br", "hr", "img", "input");

    private static readonly FrozenSet<string> Dropped = FrozenSet.Create(StringComparer.Ordinal,
        "script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "textarea", "title", "xmp", "plaintext", "noembed", "noframes");

    private static readonly FrozenSet<string> Schemes = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "http", "https", "mailto");

    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"\u00A0");

    /// <summary>A text is as wide as the window, up to a width that a thumbnail fills.</summary>
    private static readonly string Sizes = string.Create(CultureInfo.InvariantCulture, $"(max-width: {Image.ThumbnailWidth}px) 100vw, {Image.ThumbnailWidth}px");

    private readonly StringBuilder html = new();
    private readonly Stack<Open> opened = [];
    private readonly bool ownLinksOnly;

    /// <summary>The dropped element whose end is awaited, and its current nesting depth.</summary>
    private (string? Name, int Depth) dropped;

    private bool isInLink;

    private HtmlAllowList(bool ownLinksOnly) => this.ownLinksOnly = ownLinksOnly;

    /// <summary>Returns the allowed part.</summary>
    /// <param name="rendered">Markdig's output, or any other HTML.</param>
    /// <param name="ownLinksOnly">Links that leave the site lose their address and keep their words. Used for generated text: a
    /// manipulated generator could leak what it read through the link's address.</param>
    public static string Filter(string rendered, bool ownLinksOnly = false)
    {
        var list = new HtmlAllowList(ownLinksOnly);
        using var source = new TextSource(rendered);
        var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver) { SkipComments = true };
        for (var token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            list.Read(token, tokenizer);
        }

        list.CloseAll();
        return list.html.ToString();
    }

    private void Read(HtmlToken token, HtmlTokenizer tokenizer)
    {
        switch (token)
        {
            case { Type: HtmlTokenType.StartTag } and HtmlTagToken tag:
                if (Start(tag))
                {
                    tokenizer.State = ContentOf(tag.Name);
                }

                break;
            case { Type: HtmlTokenType.EndTag } and HtmlTagToken tag:
                End(tag.Name);
                break;
            case { Type: HtmlTokenType.Character } when dropped.Name is null:
                Escape(token.Data, isAttribute: false);
                break;
        }
    }

    /// <summary>Returns how a browser parses an element's content.</summary>
    private static HtmlParseMode ContentOf(string name) => name switch
    {
        "title" or "textarea" => HtmlParseMode.RCData,
        "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
        "script" => HtmlParseMode.Script,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => HtmlParseMode.PCData,
    };

    /// <returns>True if an element was opened that is dropped with its text.</returns>
    private bool Start(HtmlTagToken tag)
    {
        if (dropped.Name is not null)
        {
            dropped.Depth += tag.Name == dropped.Name ? 1 : 0;
            return false;
        }

        if (Dropped.Contains(tag.Name))
        {
            dropped = (tag.Name, 1);
            return true;
        }

        if (Void.Contains(tag.Name))
        {
            WriteVoid(tag);
        }
        else if (Elements.Contains(tag.Name))
        {
            opened.Push(Write(tag));
        }

        return false;
    }

    /// <summary>Closes an end tag's element and all open ones inside it.</summary>
    private void End(string name)
    {
        if (dropped.Name is not null)
        {
            dropped.Depth -= name == dropped.Name ? 1 : 0;
            dropped = dropped.Depth == 0 ? default : dropped;
            return;
        }

        if (opened.Any(open => open.Name == name))
        {
            while (Close() != name)
            {
            }
        }
    }

    private void CloseAll()
    {
        while (opened.Count > 0)
        {
            Close();
        }
    }

    private string Close()
    {
        var open = opened.Pop();
        html.Append(open.End);
        isInLink &= open is not { Name: "a", End.Length: > 0 };
        return open.Name;
    }

    private void WriteVoid(HtmlTagToken tag)
    {
        switch (tag.Name)
        {
            case "img":
                WriteImage(tag);
                break;
            case "input":
                WriteTask(isDone: Attribute(tag, "checked") is not null);
                break;
            default:
                WriteTag(tag.Name);
                break;
        }
    }

    private Open Write(HtmlTagToken tag)
    {
        switch (tag.Name)
        {
            case "a":
                return WriteLink(Attribute(tag, "href"), Attribute(tag, "title"));
            case "table":
                WriteTag("div", ("class", "table-responsive"), ("tabindex", "0"));
                WriteTag("table", ("class", "table table-bordered"));
                return new("table", "</table></div>");
            case "code" when Attribute(tag, "class") is { } language && LanguageClass().IsMatch(language):
                return WriteTag("code", ("class", language));
            case "span" or "div" when Attribute(tag, "class") == MathClass:
                return WriteTag(tag.Name, ("class", MathClass));
            case "pre":
                // A scrolling block must be reachable by keyboard.
                return WriteTag("pre", ("tabindex", "0"));
            case "ol" when int.TryParse(Attribute(tag, "start"), CultureInfo.InvariantCulture, out var start):
                return WriteTag("ol", ("start", start.ToString(CultureInfo.InvariantCulture)));
            case "td" or "th" when Alignment().Match(Attribute(tag, "style") ?? "") is { Success: true } aligned:
                // Uses a class, because the content security policy allows no style attribute.
                return WriteTag(tag.Name, ("class", $"text-{aligned.Groups[1].Value switch { "left" => "start", "right" => "end", _ => "center" }}"));
            default:
                return WriteTag(tag.Name);
        }
    }

    /// <summary>A link inside a link keeps only its words, as in a browser.</summary>
    private Open WriteLink(string? href, string? title)
    {
        if (isInLink || Address(href) is not { } address || (ownLinksOnly && !IsOwn(address)))
        {
            return new("a", "");
        }

        isInLink = true;
        return WriteTag("a", ("href", address), ("rel", "nofollow ugc noopener"), ("title", string.IsNullOrEmpty(title) ? null : title));
    }

    /// <summary>Images of other sites would reveal the reader to them, so they become links.</summary>
    private void WriteImage(HtmlTagToken image)
    {
        var address = Address(Attribute(image, "src"));
        var alternative = Attribute(image, "alt");
        if (address is not null && IsOwn(address))
        {
            WriteOwnImage(address, alternative ?? "");
            return;
        }

        var words = string.IsNullOrWhiteSpace(alternative) ? address ?? "" : alternative;
        opened.Push(WriteLink(address, title: null));
        Escape(words, isAttribute: false);
        Close();
    }

    /// <summary>An uploaded image states its size, so that the page does not move when it arrives, and leads to its full size; a link needs words, so one without a description does not.</summary>
    private void WriteOwnImage(string address, string description)
    {
        if (Image.SizeOf(address) is not var (width, height))
        {
            WriteTag("img", ("src", address), ("alt", description), ("loading", "lazy"));
            return;
        }

        var isLink = !string.IsNullOrWhiteSpace(description);
        if (isLink)
        {
            opened.Push(WriteLink(address, title: null));
        }

        var sources = width > Image.ThumbnailWidth ? string.Create(CultureInfo.InvariantCulture, $"{address}{ImageEndpoints.Small} {Image.ThumbnailWidth}w, {address} {width}w") : null;
        WriteTag("img", ("src", address), ("srcset", sources), ("sizes", sources is null ? null : Sizes), ("width", Written(width)), ("height", Written(height)), ("alt", description), ("loading", "lazy"));
        if (isLink)
        {
            Close();
        }
    }

    private static string Written(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A check box that cannot be changed is a sign, not a control.</summary>
    private void WriteTask(bool isDone)
    {
        var end = WriteTag("span", ("role", "img"), ("aria-label", isDone ? DoneLabel : OpenLabel)).End;
        html.Append(isDone ? '☑' : '☐').Append(end);
    }

    /// <param name="name">The element.</param>
    /// <param name="attributes">An attribute without a value is left out.</param>
    private Open WriteTag(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        html.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
            {
                html.Append(' ').Append(attribute).Append("=\"");
                Escape(value, isAttribute: true);
                html.Append('"');
            }
        }

        html.Append('>');
        return new(name, $"</{name}>");
    }

    private static string? Attribute(HtmlTagToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>Escapes as HTML serialisation does.</summary>
    private void Escape(ReadOnlySpan<char> text, bool isAttribute)
    {
        while (text.IndexOfAny(Special) is >= 0 and var at)
        {
            html.Append(text[..at]);
            _ = text[at] switch
            {
                '&' => html.Append("&amp;"),
                '\u00A0' => html.Append("&nbsp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                _ => isAttribute ? html.Append("&quot;") : html.Append('"'),
            };
            text = text[(at + 1)..];
        }

        html.Append(text);
    }

    /// <summary>Returns the address as browsers read it (they skip control characters); null if its scheme is not allowed.</summary>
    private static string? Address(string? value)
    {
        var address = Controls().Replace(value ?? "", "").Trim();
        if (address.Length == 0 || !Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out _))
        {
            return null;
        }

        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var path = address.AsSpan().IndexOfAny('/', '?', '#');
        return colon < 0 || (path >= 0 && path < colon) || Schemes.Contains(address[..colon]) ? address : null;
    }

    private static bool IsOwn(string address) =>
        !address.Contains('\\', StringComparison.Ordinal) && !address.StartsWith("//", StringComparison.Ordinal)
        && (address[0] == '/' || !address.Contains(':', StringComparison.Ordinal));

    [GeneratedRegex(@"^language-[A-Za-z0-9_+#.\-]{1,32}$")]
    private static partial Regex LanguageClass();

    [GeneratedRegex(@"^text-align:\s*(left|right|center);?$")]
    private static partial Regex Alignment();

    [GeneratedRegex(@"[\u0000-\u0020\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060\uFEFF]")]
    private static partial Regex Controls();

    /// <param name="Name">The element.</param>
    /// <param name="End">Its end tag; empty if its start tag was not written.</param>
    private readonly record struct Open(string Name, string End);
}
