namespace Pybo.Rag.Tokenizers;

/// <summary>The "Prepend" normaliser: puts a fixed text before every span, aligned to its first character.</summary>
/// <example>"▁": "나무" → "▁나무".</example>
internal sealed class PrependNormalizer(string prepended) : Normalizer
{
    public override void Normalize(AlignedText text) => text.Rewrite((source, target) =>
    {
        target.Append(prepended, source.TracksOffsets ? source.Alignments[0] : default);
        target.Append(source);
    });
}

/// <summary>The "Strip" normaliser: trims white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(AlignedText text) => text.Rewrite((source, target) =>
    {
        var begin = left ? source.Chars.Length - source.Chars.TrimStart().Length : 0;
        var end = right ? source.Chars.TrimEnd().Length : source.Chars.Length;
        target.Append(source[begin..Math.Max(begin, end)]);
    });
}
