using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// A model's pieces by id and by text, as UTF-8 in one block: a quarter of a million strings would take four times the memory and most of the loading
/// time. Fill it with <see cref="Add"/>; once shared it is read-only.
/// </summary>
/// <example>Add("나", 5), Add("나무", 9): Find("나무") is 9, Text(5) is "나", Find("무") is <see cref="NoPiece"/>.</example>
internal sealed class Vocabulary
{
    public const int NoPiece = -1;

    /// <summary>No published vocabulary has a third as many; ids index arrays, so a wild id must not determine their size.</summary>
    public const int PiecesMax = 1 << 20;

    private const int StackBytesMax = 256;
    private const int FillPerSlotMax = 2;
    private const int BytesMin = 1 << 12;

    // Each text's id and length precede it in the block, so that a look-up waits for memory twice instead of three times.
    private const int IdBytes = sizeof(int);
    private const int HeaderBytes = IdBytes + sizeof(ushort);

    private byte[] block = new byte[BytesMin];

    /// <summary>Where the next entry is written. No entry is at 0, which means no piece below.</summary>
    private int used = 1;

    /// <summary>By id: the place of its entry.</summary>
    private int[] places = new int[64];

    /// <summary>Open-addressed by the hash of the text: the place of its entry.</summary>
    private int[] slots = new int[256];

    private int pieces;
    private int longest;

    /// <summary>One more than the highest id.</summary>
    public int Size { get; private set; }

    /// <exception cref="InvalidDataException">The id is out of range or already has a text, or the text already has an id.</exception>
    public void Add(ReadOnlySpan<byte> text, int id)
    {
        if ((uint)id >= PiecesMax)
        {
            throw new InvalidDataException($"the piece \"{Encoding.UTF8.GetString(text)}\" has id {id}; ids go from 0 to {PiecesMax - 1}");
        }
        if (text.IsEmpty)
        {
            throw new InvalidDataException($"the piece with id {id} has no text");
        }
        if (text.Length > ushort.MaxValue)
        {
            throw new InvalidDataException($"the piece with id {id} has {text.Length} bytes");
        }
        if (id < Size && places[id] != 0)
        {
            throw new InvalidDataException($"id {id} has two texts, \"{Text(id)}\" and \"{Encoding.UTF8.GetString(text)}\"");
        }
        if ((pieces + 1) * FillPerSlotMax > slots.Length)
        {
            Rehash(slots.Length * 2);
        }
        ref var slot = ref Slot(text);
        if (slot != 0)
        {
            throw new InvalidDataException($"the piece \"{Encoding.UTF8.GetString(text)}\" has two ids, {IdAt(slot)} and {id}");
        }
        Grow(ref block, used + HeaderBytes + text.Length);
        Grow(ref places, id + 1);
        slot = places[id] = used;
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(used), id);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(used + IdBytes), (ushort)text.Length);
        text.CopyTo(block.AsSpan(used + HeaderBytes));
        used += HeaderBytes + text.Length;
        (pieces, longest, Size) = (pieces + 1, Math.Max(longest, text.Length), Math.Max(Size, id + 1));
    }

    /// <summary>Returns the id of the piece with this UTF-8 text, or <see cref="NoPiece"/>.</summary>
    public int Find(ReadOnlySpan<byte> text) => text.Length <= longest && Slot(text) is var place && place != 0 ? IdAt(place) : NoPiece;

    /// <summary>Returns the id of the piece with this text, or <see cref="NoPiece"/>.</summary>
    public int Find(ReadOnlySpan<char> text)
    {
        if (text.Length > longest)
        {
            return NoPiece;
        }
        const int bytesPerUnitMax = 3;
        var utf8 = text.Length * bytesPerUnitMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[text.Length * bytesPerUnitMax];
        return Find(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <summary>Returns an id's UTF-8 text; empty if it has none.</summary>
    public ReadOnlySpan<byte> Utf8(int id) => (uint)id < (uint)Size && places[id] is var place && place != 0 ? TextAt(place) : default;

    /// <summary>Returns an id's text; null if it has none.</summary>
    public string? Text(int id) => Utf8(id) is { IsEmpty: false } utf8 ? Encoding.UTF8.GetString(utf8) : null;

    /// <summary>Returns the ids of "&lt;0x00&gt;" … "&lt;0xFF&gt;", each possibly <see cref="NoPiece"/>.</summary>
    public int[] ByteIds() => [.. Enumerable.Range(0, 256).Select(b => Find($"<0x{b:X2}>"))];

    private int IdAt(int place) => BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(place));

    private ReadOnlySpan<byte> TextAt(int place) => block.AsSpan(place + HeaderBytes, BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(place + IdBytes)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a million calls in the first second, before tiered compilation would optimise it
    private ref int Slot(ReadOnlySpan<byte> text)
    {
        var mask = slots.Length - 1;
        var i = (int)Hash(text) & mask;
        while (slots[i] is var place && place != 0 && !TextAt(place).SequenceEqual(text))
        {
            i = (i + 1) & mask;
        }
        return ref slots[i];
    }

    private void Rehash(int size)
    {
        slots = new int[size];
        for (var id = 0; id < Size; id++)
        {
            if (places[id] != 0)
            {
                Slot(TextAt(places[id])) = places[id];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> text)
    {
        const ulong odd = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)text.Length;
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * odd, 29);
        }
        ulong tail = 0;
        foreach (var b in text)
        {
            tail = (tail << 8) | b;
        }
        return (uint)(((hash ^ tail) * odd) >> 32);
    }

    private static void Grow<T>(ref T[] array, int size)
    {
        if (size > array.Length)
        {
            Array.Resize(ref array, (int)BitOperations.RoundUpToPowerOf2((uint)size));
        }
    }
}
