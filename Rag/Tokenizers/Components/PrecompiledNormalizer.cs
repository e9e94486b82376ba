using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The "Precompiled" normaliser: SentencePiece's character map, which replaces characters and short clusters. It looks up and aligns the
/// replacements. It does not compose or decompose anything itself.
/// </summary>
/// <remarks>
/// Layout of the map (little endian): u32 byte length of the trie; the trie, a Darts-clone double array of u32 units over UTF-8 bytes; then the
/// replacements, UTF-8, each ended by a zero byte. A leaf's value is a byte offset into the replacements. Unit: bit 31 set = leaf, value in bits
/// 0–30; otherwise bits 0–7 label, bit 8 "has a leaf", bits 10–30 offset, shifted left by 8 more if bit 9 is set. Three habits of the reference
/// implementation are kept, because models were trained and vectors computed with them: a grapheme cluster of fewer than six UTF-8 bytes is looked up
/// whole, and its *shortest* matching prefix replaces all of it; longer clusters are processed character by character; and each character removed at
/// the very start of a text shifts all later offsets back by one.
/// </remarks>
/// <example>"①ｱ" → "1ア"; "\t" → " "; "가" stays (the map has no entry for it).</example>
internal sealed class PrecompiledNormalizer : Normalizer
{
    private const int ClusterBytesMax = 5;
    private const int NoReplacement = -1;

    /// <summary>No published map has a longer replacement; NFKC's longest is 18. The rest would be cut.</summary>
    private const int ReplacementCharactersMax = 256;
    private const int PlainCharacter = -2;
    private const byte ReplacementEnd = 0;

    private readonly uint[] trie;
    private readonly byte[] replacements;

    /// <summary>By UTF-16 unit: the offset of its replacement, or one of the two constants. Avoids the trie walk for nearly every character.</summary>
    private readonly int[] replacementOf = new int[char.MaxValue + 1];

