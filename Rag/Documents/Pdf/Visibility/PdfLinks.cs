using System.Text;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>A link's address and the place on the page that a click on it needs, as displayed.</summary>
internal readonly record struct PdfLink(string Address, PdfArea Place);

/// <summary>Writes the addresses of links behind the linked text, unless the text shows it: <c>신청 페이지 (https://…)</c>.</summary>
internal static class PdfLinks
{
    /// <summary>The most glyphs examined for one page; links after that have no address.</summary>
    private const long LooksMax = 50_000_000;

    /// <summary>A shorter text is in any address by chance.</summary>
    private const int AddressPartMin = 6;

    /// <summary>Longer texts do not show an address.</summary>
    private const int TextMax = 4_000;

    private static readonly string[] Schemes = ["https://", "http://", "ftp://", "mailto:", "tel:"];

    public static List<PdfGlyph> Add(List<PdfGlyph> glyphs, IReadOnlyList<PdfLink> links)
    {
        if (links.Count == 0 || (long)links.Count * glyphs.Count > LooksMax)
        {
            return glyphs;
        }

        var addresses = new SortedDictionary<int, string>();
        for (var at = 0; at < links.Count; at++)
        {
            var (address, place) = links[at];
            // A link over several lines is several annotations: only the last gets the address.
            var goesOn = at + 1 < links.Count && links[at + 1].Address == address;
            if (!goesOn && Shown(address) is { } shown && Under(glyphs, place) is var (text, last) && last >= 0 && !ShowsAddress(text, address))
            {
                addresses[last] = shown;
            }
        }

        return addresses.Count == 0 ? glyphs : [.. glyphs.SelectMany((glyph, at) => addresses.TryGetValue(at, out var shown) ? [glyph, Behind(glyph, shown)] : (PdfGlyph[])[glyph])];
    }

    /// <summary>Returns the address as people write it; null if it is none that they could use.</summary>
    private static string? Shown(string address) => Array.Find(Schemes, scheme => address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) switch
    {
        null => null,
        "mailto:" or "tel:" => address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('?')[0],
        _ => address,
    };

    /// <summary>Returns the text in a place, and the index of its last glyph; -1 if there is none.</summary>
    private static (string Text, int Last) Under(List<PdfGlyph> glyphs, PdfArea place)
    {
        var (text, last) = (new StringBuilder(), -1);
        for (var at = 0; at < glyphs.Count; at++)
        {
            var glyph = glyphs[at];
            var (sine, cosine) = MathF.SinCos(glyph.Angle * MathF.PI / 180);
            // The middle of its ink.
            var (x, y) = (glyph.X + (cosine * glyph.Advance / 2) + (sine * glyph.Size * 0.3f), glyph.Y + (sine * glyph.Advance / 2) - (cosine * glyph.Size * 0.3f));
            if (place.Contains(x, y) && !string.IsNullOrWhiteSpace(glyph.Text))
            {
                text.Append(text.Length < TextMax ? glyph.Text : "");
                last = at;
            }
        }

        return (text.ToString(), last);
    }

    private static bool ShowsAddress(string text, string address)
    {
        var (shown, plain) = (Plain(text), Plain(address));
        return shown.Contains(plain, StringComparison.OrdinalIgnoreCase) || (shown.Length >= AddressPartMin && plain.Contains(shown, StringComparison.OrdinalIgnoreCase));
    }

    private static string Plain(string address)
    {
        var text = string.Concat(address.Where(character => !char.IsWhiteSpace(character)));
        var scheme = Array.Find(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
        text = text[(scheme?.Length ?? 0)..].TrimEnd('/');
        return text.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
    }

    /// <summary>The address takes no room, so that the text around it keeps its spaces.</summary>
    private static PdfGlyph Behind(in PdfGlyph glyph, string address)
    {
        var (sine, cosine) = MathF.SinCos(glyph.Angle * MathF.PI / 180);
        return glyph with { Text = $" ({address})", X = glyph.X + (cosine * glyph.Advance), Y = glyph.Y + (sine * glyph.Advance), Advance = 0 };
    }
}
