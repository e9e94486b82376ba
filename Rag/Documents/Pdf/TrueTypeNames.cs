using System.Text;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The glyph names of a TrueType font's <c>post</c> table, formats 1 and 2.</summary>
internal static class TrueTypeNames
{
    private const uint Macintosh = 0x00010000;
    private const uint Named = 0x00020000;
    private const int IndexStart = 34;

    /// <summary>The name of each glyph; empty where the table has none.</summary>
    public static IReadOnlyList<string> Read(FontBytes table)
    {
        var version = table.UInt32(0);
        if (version != Named)
        {
            return version == Macintosh ? GlyphEncodings.MacintoshGlyphs : [];
        }

        var count = Math.Min(table.UInt16(32), table.Length / 2);
        var own = OwnNames(table, IndexStart + (2 * count));
        var names = new string[count];
        for (var glyph = 0; glyph < count; glyph++)
        {
            var index = table.UInt16(IndexStart + (2 * glyph));
            var ownIndex = index - GlyphEncodings.MacintoshGlyphs.Count;
            names[glyph] = ownIndex < 0 ? GlyphEncodings.MacintoshGlyphs[index] : ownIndex < own.Count ? own[ownIndex] : "";
        }

        return names;
    }

    // Each is a byte of length and as many characters.
    private static List<string> OwnNames(FontBytes table, int start)
    {
        var names = new List<string>();
        for (var at = start; at < table.Length;)
        {
            var length = table.UInt8(at);
            names.Add(Encoding.Latin1.GetString(table.Slice(at + 1, length).Bytes.Span));
            at += length + 1;
        }

        return names;
    }
}
