namespace Pybo.Data;

/// <summary>Syllables that Korean writers confuse: one letter of a syllable replaced by one that sounds or is typed alike.</summary>
/// <remarks>
/// Most words that a site does not contain are written as they were meant, so a syllable is doubted only with a reason: between two others, where two bigrams
/// decide; if it is none that words of Chinese origin have, and looks mistyped (슈, 끔); or if it confuses ㅐ, ㅔ and ㅖ. Endings are never doubted.
/// </remarks>
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

    /// <summary>The vowels most often confused.</summary>
    private const string OpenVowels = "ㅐㅔㅖ";

    /// <summary>Syllables at the end of a word that are grammar.</summary>
    private const string Endings = "요죠지다해어아가고던의은는곳것한네면서야셔때데엔";

    private const string Tense = "ㄲㄸㅃㅆㅉ";

    /// <summary>After these consonants, ㅑ ㅕ ㅛ ㅠ are spoken like ㅏ ㅓ ㅗ ㅜ and seldom written.</summary>
    private const string Sibilants = "ㅅㅆㅈㅉㅊ";
    private const string Palatal = "ㅑㅒㅕㅖㅛㅠ";

    /// <summary>Shorter words are seldom foreign, and have too many neighbours.</summary>
    private const int LongSyllablesMin = 3;

    /// <summary>Returns the syllables that may have been meant at a place of a word, the likeliest first; none if it need not be doubted.</summary>
    public static IEnumerable<char> Of(string word, int place)
    {
        var written = word[place];
        if (HangulSyllable.Of(written) is not { } letters || (place == word.Length - 1 && Endings.Contains(written, StringComparison.Ordinal)))
        {
            return [];
        }

        var isLong = word.Length >= LongSyllablesMin;
        var isBetween = place > 0 && place < word.Length - 1;
        var isRare = Gibberish.IsRare(written);
        var isOdd = isRare || Tense.Contains(Initials[letters.Initial], StringComparison.Ordinal)
            || (Sibilants.Contains(Initials[letters.Initial], StringComparison.Ordinal) && Palatal.Contains(Medials[letters.Medial], StringComparison.Ordinal));
        return Alike(AlikeInitials, Initials, letters.Initial).Select(initial => (Meant: letters with { Initial = initial }, IsForeign: false))
            .Concat(Alike(AlikeMedials, Medials, letters.Medial).Select(medial => (Meant: letters with { Medial = medial }, IsForeign: false)))
            .Concat(Alike(AlikeFinals, Finals, letters.Final).Select(final => (Meant: letters with { Final = final }, IsForeign: false)))
            .Concat(Alike(isLong ? ForeignMedials : [], Medials, letters.Medial).Select(medial => (Meant: letters with { Medial = medial }, IsForeign: true)))
            .Where(candidate => IsLikely(candidate.Meant, candidate.IsForeign))
            .Select(candidate => candidate.Meant.Character);

        bool IsLikely(HangulSyllable meant, bool isForeign)
        {
            if (isLong && meant.Medial != letters.Medial && OpenVowels.Contains(Medials[meant.Medial], StringComparison.Ordinal) && OpenVowels.Contains(Medials[letters.Medial], StringComparison.Ordinal))
            {
                return true;
            }

            var isBetter = isForeign || isRare || HanjaReadings.IsReading(meant.Character);
            return isBetter && (isBetween || ((isOdd || isForeign) && !HanjaReadings.IsReading(written)));
        }
    }

    private static IEnumerable<int> Alike(string[] groups, string letters, int place) => groups
        .Where(group => group.Contains(letters[place], StringComparison.Ordinal))
        .SelectMany(group => group.Where(letter => letter != letters[place]).Select(letter => letters.IndexOf(letter, StringComparison.Ordinal)));
}
