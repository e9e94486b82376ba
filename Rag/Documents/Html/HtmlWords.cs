using System.Buffers;
using System.Text;

namespace Pybo.Rag.Documents.Html;

/// <summary>The words of a block, with the addresses that were written after the words of links.</summary>
internal sealed record HtmlWords(string Text, IReadOnlyList<HtmlAddress> Addresses)
{
    /// <summary>What separates the links of a menu.</summary>
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\n|/>·•,-»›:");

    /// <summary>So many links one after the other to the same sites are a menu.</summary>
    private const int MenuLinksMin = 4;

    /// <summary>True if the block is nothing but links and what separates them.</summary>
    public bool IsLinksOnly
    {
        get
        {
            var at = 0;
            foreach (var address in Addresses)
            {
                if (Text.AsSpan(at, address.LinkStart - at).ContainsAnyExcept(Separators))
                {
                    return false;
                }

                at = address.Start + address.Length;
            }

            return Addresses.Count > 0 && !Text.AsSpan(at).ContainsAnyExcept(Separators);
        }
    }

    /// <summary>Returns the text; a menu's without its addresses.</summary>
    public string Settled => IsLinksOnly && IsMenu(Addresses) ? WithoutAddresses() : Text;

    /// <summary>Returns true for many links to few sites; a list of other sites, or of mailboxes, is content.</summary>
    public static bool IsMenu(IReadOnlyCollection<HtmlAddress> addresses) =>
        addresses.Count >= MenuLinksMin && 2 * addresses.DistinctBy(address => address.Site, StringComparer.OrdinalIgnoreCase).Count() <= addresses.Count;

    public string WithoutAddresses()
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (var address in Addresses)
        {
            text.Append(Text, at, address.Start - at);
            at = address.Start + address.Length;
        }

        return text.Append(Text, at, Text.Length - at).ToString();
    }
}

/// <summary>An address in the words of a block.</summary>
/// <param name="LinkStart">Start of the link's words.</param>
/// <param name="Site">The host that it leads to; the mailbox or the telephone number itself.</param>
internal readonly record struct HtmlAddress(int LinkStart, int Start, int Length, string Site);
