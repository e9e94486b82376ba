using System.Text;

namespace Pybo.Data;

/// <summary>
/// Splits text into the words of the lexical index. Index and query use the same function, so they always match.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Text is normalised by NFKC and lower-cased: <c>ＧＰＵ</c> is <c>gpu</c>, NFD Hangul is composed, <c>é</c> is <c>e</c>, <c>ß</c> is <c>ss</c>.</item>
/// <item>A Hangul word loses its particle (see <see cref="KoreanParticles"/>) and is written as bigrams: <c>데이터베이스를</c> → <c>데이 이터 터베 베이 이스</c>.
/// A one-syllable word is kept: <c>책</c> → <c>책</c>. Two syllables that may be a noun and its particle give both: <c>책을</c> → <c>책을 책</c>.</item>
/// <item>Hangul after another script is separated first: <c>GPU가</c> → <c>gpu</c>, <c>iOS에서</c> → <c>ios</c>, <c>2024년에는</c> → <c>2024 년</c>.</item>
/// <item>Hanja and kana become single characters and bigrams, and Hanja also its readings: <c>漢字</c> → <c>漢 漢字 字 한자</c>, <c>利用</c> → <c>… 리용 이용</c> (see <see cref="HanjaReadings"/>).</item>
/// <item>Compatibility Jamo are words, with runs shortened to two: <c>ㅋㅋㅋㅋ</c> → <c>ㅋㅋ</c>.</item>
/// <item>Latin words and numbers are indexed whole and by their parts (see <see cref="LatinWords"/>): <c>snake_case</c> → <c>snake_case snake case</c>.</item>
/// <item>Dates, numbers with separators, amounts, articles and numbered names also give one term however they are written (see <see cref="ExactTerms"/>).</item>
/// <item>Everything else (punctuation, emoji, control characters) is a separator.</item>
/// </list>
/// Not done: verb stemming, splitting compounds by dictionary.
/// </remarks>
public static class KoreanText
{
    /// <summary>Text beyond this is ignored: a passage has about 2,000 characters, a pasted log may have millions.</summary>
    public const int TextCharactersMax = 200_000;

    /// <summary>Terms are cut to this length in index and query: long enough for a SHA-256 in hexadecimal.</summary>
    public const int TermCharactersMax = 64;

    /// <summary>Returns the terms of a text in reading order, with repetitions; exact terms come last.</summary>
    public static List<string> Terms(string text)
    {
        var terms = new List<string>();
        var normalized = TextRuns.Normalize(text, TextCharactersMax);
        foreach (var run in TextRuns.Of(normalized))
        {
            Append(terms, run);
        }

        terms.AddRange(ExactTerms.Of(normalized));
        return terms;
    }

    /// <summary>
    /// Returns the distinct terms of a question without question words (<c>무엇인가요</c>, <c>누구</c>, <c>how</c>): passages that answer
    /// seldom contain them, so they count as rare. A text with nothing else keeps them.
    /// </summary>
    public static List<string> QueryTerms(string text)
    {
        var all = new List<string>();
        var asked = new List<string>();
        var normalized = TextRuns.Normalize(text, TextCharactersMax);
        foreach (var run in TextRuns.Of(ExactTerms.Without(normalized)))
        {
            Append(all, run);
            if (!KoreanParticles.IsQuestionWord(run))
            {
                Append(asked, run);
            }
        }

        return [.. (asked.Count > 0 ? asked : all).Concat(ExactTerms.Of(normalized)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Quotes a term as an FTS5 string: user input is taken literally, never as syntax.</summary>
    public static string Quote(string term) => $"\"{term.Replace("\0", "", StringComparison.Ordinal).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Returns an FTS5 expression that finds a passage with any of the terms; empty without terms (FTS5 rejects an empty expression: do not query then).</summary>
    public static string MatchAny(IEnumerable<string> terms) => string.Join(" OR ", terms.Select(Quote));

    /// <summary>
    /// Returns the words of a question to mark in a snippet, distinct, lower case, longest first: Hangul without its particle (<c>서울에서</c> → <c>서울</c>),
    /// Latin as written. Omits one-syllable words unless there is nothing else: they would mark half the snippet.
    /// </summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        foreach (var run in TextRuns.Of(TextRuns.Normalize(text, TextCharactersMax)))
        {
            var word = run.Script == Script.Hangul ? KoreanParticles.Stem(run) : run.Text.ToLowerInvariant();
            if (word.Length > 0 && !KoreanParticles.IsQuestionWord(run))
            {
                words.Add(word);
                words.Add(HanjaReadings.Read(word));
            }
        }

        var distinct = words.Distinct(StringComparer.Ordinal).OrderByDescending(w => w.Length).ToList();
        var longer = distinct.Where(w => w.Length > 1).ToList();
        return longer.Count > 0 ? longer : distinct;
    }

    /// <summary>Returns the words of a text in reading order, each with its terms; omits a particle of the previous word, which has none.</summary>
    internal static IEnumerable<(TextRun Run, List<string> Terms)> TermsByWord(string text)
    {
        foreach (var run in TextRuns.Of(TextRuns.Normalize(text, TextCharactersMax)))
        {
            var terms = new List<string>();
            Append(terms, run);
            if (terms.Count > 0)
            {
                yield return (run, terms);
            }
        }
    }

    private static void Append(List<string> terms, TextRun run)
    {
        switch (run.Script)
        {
            case Script.Hangul:
                AppendHangul(terms, run);
                break;
            case Script.Jamo:
                terms.Add(Jamo(run.Text));
                break;
            case Script.Han:
                AppendCharactersAndBigrams(terms, run.Text);
                AppendReadings(terms, run.Text);
                break;
            case Script.Kana:
                AppendCharactersAndBigrams(terms, run.Text);
                break;
            default:
                LatinWords.Append(terms, run.Text);
                break;
        }
    }

    private static void AppendHangul(List<string> terms, TextRun run)
    {
        var stem = KoreanParticles.Stem(run);
        if (stem.Length == 1)
        {
            terms.Add(stem);
        }

        for (var at = 0; at + 1 < stem.Length; at++)
        {
            terms.Add(stem.Substring(at, 2));
        }

        if (run.Text.Length == 2 && stem.Length == 2 && KoreanParticles.MayEndNoun(stem[1]))
        {
            terms.Add(stem[..1]);
        }
    }

    private static void AppendCharactersAndBigrams(List<string> terms, string text)
    {
        string? before = null;
        foreach (var rune in text.EnumerateRunes())
        {
            var character = rune.ToString();
            if (before is not null)
            {
                terms.Add(before + character);
            }

            terms.Add(character);
            before = character;
        }
    }

    /// <summary>Appends the readings of Hanja as Hangul is written: bigrams, in every reading; one syllable for a single character.</summary>
    private static void AppendReadings(List<string> terms, string text)
    {
        if (text.Length == 1)
        {
            terms.AddRange(HanjaReadings.Of(text[0]).Select(reading => reading.ToString()));
        }

        for (var at = 0; at + 1 < text.Length; at++)
        {
            var (left, right) = (HanjaReadings.Of(text[at]), HanjaReadings.Of(text[at + 1]));
            terms.AddRange(left.SelectMany(first => right.Select(second => $"{first}{second}")));
        }
    }

    private static string Jamo(string run)
    {
        var kept = new StringBuilder();
        foreach (var jamo in run)
        {
            if (kept.Length >= TermCharactersMax)
            {
                break;
            }

            if (kept.Length < 2 || kept[^1] != jamo || kept[^2] != jamo)
            {
                kept.Append(jamo);
            }
        }

        return kept.ToString();
    }
}
