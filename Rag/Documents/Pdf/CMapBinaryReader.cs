using System.Buffers.Binary;
using System.Text;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Reads the compact form in which PDF.js carries Adobe's predefined CMaps (<c>.bcmap</c>).</summary>
/// <remarks>
/// A byte of flags (bit 0: vertical), then groups: a byte of kind (bits 5–7), a flag that codes follow each other without gaps (bit 4) and the
/// bytes of a code less one (bits 0–3); the number of items; the items. Codes are stored as differences in numbers of 7 bits a byte, highest
/// first, bit 7 set on all but the last. Signed numbers have their sign in bit 0. The first code of a group is stored as it is.
/// </remarks>
internal ref struct CMapBinaryReader(ReadOnlySpan<byte> bytes)
{
    private const int KindCodeSpaces = 0;
    private const int KindNotDefined = 1;
    private const int KindCharacters = 2;
    private const int KindCharacterRanges = 3;
    private const int KindTexts = 4;
    private const int KindTextRanges = 5;
    private const int KindComment = 7;

    /// <summary>The codes of text maps are character numbers of two bytes.</summary>
    private const int CharacterBytes = 2;

    private const int TextBytesMax = 16;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int next;

    /// <param name="map">Is filled in.</param>
    /// <param name="use">Finds a CMap by name; null where there is none.</param>
    /// <exception cref="InvalidDataException">Not of this form. The files are ours: this is a fault of the installation.</exception>
    public void ReadInto(CMap map, Func<string, CMap?> use)
    {
        map.IsVertical = (Byte() & 1) != 0;
        while (next < bytes.Length)
        {
            var head = Byte();
            var kind = head >> 5;
            if (kind == KindComment)
            {
                ReadNote(head & 0x1F, map, use);
                continue;
            }

            var codeBytes = (head & 0xF) + 1;
            var group = new Group(codeBytes, FollowsOn: (head & 0x10) != 0, Items: (int)Number());
            switch (kind)
            {
                case KindCodeSpaces or KindNotDefined or KindCharacterRanges:
                    ReadRanges(map, kind, group);
                    break;
                case KindCharacters:
                    ReadCharacters(map, group);
                    break;
                case KindTexts or KindTextRanges:
                    ReadTexts(map, group, isRange: kind == KindTextRanges);
                    break;
                default:
                    throw new InvalidDataException($"A CMap file has a group of kind {kind}.");
            }
        }

        map.Sort();
    }

    private void ReadNote(int kind, CMap map, Func<string, CMap?> use)
    {
        var text = new StringBuilder();
        for (var left = Number(); left > 0; left--)
        {
            text.Append((char)Number());
        }

        if (kind == 1 && use(text.ToString()) is { } used)
        {
            map.Use(used);
        }
    }

    private void ReadRanges(CMap map, int kind, Group group)
    {
        var high = 0u;
        for (var item = 0; item < group.Items; item++)
        {
            var low = item == 0 ? Code(group.CodeBytes) : high + 1 + (group.FollowsOn && kind == KindCharacterRanges ? 0 : Number());
            high = low + Number();
            switch (kind)
            {
                case KindCodeSpaces:
                    map.AddCodeSpace(group.CodeBytes, low, high);
                    break;
                case KindNotDefined:
                    Number();
                    break;
                default:
                    map.AddCharacters(low, high, (int)Number());
                    break;
            }
        }
    }

    private void ReadCharacters(CMap map, Group group)
    {
        var (code, character) = (0u, 0);
        for (var item = 0; item < group.Items; item++)
        {
            code = item == 0 ? Code(group.CodeBytes) : code + 1 + (group.FollowsOn ? 0 : Number());
            character = item == 0 ? (int)Number() : character + 1 + Signed();
            map.AddCharacters(code, code, character);
        }
    }

    // Here the bytes of the group's head are those of the text, in UTF-16. Single texts are stored as differences, those of ranges as they are.
    private void ReadTexts(CMap map, Group group, bool isRange)
    {
        Span<byte> text = stackalloc byte[group.CodeBytes];
        var high = 0u;
        for (var item = 0; item < group.Items; item++)
        {
            var low = item == 0 ? Code(CharacterBytes) : high + 1 + (group.FollowsOn ? 0 : Number());
            high = isRange ? low + Number() : low;
            if (item == 0 || isRange)
            {
                Take(text.Length).CopyTo(text);
            }
            else
            {
                AddSigned(text);
            }

            map.AddTexts(low, high, Encoding.BigEndianUnicode.GetString(text));
        }
    }

    // The difference to the text before, less one, in as many bits as the text has.
    private void AddSigned(scoped Span<byte> text)
    {
        var difference = UInt128.Zero;
        byte value;
        do
        {
            value = Byte();
            difference = (difference << 7) | (UInt128)(value & 0x7F);
        }
        while ((value & 0x80) != 0);

        var signed = (difference & 1) != 0 ? ~(difference >> 1) : difference >> 1;
        Span<byte> wide = stackalloc byte[TextBytesMax];
        wide.Clear();
        text.CopyTo(wide[^text.Length..]);
        BinaryPrimitives.WriteUInt128BigEndian(wide, BinaryPrimitives.ReadUInt128BigEndian(wide) + 1 + signed);
        wide[^text.Length..].CopyTo(text);
    }

    private uint Code(int length)
    {
        var code = 0u;
        foreach (var value in Take(length))
        {
            code = (code << 8) | value;
        }

        return code;
    }

    private int Signed()
    {
        var number = Number();
        return (number & 1) != 0 ? ~(int)(number >> 1) : (int)(number >> 1);
    }

    private uint Number()
    {
        var number = 0u;
        byte value;
        do
        {
            value = Byte();
            number = (number << 7) | (value & 0x7Fu);
        }
        while ((value & 0x80) != 0);
        return number;
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > bytes.Length - next)
        {
            throw new InvalidDataException("A CMap file ends too early.");
        }

        next += length;
        return bytes.Slice(next - length, length);
    }

    private readonly record struct Group(int CodeBytes, bool FollowsOn, int Items);
}
