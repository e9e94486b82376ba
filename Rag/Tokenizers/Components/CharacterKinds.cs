using System.Globalization;
using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>A character's role in a pre-tokenizer that cuts by characters alone.</summary>
internal enum CharacterKind : byte
{
    NotYetAsked,

    /// <summary>Separates spans and is dropped.</summary>
    Dropped,

    /// <summary>A span of its own.</summary>
    Alone,

    /// <summary>Forms one span with its neighbours of this kind.</summary>
    Word,

    /// <summary>Forms one span with its neighbours of this kind, separate from words.</summary>
    Other,
}

/// <summary>
/// Cuts text by the kinds of its characters: "WhitespaceSplit", "Whitespace", "BertPreTokenizer", "Punctuation" and "Digits".
/// </summary>
/// <param name="kindOf">Returns a character's kind; cached for the basic plane. Called from any thread.</param>
/// <example>BertPreTokenizer: "질문, 답변?" → "질문", ",", "답변", "?".</example>
internal sealed class CharacterKindPreTokenizer(Func<Rune, CharacterKind> kindOf) : PreTokenizer
{
    private readonly CharacterKind[] known = new CharacterKind[char.MaxValue + 1];

    public override void PreTokenize(AlignedText text) => text.Cut(Cut);

    private void Cut(ReadOnlySpan<char> chars, int start, List<TextSplit> cuts)
    {
        var from = 0;
        var last = CharacterKind.Dropped;
        for (int at = 0, length; at < chars.Length; at += length)
        {
            length = char.IsHighSurrogate(chars[at]) && at + 1 < chars.Length ? 2 : 1;
            var kind = length == 1 ? known[chars[at]] : kindOf(new Rune(chars[at], chars[at + 1]));
            if (kind == CharacterKind.NotYetAsked)
            {
                kind = known[chars[at]] = kindOf(new Rune(chars[at]));
            }
            if (kind != last || kind == CharacterKind.Alone)
            {
                Add(at, last);
                (from, last) = (at, kind);
            }
        }
        Add(chars.Length, last);

        void Add(int to, CharacterKind kind)
        {
            if (kind != CharacterKind.Dropped)
            {
                cuts.Add(new TextSplit(start + from, start + to, TextSplit.IsText));
            }
        }
    }
}

/// <summary>The kinds, named like the components in a file.</summary>
internal static class CharacterKinds
{
    public static CharacterKind WhitespaceSplit(Rune c) => Rune.IsWhiteSpace(c) ? CharacterKind.Dropped : CharacterKind.Word;

    public static CharacterKind Whitespace(Rune c) => Rune.IsWhiteSpace(c) ? CharacterKind.Dropped : IsWord(c) ? CharacterKind.Word : CharacterKind.Other;

    public static CharacterKind Bert(Rune c) => Rune.IsWhiteSpace(c) ? CharacterKind.Dropped : IsPunctuation(c) ? CharacterKind.Alone : CharacterKind.Word;

    /// <param name="separator">The kind of punctuation.</param>
    public static Func<Rune, CharacterKind> Punctuation(CharacterKind separator) => c => IsPunctuation(c) ? separator : CharacterKind.Word;

    /// <param name="separator">The kind of digits.</param>
    public static Func<Rune, CharacterKind> Digits(CharacterKind separator) => c => Rune.IsNumber(c) ? separator : CharacterKind.Word;

    private static bool IsPunctuation(Rune c) => Rune.IsPunctuation(c) || (c.IsAscii && Rune.IsSymbol(c));

    /// <summary>The Unicode \w of regular expressions; .NET's own is narrower.</summary>
    private static bool IsWord(Rune c) => Rune.IsLetterOrDigit(c) || CharacterMaps.IsMark(c)
        || Rune.GetUnicodeCategory(c) is UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation
        || c.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}
