using System.Globalization;
using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>The steps of a "BertNormalizer" that are on.</summary>
/// <param name="CleanText">Removes control characters, turns white space into blanks.</param>
/// <param name="HandleChineseCharacters">Puts blanks around every Chinese character, so that each is a word.</param>
/// <param name="StripAccents">Decomposes and drops non-spacing marks, which also splits Hangul syllables; null follows <paramref name="Lowercase"/>.</param>
internal sealed record BertNormalization(bool CleanText, bool HandleChineseCharacters, bool? StripAccents, bool Lowercase)
{
    /// <summary>Returns a character's replacement, or null to keep it.</summary>
    public string? Map(Rune character)
    {
        if (CleanText && CharacterMaps.IsRemovedByBert(character))
        {
            return string.Empty;
        }
        var text = CleanText && Rune.IsWhiteSpace(character) ? " "
            : HandleChineseCharacters && CharacterMaps.IsChinese(character) ? $" {character} "
            : character.ToString();
        if (StripAccents ?? Lowercase)
        {
            text = string.Concat(CharacterMaps.Decompose(text).EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark));
        }
        text = Lowercase ? string.Concat(text.EnumerateRunes().Select(CharacterMaps.ToLower)) : text;
        return text == character.ToString() ? null : text;
    }
}

/// <summary>Character tests and mappings for the normalisers.</summary>
internal static class CharacterMaps
{
    private const int Replacement = 0xFFFD;
    private const int CapitalIWithDot = 0x130;

    /// <summary>The one character that .NET's normalisation refuses, a noncharacter. It composes with nothing.</summary>
    public const char Refused = '\uFFFE';

    public static string Decompose(string text) => text.Contains(Refused) ? text : text.Normalize(NormalizationForm.FormD);

    /// <summary>The "Lowercase" map. Never null: .NET leaves only the one capital that becomes two characters.</summary>
    public static string ToLower(Rune character) =>
        character.Value == CapitalIWithDot ? "i\u0307" : Rune.ToLowerInvariant(character).ToString();

    /// <summary>The "StripAccents" map: removes marks, decomposes nothing.</summary>
    public static string? WithoutMark(Rune character) => IsMark(character) ? string.Empty : null;

    public static bool IsMark(Rune character) => Rune.GetUnicodeCategory(character) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Controls and formats, except the white space among them.</summary>
    public static bool IsRemovedByBert(Rune character) => character.Value is 0 or Replacement
        || (character.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse);

    /// <summary>The blocks of Chinese characters that BERT separates; the gap before U+2B920 is the reference implementation's.</summary>
    public static bool IsChinese(Rune character) => character.Value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
