using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>What the codes of a predefined CMap are where they are Unicode already, as its name says.</summary>
internal enum CMapUnicode
{
    None,
    Ucs2,
    Utf8,
    Utf16,
    Utf32,
}

/// <summary>A character map (Adobe Technical Note 5014): cuts a string into codes, and gives each its character number (CID), its text, or both.</summary>
internal sealed class CMap
{
    /// <summary>A code has at most four bytes.</summary>
    public const int CodeBytesMax = 4;

    /// <summary>Longest text of one code: the longest that Unicode's compatibility characters stand for is 18, a ligature of words like it.</summary>
    public const int TextLengthMax = 64;

    /// <summary>CMaps that use one another: predefined ones are three deep.</summary>
    public const int UseDepthMax = 6;

    private const int CodeSpacesMax = 256;

    private const int CidMax = 0xFFFF;

    /// <summary>A subset may hold a hyphen, a soft hyphen and their like, which have one text.</summary>
    private const int SameTextsMax = 4;

    private static readonly SearchValues<char> NoText = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(value => (char)value), '\uFFFD', '\uFFFE', '\uFFFF']);

    private readonly List<CodeSpace> codeSpaces = [];
    private readonly CMapRanges characters = new();
    private readonly CMapRanges texts = new();
    private readonly List<string> textStarts = [];
    private CMap? used;
    private bool hasCodeSpaces;

    /// <summary>Every code of two bytes is its own character number: <c>Identity-H</c> and <c>Identity-V</c>.</summary>
    public bool IsIdentity { get; init; }

    /// <summary>What the codes themselves say.</summary>
    public CMapUnicode Unicode { get; init; }

    /// <summary>Writing mode 1: glyphs stand below each other.</summary>
    public bool IsVertical { get; set; }

    private int Depth => used is null ? 0 : used.Depth + 1;

    public static CMap Identity(bool isVertical)
    {
        var map = new CMap { IsIdentity = true, IsVertical = isVertical };
        map.AddCodeSpace(2, 0, 0xFFFF);
        return map;
    }

    public void AddCodeSpace(int bytes, uint low, uint high)
    {
        if (bytes is >= 1 and <= CodeBytesMax && codeSpaces.Count < CodeSpacesMax)
        {
            codeSpaces.Add(new(bytes, low, high));
            hasCodeSpaces = true;
        }
    }

    public void AddCharacters(uint low, uint high, int first) => characters.Add(low, high, first);

    /// <summary>Gives the codes a text; from the second on its last character counts up.</summary>
    public void AddTexts(uint low, uint high, string first)
    {
        texts.Add(low, high, textStarts.Count);
        textStarts.Add(first.Length > TextLengthMax ? TextNormalizer.Cut(first, TextLengthMax) : first);
    }

    /// <summary>Takes over what another CMap says of codes that this one does not know.</summary>
    public void Use(CMap other)
    {
        if (other != this && used is null && other.Depth + 1 < UseDepthMax)
        {
            used = other;
            hasCodeSpaces |= other.hasCodeSpaces;
        }
    }

    /// <summary>Ends its making; from then on threads may share it.</summary>
    public void Sort()
    {
        characters.Sort();
        texts.Sort();
    }

    /// <summary>The code at the start of the bytes, and how many it takes (at least one).</summary>
    public uint ReadCode(ReadOnlySpan<byte> bytes, out int length)
    {
        var code = 0u;
        for (length = 1; length <= CodeBytesMax && length <= bytes.Length; length++)
        {
            code = (code << 8) | bytes[length - 1];
            if (Contains(code, length))
            {
                return code;
            }
        }

        // No code space holds it: as many bytes go as the shortest code has that could begin this way.
        length = Math.Min(InvalidLength(bytes[0]), bytes.Length);
        code = 0;
        foreach (var value in bytes[..length])
        {
            code = (code << 8) | value;
        }

        return code;
    }

    /// <summary>The number of the code's character in the font's collection; 0, which is no character, where the CMap has none.</summary>
    public int Character(uint code)
    {
        if (IsIdentity)
        {
            return (int)(code & CidMax);
        }

        if (characters.TryFind(code, out var first, out var offset))
        {
            return offset > CidMax ? 0 : (int)Math.Min(first + offset, CidMax);
        }

        return used?.Character(code) ?? 0;
    }

    /// <summary>The code's text; null where the CMap says nothing of it.</summary>
    public string? Text(uint code)
    {
        if (Unicode != CMapUnicode.None)
        {
            return UnicodeText(code);
        }

        if (!texts.TryFind(code, out var index, out var offset))
        {
            return used?.Text(code);
        }

        var first = textStarts[index];
        if (offset == 0 || first.Length == 0)
        {
            return first;
        }

        Rune.DecodeLastFromUtf16(first, out var last, out var units);
        if (!Rune.TryCreate(last.Value + (int)Math.Min(offset, ushort.MaxValue), out var counted))
        {
            return null;
        }

        return units == first.Length ? counted.ToString() : string.Concat(first.AsSpan(0, first.Length - units), counted.ToString());
    }

    /// <summary>True where no code has a text, or more than a handful all have the same one: the map was written by a program that knew none.</summary>
    public bool SaysNothing => used is null && Unicode == CMapUnicode.None
        && (textStarts.All(IsNoText) || (textStarts.Count > SameTextsMax && textStarts.All(text => text == textStarts[0])));

    /// <summary>True for a text that stands for no character: empty, control characters, U+FFFD and U+FFFF.</summary>
    public static bool IsNoText(string text) => !text.AsSpan().ContainsAnyExcept(NoText);

    private bool Contains(uint code, int length)
    {
        if (!hasCodeSpaces)
        {
            return length == 2;
        }

        foreach (ref readonly var space in CollectionsMarshal.AsSpan(codeSpaces))
        {
            if (space.Bytes == length && space.Contains(code))
            {
                return true;
            }
        }

        return used is { hasCodeSpaces: true } && used.Contains(code, length);
    }

    private int InvalidLength(byte first)
    {
        var (begun, shortest) = (CodeBytesMax + 1, CodeBytesMax + 1);
        for (var map = this; map is not null; map = map.used)
        {
            foreach (var space in map.codeSpaces)
            {
                begun = space.MayBegin(first) ? Math.Min(begun, space.Bytes) : begun;
                shortest = Math.Min(shortest, space.Bytes);
            }
        }

        return begun <= CodeBytesMax ? begun : shortest <= CodeBytesMax ? shortest : 1;
    }

    private string? UnicodeText(uint code)
    {
        Span<byte> bytes = [(byte)(code >> 24), (byte)(code >> 16), (byte)(code >> 8), (byte)code];
        var rune = Rune.ReplacementChar;
        switch (Unicode)
        {
            case CMapUnicode.Utf8:
                Rune.DecodeFromUtf8(bytes[Math.Min(bytes.IndexOfAnyExcept((byte)0) is >= 0 and var start ? start : 3, 3)..], out rune, out _);
                break;
            case CMapUnicode.Utf16 when code > 0xFFFF:
                Rune.TryCreate((char)(code >> 16), (char)code, out rune);
                break;
            default:
                Rune.TryCreate(code, out rune);
                break;
        }

        return rune == Rune.ReplacementChar || rune.Value == 0 ? null : rune.ToString();
    }

    /// <summary>Codes of one length; each byte has a range of its own.</summary>
    private readonly record struct CodeSpace(int Bytes, uint Low, uint High)
    {
        public bool Contains(uint code)
        {
            for (var shift = 0; shift < 8 * Bytes; shift += 8)
            {
                var value = (byte)(code >> shift);
                if (value < (byte)(Low >> shift) || value > (byte)(High >> shift))
                {
                    return false;
                }
            }

            return true;
        }

        public bool MayBegin(byte first)
        {
            var shift = 8 * (Bytes - 1);
            return first >= (byte)(Low >> shift) && first <= (byte)(High >> shift);
        }
    }
}
