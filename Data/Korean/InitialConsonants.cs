using System.Text;

namespace Pybo.Data;

/// <summary>
/// Finds a word by the initial consonants of its syllables, as Korean readers type them: <c>ㅍㅇㅆ</c> finds <c>파이썬</c>, and so do <c>파ㅇ</c>,
/// <c>파이써</c> and <c>파있</c>: a syllable that is not finished yet may hold the consonant of the next.
/// </summary>
public static class InitialConsonants
{
    /// <summary>The initial consonants in Unicode's order, as keyboards type them (compatibility letters).</summary>
    private const string Typed = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

    /// <summary>The first of the same consonants as letters that combine into syllables.</summary>
    private const char Combining = '\u1100';

    /// <summary>Returns a text with each syllable as its initial consonant; other characters stay.</summary>
    public static string Of(string text)
    {
        var initials = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            initials.Append(HangulSyllable.Of(character) is { } syllable ? Typed[syllable.Initial] : AsTyped(character));
        }

        return initials.ToString();
    }

    /// <summary>Returns whether a word contains what was typed of it.</summary>
    public static bool Matches(string word, string typed)
    {
        for (var at = 0; at + typed.Length <= word.Length; at++)
        {
            if (MatchesAt(word, at, typed))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether what was typed is in a word at a place.</summary>
    public static bool MatchesAt(string word, int at, string typed)
    {
        if (at + typed.Length > word.Length)
        {
            return false;
        }

        for (var i = 0; i < typed.Length; i++)
        {
            if (!IsInitialOf(AsTyped(typed[i]), word[at + i]) && (i < typed.Length - 1 || !IsUnfinished(typed[i], word, at + i)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if a character is the one typed, or begins with it.</summary>
    private static bool IsInitialOf(char typed, char character) =>
        typed == AsTyped(character) || (HangulSyllable.Of(character) is { } syllable && Typed[syllable.Initial] == typed);

    /// <summary>True if the keys of a syllable begin those of the word at a place.</summary>
    private static bool IsUnfinished(char typed, string word, int at) => HangulSyllable.Of(typed) is { } begun && HangulSyllable.Of(word[at]) is { } syllable
        && (KoreanKeys.Of(syllable) + (at + 1 < word.Length && HangulSyllable.Of(word[at + 1]) is { } next ? KoreanKeys.Of(next) : "")).StartsWith(KoreanKeys.Of(begun), StringComparison.Ordinal);

    private static char AsTyped(char character) => character - Combining is >= 0 and var place && place < Typed.Length ? Typed[place] : character;
}
