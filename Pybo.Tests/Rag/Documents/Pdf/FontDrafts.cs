using System.Text;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>CFF fonts with names but no outlines.</summary>
internal static class CffDraft
{
    /// <summary>String number of "A" among the standard strings, and the first of a font's own strings.</summary>
    private const int LetterA = 34;

    private const int FirstOwn = 391;

    /// <summary>Two glyphs for the codes 0x41 and 0x42: the standard letter A, and one with a name of its own.</summary>
    public static byte[] Named(string own)
    {
        byte[] charset = [0, 0, LetterA, FirstOwn >> 8, FirstOwn & 0xFF];
        byte[] encoding = [0, 2, 0x41, 0x42];
        return Font([], charset, encoding, [Encoding.Latin1.GetBytes(own)], glyphs: 3);
    }

    private static byte[] Font(byte[] dictionary, byte[] charset, byte[] encoding, byte[][] strings, int glyphs)
    {
        byte[] head = [1, 0, 4, 1, .. Index([[(byte)'F']])];
        byte[] texts = [.. Index(strings), 0, 0]; // An empty INDEX of subroutines
        const int OffsetBytes = 5;
        var topLength = dictionary.Length + (3 * (OffsetBytes + 1));
        var charsetAt = head.Length + Index([new byte[topLength]]).Length + texts.Length;
        var encodingAt = charsetAt + charset.Length;
        byte[] top =
        [
            .. dictionary, .. Number(charsetAt), 15, .. Number(encoding.Length == 0 ? 0 : encodingAt), 16, .. Number(encodingAt + encoding.Length), 17,
        ];
        return [.. head, .. Index([top]), .. texts, .. charset, .. encoding, .. Index([.. Enumerable.Repeat((byte[])[14], glyphs)])];
    }

    private static byte[] Number(int value) => [29, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Index(params byte[][] items)
    {
        if (items.Length == 0)
        {
            return [0, 0];
        }

        List<byte> offsets = [0, 1];
        var offset = 1;
        foreach (var item in items)
        {
            offset += item.Length;
            offsets.AddRange([(byte)(offset >> 8), (byte)offset]);
        }

        return [(byte)(items.Length >> 8), (byte)items.Length, 2, .. offsets, .. items.SelectMany(item => item)];
    }
}

/// <summary>Type 1 programs with an encoding but no glyphs.</summary>
internal static class Type1Draft
{
    /// <param name="encoding">Its entries. The encrypted part is as long as its random beginning, so it is empty.</param>
    public static string Program(string encoding) =>
        $"%!PS-AdobeFont-1.0: X 1.0\n8 dict begin\n/FontName /X def\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n/Encoding 256 array\n0 1 255 {{1 index exch /.notdef put}} for\n{encoding}\nreadonly def\ncurrentdict end\ncurrentfile eexec\n00000000\ncleartomark\n";
}
