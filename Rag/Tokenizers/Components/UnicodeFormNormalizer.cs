using System.Buffers;
using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The "NFC", "NFD", "NFKC" and "NFKD" normalisers, by .NET's own Unicode data. Within a cluster that changes, added or removed characters are
/// aligned to its first character, as in the reference implementation.
/// </summary>
/// <example>NFC: U+1112 U+1161 U+11AB → 한, from [0,1).</example>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : Normalizer
{
    public override void Normalize(AlignedText text)
    {
        foreach (var split in text.Splits)
        {
            if (split.AddedTokenId == TextSplit.IsText && !IsNormalized(text.CharsOf(split)))
            {
                text.Rewrite(Rewrite);
                return;
            }
        }
    }

    private void Rewrite(AlignedSpan source, AlignedBuffer target)
    {
        var chars = source.Chars;
        for (int begin = 0, end; begin < chars.Length; begin = end)
        {
            end = begin + LengthAt(chars, begin);
            while (end < chars.Length && MayJoin(chars[end..]))
            {
                end += LengthAt(chars, end);
            }
            var cluster = source[begin..end];
            if (cluster.Chars[0] == CharacterMaps.Refused || cluster.Chars.IsNormalized(form))
            {
                target.Append(cluster);
            }
            else
            {
                Append(cluster.Chars.ToString().Normalize(form), cluster, target);
            }
        }
    }

    private bool IsNormalized(ReadOnlySpan<char> chars) => !chars.Contains(CharacterMaps.Refused) && chars.IsNormalized(form);

    private static void Append(string written, AlignedSpan cluster, AlignedBuffer target)
    {
        if (!cluster.TracksOffsets)
        {
            target.Append(written, default);
            return;
        }
        var (at, fewer) = (0, Characters(cluster.Chars) - Characters(written));
        for (int i = 0, length; i < written.Length; i += length, fewer = Math.Min(fewer + 1, 0))
        {
            length = LengthAt(written, i);
            target.Append(written.AsSpan(i, length), cluster.Alignments[at]);
            for (var steps = fewer + 1; steps > 0 && at < cluster.Chars.Length; steps--)
            {
                at += LengthAt(cluster.Chars, at);
            }
        }
    }

    private static int Characters(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var at = 0; at < text.Length; at += LengthAt(text, at))
        {
            count++;
        }
        return count;
    }

    private static int LengthAt(ReadOnlySpan<char> chars, int at) => char.IsHighSurrogate(chars[at]) && at + 1 < chars.Length ? 2 : 1;

    /// <summary>True if the character may compose with earlier ones or swap places with them: marks, and Hangul letters except those that only begin a
    /// syllable.</summary>
    private static bool MayJoin(ReadOnlySpan<char> chars) => chars[0] >= '\u0300' && (chars[0] is
        (>= '\u1160' and <= '\u11FF') or (>= '\u3130' and <= '\u318F') or (>= '\uD7B0' and <= '\uD7FF') or (>= '\uFF9E' and <= '\uFFDC')
        || (Rune.DecodeFromUtf16(chars, out var rune, out _) == OperationStatus.Done && CharacterMaps.IsMark(rune)));
}
