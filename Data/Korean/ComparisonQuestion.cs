using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>How a sentence names a thing.</summary>
public enum Naming
{
    None,

    /// <summary>The sentence has the whole name.</summary>
    Full,

    /// <summary>The sentence has the end of the name, and the heading above it the rest.</summary>
    Shortened,

    /// <summary>Only the heading above it names the thing, and not the other.</summary>
    Heading,
}

/// <summary>Recognises a question that compares two things: <c>버스와 지하철 중 어느 것이 더 빠른가요?</c>, <c>버스와 지하철의 차이</c>, <c>the difference between A and B</c>.</summary>
public static partial class ComparisonQuestion
{
    /// <summary>A longer question tells a story.</summary>
    private const int QuestionCharactersMax = 80;

    /// <summary>Returns the names of both things; null if the question compares nothing.</summary>
    public static (string First, string Second)? NamesOf(string question)
    {
        var text = question.Trim();
        if (text.Length > QuestionCharactersMax)
        {
            return null;
        }

        var match = KoreanRegex().Match(text);
        if (QuestionWordRegex().IsMatch(match.Groups["first"].Value) || match.Groups["particle"] is { Success: true } particle && !KoreanParticles.Agree(match.Groups["first"].Value[^1], particle.Value[0]))
        {
            return null;
        }

        match = match.Success ? match : EnglishRegex().Match(text);
        return match.Success && match.Groups["first"].Value is var first && match.Groups["second"].Value is var second && first != second ? (first, second) : null;
    }

    /// <summary>Returns how a sentence below a heading names one of the things compared: <c>3D 프린터</c>.</summary>
    public static Naming NamingOf(string sentence, string heading, string name, string other)
    {
        var words = name.Split(' ');
        return Contains(sentence, name) ? Naming.Full
            : Contains(sentence, words[^1]) && words.All(word => Contains(heading, word) || Contains(sentence, word)) ? Naming.Shortened
            : Contains(heading, name) && !Contains(heading, other) ? Naming.Heading
            : Naming.None;
    }

    /// <summary>True if a text has at least the last word of a name: it may be about that thing.</summary>
    public static bool IsMentionedIn(string text, string name) => Contains(text, name.Split(' ')[^1]);

    // With or without spaces.
    private static bool Contains(string text, string name) => Folded(text).Contains(Folded(name), StringComparison.OrdinalIgnoreCase);

    private static string Folded(string text) => SpaceRegex().Replace(text, "");

    // What comes before the first name ends with a particle (서울에서 부산까지 버스와 기차 중 …), and what is compared may follow the second (A와 B의 가격 차이).
    [GeneratedRegex(@"^(.*(은|는|에서|까지|부터|에|의|때)\s+)?(?<first>([\p{L}\p{N}-]*[^\s은는을를에의로고]\s){0,2}?[\p{L}\p{N}-]+?)((?<particle>[와과])|이?랑|하고|,)\s+(?<second>([\p{L}\p{N}-]*[^\s은는을를에의로고]\s){0,2}?[\p{L}\p{N}-]+?)((은|는|을|를|에는|이|가|의|의\s+[\p{L}\p{N}]+)?\s+((둘\s)?(중(에서?|에선?)?|가운데(에서?)?)\s+(어느|어떤|어디|뭐|뭘|무엇|누가|누구|더)|(차이|비교|다른)\s?[점해]?(은|는|이|가|을|를)?(\s*(좀|무엇|뭐|뭔|어떤|어떻게|알려|설명|말해|있|해\s?[주줘달]|궁금).*)?\s*[?？.!~]*$|(어떤|무슨|어떻게|뭐가|무엇이)\s*(차이|다[르른])))", RegexOptions.CultureInvariant)]
    private static partial Regex KoreanRegex();

    [GeneratedRegex(@"^(what('s| is) the )?difference between ((the|an?) )?(?<first>[a-z0-9 -]{2,40}?) and ((the|an?) )?(?<second>[a-z0-9 -]{2,40}?)\s*[?.!]*$|^compare ((the|an?) )?(?<first>[a-z0-9 -]{2,40}?) (and|with|to) ((the|an?) )?(?<second>[a-z0-9 -]{2,40}?)\s*[?.!]*$|^which .*, ((the|an?) )?(?<first>[a-z0-9 -]{2,40}?) or ((the|an?) )?(?<second>[a-z0-9 -]{2,40}?)\s*[?.!]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex EnglishRegex();

    [GeneratedRegex("무엇|어떤|어느", RegexOptions.CultureInvariant)]
    private static partial Regex QuestionWordRegex();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpaceRegex();
}
