namespace Pybo.Data;

/// <summary>Syllables that Korean writers confuse: one letter of a syllable replaced by one that sounds or is typed alike.</summary>
internal static class TypingErrors
{
    // Unicode's order.
    private const string Initials = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    private const string Medials = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
    private const string Finals = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

    /// <summary>Plain, tense and aspirated consonants.</summary>
    private static readonly string[] AlikeInitials = ["ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅅㅆ", "ㅈㅉㅊ"];

    /// <summary>Vowels that sound alike today, and those that differ by Shift or one stroke.</summary>
    private static readonly string[] AlikeMedials = ["ㅐㅔㅖ", "ㅒㅖ", "ㅏㅑ", "ㅓㅕ", "ㅗㅛ", "ㅜㅠ", "ㅙㅚㅞ", "ㅢㅣ", "ㅟㅣ"];

    /// <summary>Vowels of foreign words: 데이타, 컨텐츠, 메세지, 악세서리.</summary>
    private static readonly string[] ForeignMedials = ["ㅏㅓ", "ㅓㅗ", "ㅔㅣ", "ㅏㅐ"];

    private static readonly string[] AlikeFinals = ["ㄱㄲㅋ", "ㄷㅅㅆㅈㅊㅌ", "ㅂㅍㅄ", "ㄴㄵㄶ", "ㄹㄺㄼㅀ"];

    /// <summary>Returns the syllables that may have been meant, the likeliest first; none for other characters.</summary>
    /// <param name="syllable">A syllable as written.</param>
    /// <param name="isForeign">Also those of a word from another language.</param>
    public static IEnumerable<char> Of(char syllable, bool isForeign)
    {
        if (HangulSyllable.Of(syllable) is not { } written)
        {
            return [];
        }

        var initials = Alike(AlikeInitials, Initials, written.Initial).Select(place => written with { Initial = place });
        var medials = Alike(isForeign ? [.. AlikeMedials, .. ForeignMedials] : AlikeMedials, Medials, written.Medial).Select(place => written with { Medial = place });
        var finals = Alike(AlikeFinals, Finals, written.Final).Select(place => written with { Final = place });
        return initials.Concat(medials).Concat(finals).Select(meant => meant.Character);
    }

    private static IEnumerable<int> Alike(string[] groups, string letters, int place) => groups
        .Where(group => group.Contains(letters[place], StringComparison.Ordinal))
        .SelectMany(group => group.Where(letter => letter != letters[place]).Select(letter => letters.IndexOf(letter, StringComparison.Ordinal)));
}
