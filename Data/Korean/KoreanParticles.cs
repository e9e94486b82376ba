using System.Buffers;
using System.Collections.Frozen;

namespace Pybo.Data;

/// <summary>
/// Particles (josa) and question words. The longest particle is removed first, and only if at least two syllables remain
/// (<c>서울에서는</c> → <c>서울</c>; <c>사과</c>, <c>나이</c> stay) and it agrees with the preceding syllable (<c>전문가</c> stays), or if it follows another script, a quotation mark or a bracket (<c>GPU가</c>).
/// </summary>
internal static class KoreanParticles
{
    private const int StemSyllablesMin = 2;

    // Hangul syllables come in rows of 28: one without a final consonant, then one with each of the 27.
    private const char HangulFirst = '가';
    private const int FinalConsonants = 28;
    private const int Rieul = 8;

    private static readonly FrozenSet<string> Particles = FrozenSet.Create(StringComparer.Ordinal,
        // One syllable.
        "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "로", "만", "랑", "나", "께",
        // Place, origin, direction, company.
        "에서", "에게", "에게서", "한테", "한테서", "께서", "으로", "으로서", "로서", "으로써", "로써", "으로부터", "로부터", "에서부터", "부터", "까지",
        "이랑", "하고", "이나", "이며", "이든", "든지", "이든지", "마다", "조차", "마저", "밖에", "처럼", "보다", "만큼", "대로", "에다", "이라도", "라도",
        // Topic, "also" and "only" after another particle.
        "에는", "에도", "에만", "에의", "에서는", "에서도", "에서만", "에서의", "에게는", "에게도", "에게서는", "한테는", "께서는", "께서도", "으로는", "로는", "으로도", "로도",
        "으로만", "로만", "으로의", "로의", "과는", "와는", "과도", "와도", "과의", "와의", "까지는", "까지도", "까지의", "부터는", "부터의", "으로부터의", "로부터의",
        "에서부터는", "보다는", "보다도", "만은", "만이", "만을", "만의", "마다의", "처럼의", "만큼은", "만큼의",
        // The copula and quotation.
        "이다", "이란", "란", "이라는", "라는", "이라고", "라고", "이라고도", "라고도", "이라", "이었다", "였다", "이며", "이고", "이자", "인데", "이지만", "으로써의",
        "입니다", "입니까", "인가", "인가요", "인지", "인지를", "이에요", "예요", "이었는가", "였는가", "이었나", "였나", "일까", "일까요", "인가를");

    private static readonly int ParticleSyllablesMax = Particles.Max(p => p.Length);

    private static readonly SearchValues<char> NounEnds = SearchValues.Create("은는이가을를의에와과도로");

    private static readonly FrozenSet<string> QuestionWords = FrozenSet.Create(StringComparer.Ordinal,
        "무엇", "무엇이", "무엇을", "무슨", "뭐", "뭘", "뭔가", "누구", "누가", "누굴", "언제", "어디", "어디서", "어느", "어떤", "어떻게", "어떠한", "얼마", "얼마나", "몇", "왜");

    private static readonly FrozenSet<string> EnglishQuestionWords = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "what", "who", "whom", "whose", "when", "where", "which", "why", "how");

    /// <summary>Returns the Hangul run without its particle; empty if it is only a particle of the previous word.</summary>
    public static string Stem(TextRun run)
    {
        var word = run.Text;
        var attached = IsAttached(run.Before);
        var stemMin = attached ? 0 : StemSyllablesMin;
        for (var length = Math.Min(ParticleSyllablesMax, word.Length - stemMin); length > 0; length--)
        {
            var particle = word[^length..];
            // 5만 is fifty thousand.
            if (Particles.Contains(particle) && !(particle == "만" && length == word.Length && char.IsAsciiDigit(run.Before))
                && (length > 1 || length == word.Length || Agree(word[^2], particle[0])))
            {
                return word[..^length];
            }
        }

        return word;
    }

    public static bool IsParticle(string text) => Particles.Contains(text);

    /// <summary>True if a person's name may be followed by this in the same word: a particle, or a title of courtesy with or without one (님, 씨가).</summary>
    public static bool MayFollowName(string text) => IsParticle(text) || (text[0] is '님' or '씨' && (text.Length == 1 || IsParticle(text[1..])));

    /// <summary>True if the second of two syllables may be a particle, so that the first alone is a word too (책을, 물이).</summary>
    public static bool MayEndNoun(char syllable) => NounEnds.Contains(syllable);

    /// <summary>
    /// True if a syllable and the particle after it agree, so that the pair reads as a noun with its particle: 책을 and 나를 do,
    /// 사과 and 나이 do not (과 and 이 follow a final consonant).
    /// </summary>
    public static bool Agree(char noun, char particle)
    {
        var hasFinalConsonant = (noun - HangulFirst) % FinalConsonants != 0;
        return particle switch
        {
            '은' or '이' or '을' or '과' => hasFinalConsonant,
            '가' or '를' or '와' => !hasFinalConsonant,
            '로' => !hasFinalConsonant || EndsInRieul(noun),
            // 는 after a final consonant ends a verb (않는), which is removed like a particle.
            _ => true,
        };
    }

    private static bool EndsInRieul(char syllable) => (syllable - HangulFirst) % FinalConsonants == Rieul;

    /// <summary>True for a question word, with any particle.</summary>
    public static bool IsQuestionWord(TextRun run) => run.Script switch
    {
        Script.Hangul => QuestionWords.Contains(run.Text) || QuestionWords.Contains(Stem(run)),
        Script.Latin => EnglishQuestionWords.Contains(run.Text),
        _ => false,
    };

    private static bool IsAttached(char before) => !char.IsWhiteSpace(before)
        && (before is '"' or '\'' or '”' or '’' or ')' or ']' or '>' or '》' or '」' or '』' or '〉' or '】' or '#' or '+' or '%' or '`'
            || TextRuns.At(before.ToString(), 0).Script is Script.Latin or Script.Han or Script.Kana);
}
