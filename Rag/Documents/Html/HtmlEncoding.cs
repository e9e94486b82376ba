using System.Buffers;
using System.Text;

namespace Pybo.Rag.Documents.Html;

/// <summary>The encoding that a page declares: <c>meta charset</c>, <c>meta http-equiv</c>, or its XML declaration.</summary>
internal static class HtmlEncoding
{
    /// <summary>The standard requires the declaration within 1,024 bytes; real pages put it after their scripts' comments.</summary>
    private const int DeclarationBytesMax = 8_192;

    /// <summary>Longer than any label.</summary>
    private const int LabelCharactersMax = 40;

    private const int KoreanCodePage = 949;

    private static readonly DecoderFallback Fallback = new DecoderReplacementFallback("\uFFFD");

    private static readonly SearchValues<char> LabelEnds = SearchValues.Create(" \t\r\n\"';/?");

    private static readonly string[] Marks = ["charset", "encoding"];

    /// <summary>Returns null if the page declares no known encoding.</summary>
    public static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationBytesMax)]);
        for (var at = 0; at < head.Length;)
        {
            var open = head.IndexOf('<', at);
            var close = open < 0 ? -1 : head.IndexOf('>', open);
            if (close < 0)
            {
                return null;
            }

            var tag = head.AsSpan(open, close - open);
            if (tag.StartsWith("<!--"))
            {
                var end = head.IndexOf("-->", open, StringComparison.Ordinal);
                at = end < 0 ? head.Length : end + 3;
                continue;
            }

            if ((tag.StartsWith("<meta", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("<?xml")) && Label(tag) is { } label && Named(label) is { } encoding)
            {
                return encoding;
            }

            at = close + 1;
        }

        return null;
    }

    /// <summary>Returns the word after <c>charset=</c> or <c>encoding=</c>.</summary>
    private static string? Label(ReadOnlySpan<char> tag)
    {
        foreach (var mark in Marks)
        {
            var at = tag.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
            var value = at < 0 ? [] : tag[(at + mark.Length)..].TrimStart();
            if (value is ['=', ..])
            {
                value = value[1..].TrimStart(" \t\r\n\"'");
                var end = value.IndexOfAny(LabelEnds);
                value = end < 0 ? value : value[..end];
                return value.Length <= LabelCharactersMax ? value.ToString().ToLowerInvariant() : null;
            }
        }

        return null;
    }

    /// <summary>All Korean labels mean the Windows encoding, which contains the others; a page that declares UTF-16 in ASCII is not UTF-16.</summary>
    public static Encoding? Named(string label)
    {
        if (label is "euc-kr" or "cp949" or "ms949" or "uhc" or "korean" or "cseuckr" or "windows-949" or "x-windows-949" or "iso-ir-149"
            || label.StartsWith("ks", StringComparison.Ordinal) || label.StartsWith("csksc", StringComparison.Ordinal))
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(KoreanCodePage, EncoderFallback.ReplacementFallback, Fallback);
        }

        if (label.StartsWith("utf", StringComparison.Ordinal))
        {
            return null;
        }

        label = label is "iso-8859-1" or "latin1" or "us-ascii" or "ascii" ? "windows-1252" : label;
        return CodePagesEncodingProvider.Instance.GetEncoding(label, EncoderFallback.ReplacementFallback, Fallback);
    }
}
