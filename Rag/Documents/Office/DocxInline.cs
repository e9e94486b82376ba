using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Reads the text of the elements inside a Word paragraph.</summary>
internal static class DocxInline
{
    /// <summary>Covers deleted or moved text, field instructions, former formatting, the reading above a ruby text.</summary>
    public static bool IsUnread(string name) => name is "del" or "delText" or "delInstrText" or "moveFrom" or "instrText" or "rt" or "sdtPr" or "pPrChange" or "rPrChange"
        or "tblPrChange" or "sectPrChange" or "binData" or "fldData";

    /// <summary>Returns the text of an element that starts here; null for one that only contains others.</summary>
    public static string? Text(XmlScanner xml) => xml.Name switch
    {
        "t" => xml.TextInside(),
        "tab" or "ptab" when xml.Attribute("pos") is null => "\t", // with a position it is a tab stop of the paragraph's properties
        "br" or "cr" => "\n",
        "noBreakHyphen" => "-",
        "sym" => Symbol(xml.Attribute("char"), xml.Attribute("font")),
        _ => null,
    };

    /// <summary>Returns all text of the element that starts here, one line per paragraph.</summary>
    public static string Inside(XmlScanner xml)
    {
        const int charactersMax = 1_000_000;
        var alternates = new AlternateContent();
        var (text, depth) = (new System.Text.StringBuilder(), xml.Depth);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (alternates.Skips(xml))
            {
                continue;
            }

            if (xml.IsStart && IsUnread(xml.Name))
            {
                xml.Skip();
            }
            else if (xml.IsStart && Text(xml) is { } more && !BoundedText.Add(text, more, charactersMax))
            {
                xml.Cut();
            }
            else if (xml.IsEnd && xml.Name is "p" or "tc" && text.Length < charactersMax)
            {
                text.Append('\n');
            }
        }

        return text.ToString().Trim();
    }

    /// <summary>Symbol fonts place their signs at U+F000: the usual ones of Wingdings and Symbol are known, others have no meaning as text.</summary>
    private static string Symbol(string? code, string? font)
    {
        if (!int.TryParse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value is < 0x20 or >= 0xF100 or (>= 0xD800 and < 0xE000))
        {
            return "";
        }

        return (font ?? "", value & 0xFF) switch
        {
            _ when value is < 0xE000 => ((char)value).ToString(),
            ("Wingdings", 0xFC) or ("Wingdings 2", 0x50) => "✓",
            ("Wingdings", 0xFE) or ("Wingdings 2", 0x52) => "☑",
            ("Wingdings", 0xA8 or 0x6F or 0x71) or ("Wingdings 2", 0xA3) => "□",
            ("Wingdings", 0xFD) or ("Wingdings 2", 0x51) => "☒",
            ("Wingdings", 0xE0 or 0xE8) or ("Symbol", 0xAE) => "→",
            ("Wingdings", 0x6C) or ("Symbol", 0xB7) => "●",
            ("Wingdings", 0x6E) => "■",
            ("Wingdings", 0xA7) => "▪",
            ("Symbol", 0xB3) => "≥",
            ("Symbol", 0xA3) => "≤",
            ("Symbol", 0xB1) => "±",
            ("Symbol", 0xB4) => "×",
            ("Symbol", 0x61) => "α",
            ("Symbol", 0x62) => "β",
            ("Symbol", 0x6D) => "μ",
            ("Symbol", 0x70) => "π",
            _ => "",
        };
    }
}
