using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Pybo.Pages;

/// <summary>What of rendered markdown may reach a page: the elements and attributes named here, links of three schemes, images of this site.</summary>
/// <remarks>An element that is not on the list leaves its text behind; one whose text is code (script, style) goes with it.</remarks>
internal static partial class HtmlAllowList
{
    private static readonly FrozenSet<string> Elements = FrozenSet.Create(StringComparer.Ordinal,
        "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "pre", "code", "em", "strong", "del", "a", "img", "span", "div",
        "table", "thead", "tbody", "tr", "th", "td", "input");

    private static readonly FrozenSet<string> Dropped = FrozenSet.Create(StringComparer.Ordinal,
        "script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "textarea", "title", "xmp", "plaintext", "noembed", "noframes");

    private static readonly FrozenSet<string> Schemes = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "http", "https", "mailto");

    /// <summary>Filters in place.</summary>
    /// <param name="root">What is below it is filtered.</param>
    /// <param name="ownLinksOnly">Links that leave the site lose their address and keep their words: for a text that nobody wrote, since what a
    /// generator was made to write could carry what it read to wherever its reader is led.</param>
    public static void Apply(IElement root, bool ownLinksOnly = false)
    {
        foreach (var node in root.Descendants().ToList())
        {
            if (node is IElement element)
            {
                Keep(element, ownLinksOnly);
            }
            else if (node is not IText)
            {
                node.Parent?.RemoveChild(node);
            }
        }
    }

    private static void Keep(IElement element, bool ownLinksOnly)
    {
        if (element.NamespaceUri != NamespaceNames.HtmlUri || !Elements.Contains(element.LocalName))
        {
            if (element.NamespaceUri != NamespaceNames.HtmlUri || Dropped.Contains(element.LocalName))
            {
                element.Remove();
            }
            else
            {
                element.Replace([.. element.ChildNodes]);
            }

            return;
        }

        Filter(element, ownLinksOnly);
    }

    private static void Filter(IElement element, bool ownLinksOnly)
    {
        var attributes = element.Attributes.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal);
        foreach (var name in attributes.Keys)
        {
            element.RemoveAttribute(name);
        }

        switch (element.LocalName)
        {
            case "a":
                Link(element, attributes.GetValueOrDefault("href"), attributes.GetValueOrDefault("title"), ownLinksOnly);
                break;
            case "img":
                Image(element, attributes.GetValueOrDefault("src"), attributes.GetValueOrDefault("alt"), ownLinksOnly);
                break;
            case "input":
                Task(element, isDone: attributes.ContainsKey("checked"));
                break;
            case "code" when attributes.GetValueOrDefault("class") is { } language && LanguageClass().IsMatch(language):
                element.ClassName = language;
                break;
            case "pre":
                // A block that scrolls is reached by keyboard.
                element.SetAttribute("tabindex", "0");
                break;
            case "ol" when int.TryParse(attributes.GetValueOrDefault("start"), CultureInfo.InvariantCulture, out var start):
                element.SetAttribute("start", start.ToString(CultureInfo.InvariantCulture));
                break;
            case "td" or "th" when Alignment().Match(attributes.GetValueOrDefault("style") ?? "") is { Success: true } aligned:
                // A class: the content security policy allows no style attribute.
                element.ClassName = $"text-{aligned.Groups[1].Value switch { "left" => "start", "right" => "end", _ => "center" }}";
                break;
            case "table":
                Table(element);
                break;
        }
    }

    private static void Link(IElement link, string? href, string? title, bool ownLinksOnly)
    {
        if (Address(href) is not { } address || (ownLinksOnly && !IsOwn(address)))
        {
            link.Replace([.. link.ChildNodes]);
            return;
        }

        link.SetAttribute("href", address);
        link.SetAttribute("rel", "nofollow ugc noopener");
        if (!string.IsNullOrEmpty(title))
        {
            link.SetAttribute("title", title);
        }
    }

    /// <summary>Images of other sites would tell them who reads: they become links.</summary>
    private static void Image(IElement image, string? source, string? alternative, bool ownLinksOnly)
    {
        var address = Address(source);
        if (address is not null && IsOwn(address))
        {
            image.SetAttribute("src", address);
            image.SetAttribute("alt", alternative ?? "");
            image.SetAttribute("loading", "lazy");
            return;
        }

        var text = string.IsNullOrWhiteSpace(alternative) ? address ?? "" : alternative;
        if (address is null || ownLinksOnly || image.Closest("a") is not null)
        {
            image.Replace(image.Owner!.CreateTextNode(text));
            return;
        }

        var link = image.Owner!.CreateElement("a");
        link.TextContent = text;
        Link(link, address, null, ownLinksOnly);
        image.Replace(link);
    }

    /// <summary>A check box that cannot be changed is a sign, not a control.</summary>
    private static void Task(IElement box, bool isDone)
    {
        var sign = box.Owner!.CreateElement("span");
        sign.SetAttribute("role", "img");
        sign.SetAttribute("aria-label", isDone ? "완료" : "할 일");
        sign.TextContent = isDone ? "☑" : "☐";
        box.Replace(sign);
    }

    private static void Table(IElement table)
    {
        var scrolled = table.Owner!.CreateElement("div");
        scrolled.ClassName = "table-responsive";
        scrolled.SetAttribute("tabindex", "0");
        table.ClassName = "table table-bordered";
        table.Replace(scrolled);
        scrolled.AppendChild(table);
    }

    /// <summary>The address as browsers read it (they skip control characters); null where its scheme is not allowed.</summary>
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
}
