using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Rewrites every character separately, without context; the output is aligned to that character. Mappings of the basic plane are cached.
/// "BertNormalizer", "Lowercase" and "StripAccents" are such maps.
/// </summary>
/// <param name="map">Returns a character's replacement, empty to remove it, or null to keep it. Called from any thread.</param>
/// <example>Lowercase: "Ab" → "ab".</example>
internal sealed class CharacterMapNormalizer(Func<Rune, string?> map) : Normalizer
{
    /// <summary>Compared by reference only.</summary>
    private static readonly string Unchanged = new("unchanged");

    /// <summary>By UTF-16 unit; null until it is first needed.</summary>
    private readonly string?[] known = new string?[char.MaxValue + 1];

    public override void Normalize(AlignedText text) => text.Rewrite(Rewrite);

    private void Rewrite(AlignedSpan source, AlignedBuffer target)
    {
        var chars = source.Chars;
        var copied = 0;
        for (int at = 0, length; at < chars.Length; at += length)
        {
            length = char.IsHighSurrogate(chars[at]) && at + 1 < chars.Length ? 2 : 1;
            var written = length == 1 ? known[chars[at]] ??= Map(new Rune(chars[at])) : Map(new Rune(chars[at], chars[at + 1]));
            if (ReferenceEquals(written, Unchanged))
            {
                continue;
            }
            target.Append(source[copied..at]);
            target.Append(written, source.TracksOffsets ? source.Alignments[at] : default);
            copied = at + length;
        }
        target.Append(source[copied..]);
    }

    private string Map(Rune character) => map(character) ?? Unchanged;
}