    /// <exception cref="InvalidDataException">The map is truncated or its lengths do not fit.</exception>
    public PrecompiledNormalizer(ReadOnlySpan<byte> map)
    {
        if (map.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(map) is var bytes
            && (bytes > map.Length - sizeof(uint) || bytes == 0 || bytes % sizeof(uint) != 0))
        {
            throw new InvalidDataException("the precompiled_charsmap of the normalizer is damaged");
        }
        trie = new uint[bytes / sizeof(uint)];
        for (var i = 0; i < trie.Length; i++)
        {
            trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[((i + 1) * sizeof(uint))..]);
        }
        replacements = map[(sizeof(uint) + (int)bytes)..].ToArray();
        for (var c = 0; c <= char.MaxValue; c++)
        {
            replacementOf[c] = Rune.IsValid(c) && Find([(char)c]) is var found && found >= 0 ? found
                : NeverJoins((char)c) && c != '\r' ? PlainCharacter
                : NoReplacement;
        }
    }

    public override void Normalize(AlignedText text) => text.Rewrite(Rewrite);

    private void Rewrite(AlignedSpan source, AlignedBuffer target)
    {
        var chars = source.Chars;
        var output = new AligningWriter(source, target);
        Span<char> written = stackalloc char[ReplacementCharactersMax];
        for (var i = 0; i < chars.Length;)
        {
            if (replacementOf[chars[i]] == PlainCharacter && (i + 1 == chars.Length || NeverJoins(chars[i + 1])))
            {
                i++;
                continue;
            }
            output.CopyUntil(i);
            var cluster = chars.Slice(i, StringInfo.GetNextTextElementLength(chars[i..]));
            if (cluster.Length <= ClusterBytesMax && Encoding.UTF8.GetByteCount(cluster) <= ClusterBytesMax && Find(cluster) is var found && found >= 0)
            {
                output.Replace(cluster.Length, Read(found, written));
            }
            else
            {
                foreach (var rune in cluster.EnumerateRunes())
                {
                    var one = chars.Slice(output.Read, rune.Utf16SequenceLength);
                    if (FindRune(one) is var offset && offset >= 0)
                    {
                        output.Replace(one.Length, Read(offset, written));
                    }
                    else
                    {
                        output.CopyUntil(output.Read + one.Length);
                    }
                }
            }
            i += cluster.Length;
        }
        output.CopyUntil(chars.Length);
    }

    private ReadOnlySpan<char> Read(int offset, Span<char> written)
    {
        var text = replacements.AsSpan(offset);
        var end = text.IndexOf(ReplacementEnd);
        text = text[..Math.Min(end < 0 ? text.Length : end, ReplacementCharactersMax)];
        return written[..Encoding.UTF8.GetChars(text, written)];
    }

    private int FindRune(ReadOnlySpan<char> one) => one.Length == 1 ? Math.Max(replacementOf[one[0]], NoReplacement) : Find(one);

    /// <summary>Finds the offset of the replacement of the shortest prefix of <paramref name="cluster"/> in the trie.</summary>
    private int Find(ReadOnlySpan<char> cluster)
    {
        Span<byte> key = stackalloc byte[ClusterBytesMax * 3];
        key = key[..Encoding.UTF8.GetBytes(cluster, key)];
        var node = Offset(trie[0]);
        foreach (var b in key)
        {
            node ^= b;
            if (b == 0 || node >= trie.Length || (trie[node] & 0x8000_00FF) != b)
            {
                return NoReplacement;
            }
            var unit = trie[node];
            node ^= Offset(unit);
            if ((unit & 0x100) != 0 && node < trie.Length)
            {
                var offset = (int)(trie[node] & 0x7FFF_FFFF);
                return offset < replacements.Length ? offset : NoReplacement;
            }
        }
        return NoReplacement;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    /// <summary>True if a grapheme cluster always ends before this character (except a line feed after a carriage return): most of all text.</summary>
    private static bool NeverJoins(char c) => c is < '\u0300' or (>= '\uAC00' and <= '\uD7A3') or (>= '\u4E00' and <= '\u9FFF');

    /// <summary>Writes to the target and tracks the place in the original as the reference implementation does, in characters (code points).</summary>
    private ref struct AligningWriter(AlignedSpan source, AlignedBuffer target)
    {
        private readonly AlignedSpan source = source;
        private readonly int begin = target.Length;

        /// <summary>The source character that the next one is aligned to; lags behind <see cref="Read"/> after a removal at the very start.</summary>
        private int place;
        private bool lastWasAdded;

        /// <summary>How much of the source has been written, in UTF-16 units.</summary>
        public int Read { get; private set; }

        public void CopyUntil(int end)
        {
            if (end == Read)
            {
                return;
            }
            lastWasAdded = false;
            if (!source.TracksOffsets || place == Read)
            {
                target.Append(source[Read..end]);
                place = Read = end;
                return;
            }
            for (int length; Read < end; Read += length)
            {
                length = CharacterLength(source.Chars, Read);
                target.Append(source.Chars.Slice(Read, length), source.Alignments[place]);
                place += CharacterLength(source.Chars, place);
            }
        }

        public void Replace(int length, scoped ReadOnlySpan<char> replacement)
        {
            var replaced = source.Chars.Slice(Read, length);
            Read += length;
            if (!source.TracksOffsets)
            {
                target.Append(replacement, default);
                return;
            }
            var left = CharacterCount(replaced);
            if (replacement.IsEmpty)
            {
                Remove(left);
                return;
            }
            for (int i = 0, size; i < replacement.Length; i += size)
            {
                size = CharacterLength(replacement, i);
                lastWasAdded = left == 0;
                target.Append(replacement.Slice(i, size), source.Alignments[lastWasAdded ? place - 1 : place]);
                if (left > 0)
                {
                    place += CharacterLength(source.Chars, place);
                    left--;
                }
            }
            Skip(left);
        }

        /// <summary>A removed character belongs to the previous one, which takes its place if it had none of its own. At the start there is none, and places
        /// lag.</summary>
        private void Remove(int count)
        {
            if (target.Length == begin)
            {
                return;
            }
            if (lastWasAdded)
            {
                target.AlignLast(source.Alignments[place]);
                lastWasAdded = false;
            }
            Skip(count);
        }

        private void Skip(int count)
        {
            for (; count > 0; count--)
            {
                place += CharacterLength(source.Chars, place);
            }
        }

        private static int CharacterLength(ReadOnlySpan<char> text, int at) => char.IsHighSurrogate(text[at]) ? 2 : 1;

        private static int CharacterCount(ReadOnlySpan<char> text)
        {
            var count = text.Length;
            foreach (var c in text)
            {
                count -= char.IsLowSurrogate(c) ? 1 : 0;
            }
            return count;
        }
    }
}
