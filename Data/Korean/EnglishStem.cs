using System.Buffers;

namespace Pybo.Data;

/// <summary>
/// The common part of an English word's forms: <c>approve</c>, <c>approves</c>, <c>approved</c>, <c>approving</c>. Only regular plurals and verb
/// endings are removed, so that words with different meanings stay apart.
/// </summary>
internal static class EnglishStem
{
    /// <summary>A shorter word, or one that would become shorter, has no ending: <c>bus</c>, <c>red</c>, <c>ring</c>.</summary>
    private const int StemCharactersMin = 3;

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    /// <summary>True for a term in lower case that consists of English letters and is long enough to have an ending.</summary>
    public static bool Has(string term) => term.Length > StemCharactersMin && term.All(char.IsAsciiLetterLower);

    /// <param name="word">A word for which <see cref="Has"/> is true.</param>
    public static string Of(string word)
    {
        var stem = Singular(word);
        stem = WithoutEnding(stem, "ing") ?? WithoutEnding(stem, "ed") ?? stem;
        return stem.Length > StemCharactersMin && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static string Singular(string word) => word switch
    {
        [.., 'i', 'e', 's'] when word.Length > StemCharactersMin + 1 => word[..^3] + "y",
        [.., 's', 's', 'e', 's'] or [.., 'x', 'e', 's'] or [.., 'c', 'h', 'e', 's'] or [.., 's', 'h', 'e', 's'] => word[..^2],
        [.., 's', 's'] or [.., 'u', 's'] or [.., 'i', 's'] => word,
        [.., 's'] => word[..^1],
        _ => word,
    };

    /// <summary>Removes a verb's ending; null if no vowel precedes it, as in <c>string</c>. A consonant doubled before it becomes one: <c>planned</c>.</summary>
    private static string? WithoutEnding(string word, string ending)
    {
        if (!word.EndsWith(ending, StringComparison.Ordinal) || word.Length - ending.Length < StemCharactersMin || !word.AsSpan(0, word.Length - ending.Length).ContainsAny(Vowels))
        {
            return null;
        }

        var stem = word[..^ending.Length];
        return stem[^1] == stem[^2] && !"lsz".Contains(stem[^1], StringComparison.Ordinal) ? stem[..^1] : stem;
    }
}
