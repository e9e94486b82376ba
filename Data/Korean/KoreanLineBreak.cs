using System.Collections.Frozen;

namespace Pybo.Data;

/// <summary>Tells from the words at a line's end whether a Korean word goes on in the next line (<c>안내\n대에</c>), as far as the language shows it.</summary>
internal static class KoreanLineBreak
{
    private const int StemSyllablesMin = 2;

    private const int EndingSyllablesMax = 3;

    private const int Rieul = 8;

    /// <summary>Nouns, determiners, adverbs and counters of one syllable: other single syllables are pieces of words.</summary>
    private static readonly FrozenSet<char> Words =
    [
        .. "것수때등데바줄뿐점곳중후전내안밖위옆앞뒤날달해년월일말글책물불집방문길산강땅밥술차돈값힘몸눈코입귀손발팔목피병약나너저그이네제누둘셋넷열백천만억조법죄벌상",
        .. "떡국빵콩쌀옷신꿈빛색소개새닭꽃잎풀씨비별왕군시도구읍면동리표선각원칸층쪽장권절항호편부과실팀반급양뜻맛벽끝밤낮봄곁더또잘못꼭왜좀다두세몇첫옛총본매즉및할될볼쓸",
        .. "혹측폭여야공삶명한큰딴맨온준된본간남미일중영독불한북남동서임정박최김강조윤장민유배성손황송전홍고문양우금초현주",
    ];

    /// <summary>Stems of verbs and adjectives: with 은, 는, 을, 이 or 였다 they are words of their own (있는, 많은, 같이, 하였다).</summary>
    private static readonly FrozenSet<char> Stems =
    [
        .. "있없같많좋높낮받찍잡갚맞않짧잇들찾읽먹넓깊적늦얻묻맡막남놓넣살알쓰하되가오보주돼크두웃앉걷믿입벗신씻낳닫쌓젖볶섞묶깎닦꺾겪엮얇밟굵긋짓젊얹끓뚫싫잃옳앓꿇곧붉밝맑늙닮굶옮뽑집참",
    ];

    /// <summary>Words of one syllable that hardly begin a longer one when they are alone at a line's end.</summary>
    private static readonly FrozenSet<string> WholeWords = FrozenSet.Create(StringComparer.Ordinal, "이", "그", "및", "등", "것", "수", "더", "또", "각", "때", "중", "후", "약", "할", "될", "올", "볼", "큰", "두", "세", "그것", "이것", "매우", "다른", "모든", "여러", "어떤", "이런", "그런");

    /// <summary>Particles that are also words, or begin one, and so prove nothing at the beginning of a line.</summary>
    private static readonly FrozenSet<string> ParticlesAlsoWords = FrozenSet.Create(StringComparer.Ordinal,
        "이", "나", "만", "도", "과", "가", "하고", "이나", "보다", "보다는", "마다", "대로", "만큼", "이자", "인가", "인지", "만이", "만은", "일까", "인데", "이란", "나이", "라", "란");

    /// <summary>Endings of verbs, alone or before a mark: no word begins with them.</summary>
    private static readonly FrozenSet<string> Endings = FrozenSet.Create(StringComparer.Ordinal,
        "다", "고", "며", "져", "서", "면", "려", "어", "아", "여", "게", "지", "던", "든", "요", "죠", "까", "음", "함", "임", "됨", "워", "쳐", "켜",
        "다고", "다는", "다며", "다가", "니다", "니까", "세요", "에요", "예요", "어요", "아요", "여요", "려고", "려면", "면서", "지만", "지는", "지도", "지고", "거나", "도록", "으며", "으면", "으나", "으로",
        "었다", "았다", "였다", "겠다", "는다", "었고", "았고", "였고", "었던", "았던", "였던", "는데", "는지", "었으", "습니다", "습니까", "었으며", "았으며", "였으며", "었으나", "았으나", "였으나", "으면서", "어서", "아서", "여서", "어야", "아야", "여야",
        "라는", "라고", "라며", "기도", "기는", "기를", "기에");

