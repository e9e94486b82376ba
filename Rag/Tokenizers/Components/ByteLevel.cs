using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The alphabet of byte-level tokenizers: every byte as one visible character, so that a text vocabulary can hold any bytes. Bytes that are visible
/// in Latin-1 map to themselves, the others to U+0100 and up in order.
/// </summary>
/// <remarks>Source: the encoder of GPT-2.</remarks>
/// <example>' ' → Ġ, '\n' → Ċ, "가" (EA B0 80) → "ê°Ģ".</example>
internal static class ByteAlphabet
{
    private const int FirstSubstitute = 0x100;

    public static char[] Characters { get; } = Create();

    /// <summary>Indexed by character, up to the alphabet's last; -1 for characters outside it.</summary>
    public static int[] Bytes { get; } = [.. Enumerable.Range(0, Characters.Max() + 1).Select(c => Array.IndexOf(Characters, (char)c))];

    private static char[] Create()
    {
        var substitutes = 0;
        return [.. Enumerable.Range(0, 256).Select(b => b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)b : (char)(FirstSubstitute + substitutes++))];
    }
}

/// <summary>The "ByteLevel" pre-tokenizer is three in a row: one prepends a blank, one cuts words, and this one writes the bytes, aligned to their
/// character.</summary>
internal sealed class ByteLevelPreTokenizer : PreTokenizer
{
    /// <summary>GPT-2's word pattern, in which a blank belongs to the following word. Letters beyond the basic plane count as other signs here.</summary>
    private const string WordExpression = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <param name="addsBlank">Prepends a blank to a span that does not begin with one.</param>
    /// <param name="cutsWords">False if another pre-tokenizer has already cut the text.</param>
    public static IEnumerable<PreTokenizer> Row(bool addsBlank, bool cutsWords)
    {
        if (addsBlank)
        {
            yield return new BlankBefore();
        }
        if (cutsWords)
        {
            yield return new SplitPreTokenizer(TextPattern.Expression(WordExpression), SplitBehavior.Isolated, inverted: false);
        }
        yield return new ByteLevelPreTokenizer();
    }

    public override void PreTokenize(AlignedText text) => text.Rewrite(Write);

    private static void Write(AlignedSpan source, AlignedBuffer target)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Span<char> written = stackalloc char[4];
        for (int at = 0, length; at < source.Chars.Length; at += length)
        {
            length = char.IsHighSurrogate(source.Chars[at]) && at + 1 < source.Chars.Length ? 2 : 1;
            var count = Encoding.UTF8.GetBytes(source.Chars.Slice(at, length), utf8);
            for (var i = 0; i < count; i++)
            {
                written[i] = ByteAlphabet.Characters[utf8[i]];
            }
            target.Append(written[..count], source.TracksOffsets ? source.Alignments[at] : default);
        }
    }

    private sealed class BlankBefore : PreTokenizer
    {
        private const string Blank = " ";

        public override void PreTokenize(AlignedText text) => text.Rewrite((source, target) =>
        {
            if (!source.Chars.StartsWith(Blank))
            {
                target.Append(Blank, source.TracksOffsets ? source.Alignments[0] : default);
            }
            target.Append(source);
        });
    }
}

/// <summary>
/// The "ByteLevel" decoder: the bytes of all tokens form one UTF-8 text; a character is held back until it is complete, and invalid bytes become
/// U+FFFD. A token with a character beyond the alphabet is decoded as its own bytes.
/// </summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    public override DecodingStep Start(DecodingStep next) => new Step(next);

    private sealed class Step(DecodingStep next) : DecodingStep
    {
        private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

        public override void Push(string token)
        {
            var isBytes = token.All(c => c < ByteAlphabet.Bytes.Length && ByteAlphabet.Bytes[c] >= 0);
            Hand(isBytes ? [.. token.Select(c => (byte)ByteAlphabet.Bytes[c])] : Encoding.UTF8.GetBytes(token), flush: false);
        }

        public override void Flush()
        {
            Hand([], flush: true);
            next.Flush();
        }

        private void Hand(byte[] bytes, bool flush)
        {
            var chars = new char[decoder.GetCharCount(bytes, flush)];
            next.Push(new string(chars, 0, decoder.GetChars(bytes, chars, flush)));
        }
    }
}
