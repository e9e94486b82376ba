using System.Buffers;

namespace Pybo.Rag.Documents;

/// <summary>Writes where a link leads after its words, <c>신청 (https://…)</c>, because the address is part of what a reader can use.</summary>
public static class LinkText
{
    /// <summary>A longer address carries data, such as a tracking code, and not a place that a person would write down.</summary>
    public const int AddressCharactersMax = 500;

    private const string Mail = "mailto:";
    private const string Telephone = "tel:";

    private static readonly SearchValues<char> TelephoneSigns = SearchValues.Create("0123456789+-(). ");
    private static readonly SearchValues<char> Unwritten = SearchValues.Create(" \t\r\n\f\"<>");

    /// <summary>Returns what to write after a link's words; empty if they show the address already, or if the target is not a web page, a mailbox or a telephone.</summary>
    /// <param name="words">The link's words.</param>
    /// <param name="target">Absolute; <c>https:</c>, <c>http:</c>, <c>mailto:</c> or <c>tel:</c>.</param>
    public static string After(string words, string target)
    {
        var address = Address(target);
        return address.Length == 0 || Shows(words, address) ? "" : string.IsNullOrWhiteSpace(words) ? address : $" ({address})";
    }

    /// <summary>Returns the address as a person writes it: a mailbox and a telephone number without their schemes; empty for any other target.</summary>
    public static string Address(string target)
    {
        target = target.Trim();
        var address = IsWeb(target) ? target
            : target.StartsWith(Mail, StringComparison.OrdinalIgnoreCase) ? Mailbox(target[Mail.Length..])
            : target.StartsWith(Telephone, StringComparison.OrdinalIgnoreCase) ? target[Telephone.Length..]
            : "";
        return address.Length <= AddressCharactersMax && !address.AsSpan().ContainsAny(Unwritten) ? address : "";
    }

    /// <summary>Returns true for an address with <c>http</c> or <c>https</c>.</summary>
    public static bool IsWeb(string target) =>
        target.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || target.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private static string Mailbox(string target)
    {
        var mailbox = target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : target.Length);
        return mailbox.Contains('@') ? mailbox.ToString() : "";
    }

    private static bool Shows(string words, string address)
    {
        if (!address.AsSpan().ContainsAnyExcept(TelephoneSigns))
        {
            return Digits(words).Contains(Digits(address), StringComparison.Ordinal);
        }

        return words.Contains(Bare(address), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns an address without what people leave out when they write it.</summary>
    private static string Bare(string address)
    {
        address = IsWeb(address) ? address[(address.IndexOf("//", StringComparison.Ordinal) + 2)..] : address;
        address = address.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address["www.".Length..] : address;
        return address.TrimEnd('/');
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