    /// <summary>Ends of words after which a new one begins: case particles that are no last syllables of nouns, and connecting forms of verbs.</summary>
    private static readonly string[] WordEnds =
    [
        "을", "를", "에서", "에게", "까지", "부터", "에는", "에도", "으로", "하고", "하여", "하며", "하는", "하게", "하지", "되는", "되어", "되며", "되고", "있는", "없는", "있다", "없다", "한다", "된다", "였다", "했다", "이다", "았다", "었다",
        "았던", "었던", "였던", "했던", "되었던", "지만", "면서", "거나", "도록", "려고", "고자", "으며", "으면", "어야", "아야", "해야", "가야", "려면", "이라는", "라고", "하였다", "되었다", "위해", "대한", "대해", "통해", "따라", "관한", "의한", "의해",
        "은", "는", "의", "에", "다", "과", "와", "도", "로", "된", "른", "인", "한", "던", "온", "들이", "들은", "들의", "들과", "들도", "지기", "하기", "되기", "하기도", "하기로", "해서", "하면", "되면", "으로도", "로만", "로도", "에만", "이나", "이며", "이고", "부터는", "까지는", "당시", "모두", "이러한", "라는", "다고", "다는", "다며", "로서", "로써", "에서는", "에서의", "와의", "과의",
    ];

    /// <summary>Words that begin sentences or go between nouns: they hardly end another word.</summary>
    private static readonly FrozenSet<string> FirstWords = FrozenSet.Create(StringComparer.Ordinal,
        "또한", "그리고", "그러나", "하지만", "다만", "따라서", "그래서", "그러므로", "또는", "혹은", "이에", "이를", "이는", "이와", "이때", "이후", "이전", "경우", "경우에", "경우에는", "있다", "없다", "있는", "없는", "있으며", "없으며",
        "것은", "것을", "것이", "것이다", "것으로", "위해", "위하여", "대한", "대하여", "관한", "관하여", "통해", "통하여", "따라", "따른", "때문에", "때문이다", "가장", "매우", "모든", "각각", "함께", "다시", "바로", "특히", "예를", "만약", "만일");

    /// <summary>True if the first word of the next line cannot begin a word: a particle, an ending, a single syllable, or one with a particle.</summary>
    public static bool IsInside(string last, string first)
    {
        var piece = Letters(first);
        if (piece.Length == 0)
        {
            return false;
        }

        var isWhole = piece.Length == first.Length;
        var word = piece.ToString();
        if (KoreanParticles.IsParticle(word) && !ParticlesAlsoWords.Contains(word))
        {
            return piece.Length > 1 || HangulSyllable.Of(last[^1]) is null || KoreanParticles.Agree(last[^1], piece[0]);
        }

        if (Endings.Contains(word))
        {
            return piece.Length > 1 || !isWhole || !Words.Contains(piece[0]);
        }

        // One syllable with such a final consonant is a verb before its noun (쓴, 갈).
        return piece.Length == 1
            ? !Words.Contains(piece[0]) && HangulSyllable.Of(piece[0]) is { Final: not (HangulSyllable.Nieun or Rieul) } && HangulSyllable.Of(last[^1]) is not null
            : IsSyllableWithParticle(piece);
    }

    /// <summary>True if a word ends with the line, by its ending or by the next line's first word.</summary>
    public static bool EndsWord(string last, string first)
    {
        if (WholeWords.Contains(last) || FirstWords.Contains(Letters(first).ToString()))
        {
            return true;
        }

        foreach (var end in WordEnds)
        {
            if (last.EndsWith(end, StringComparison.Ordinal) && (end.Length > 1 || (last.Length > StemSyllablesMin && KoreanParticles.Agree(last[^2], end[0]))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for one syllable, no word, with its particle: <c>대에</c>, <c>함에서는</c>.</summary>
    private static bool IsSyllableWithParticle(ReadOnlySpan<char> piece)
    {
        var particle = piece[1..].ToString();
        return particle.Length <= EndingSyllablesMax && KoreanParticles.IsParticle(particle) && particle is not ("께" or "나") && KoreanParticles.Agree(piece[0], particle[0])
            && !Words.Contains(piece[0]) && !Stems.Contains(piece[0]);
    }

    /// <summary>Returns the syllables before the first mark.</summary>
    private static ReadOnlySpan<char> Letters(string word)
    {
        var end = word.AsSpan().IndexOfAnyExceptInRange('가', '힣');
        return end < 0 ? word : word.AsSpan(0, end);
    }
}
