using AngleSharp.Html.Parser.Tokens;

namespace Pybo.Rag.Documents.Html;

/// <summary>Resolves the targets of links, and keeps those of a page's head and foot out.</summary>
internal sealed class HtmlLinks
{
    /// <summary>A page with more addresses is a directory; further links keep their words only.</summary>
    private const int AddressesMax = 20_000;

    private Uri? page;
    private bool isStated;
    private int addresses;

    /// <summary>Takes the address that the page gives itself: a base counts more than the canonical address.</summary>
    public void Head(HtmlTagToken tag)
    {
        var isBase = tag.Name == "base";
        var isCanonical = tag.Name == "link" && "canonical".Equals(tag.GetAttribute("rel"), StringComparison.OrdinalIgnoreCase);
        if ((isBase || isCanonical) && !isStated && Uri.TryCreate(tag.GetAttribute("href"), UriKind.Absolute, out var address) && LinkText.IsWeb(address.OriginalString))
        {
            (page, isStated) = (address, isBase);
        }
    }

    /// <summary>Returns the target of a link, resolved; empty if it leads nowhere outside of the page.</summary>
    /// <param name="isMenu">True in a page's head or foot, where only mailboxes and telephones are content.</param>
    public string Target(string? href, bool isMenu)
    {
        href = href?.Trim();
        if (href is not { Length: > 0 and <= LinkText.AddressCharactersMax } || href[0] == '#')
        {
            return "";
        }

        var target = LinkText.Address(href).Length > 0 ? href : Resolved(href);
        return target.Length == 0 || (isMenu && LinkText.IsWeb(target)) || ++addresses > AddressesMax ? "" : target;
    }

    private string Resolved(string href) =>
        page is not null && Uri.TryCreate(page, href, out var address) && address.Scheme is "http" or "https" ? address.ToString() : "";
}
