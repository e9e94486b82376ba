using System.Text;

namespace Pybo.Data;

/// <summary>
/// Finds a word by the initial consonants of its syllables, as Korean readers type them: <c>ㅍㅇㅆ</c> finds <c>파이썬</c>, and so do <c>파ㅇ</c> and
/// <c>파이써</c>, a syllable that is not finished yet.
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

    private static bool MatchesAt(string word, int at, string typed)
    {
        for (var i = 0; i < typed.Length; i++)
        {
            if (!IsBeginning(AsTyped(typed[i]), word[at + i], i == typed.Length - 1))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if a character is the one typed, or begins with it: only the last syllable can be unfinished.</summary>
    private static bool IsBeginning(char typed, char character, bool isLast)
    {
        if (typed == AsTyped(character) || HangulSyllable.Of(character) is not { } syllable)
        {
            return typed == AsTyped(character);
        }

        return Typed[syllable.Initial] == typed
            || (isLast && HangulSyllable.Of(typed) is { Final: HangulSyllable.NoFinal } begun && begun.Initial == syllable.Initial && begun.Medial == syllable.Medial);
    }

    private static char AsTyped(char character) => character - Combining is >= 0 and var place && place < Typed.Length ? Typed[place] : character;
}
