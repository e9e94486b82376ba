using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>A kind of things that a question wants listed, and how a text names them.</summary>
/// <param name="noun">The kind's name without a particle: <c>강좌</c>.</param>
/// <param name="places">The words that narrow it: <c>주말</c> in <c>주말에는 어떤 강좌가 있나요?</c></param>
public sealed partial class AskedKind(string noun, IReadOnlyList<string> places)
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking;

    private readonly Regex heading = new($@"(^|[^\p{{L}}\p{{N}}]|{Prefix(noun)}){Plural(noun)}(의?\s*(목록|종류|안내|현황|구성|소개|명단|일람|이름|명|list|names?))?(은|는|에는|으로는|로는)?(\s*(아래|다음)[와과]\s같(다|습니다|아요))?\s*[:：.]?\s*$", Options);

    private readonly Regex introduction = new($@"{Plural(noun)}([^\p{{L}}\p{{N}}]|[은는이가을를의에와과로으]|$).*(다음|아래|[:：]\s*$|following|below)|(다음|아래|following|below).*{Plural(noun)}", Options);

    private readonly Regex existence = new($@"(^|[\s’'”""]){Plural(noun)}[은는이가에로으]\S*\s.*((있|나뉘어\s있)(다|습니다|어요|음)|나뉜다|나뉩니다|구성된다|구성됩니다)[.!]?$|(^|[\s’'”""]){Plural(noun)}[은는에로으]\S*\s.*[,·].*(이다|입니다|이에요|예요)[.!]?$|\bthere (is|are) .*\b{Plural(noun)}\b", Options);

    private readonly Regex subject = new($@"(?<member>{Prefix(noun)}{Regex.Escape(noun)})들?([은는이가]|에서는|에는)\s|\b(?<member>[a-z]+ {Plural(noun)})\s+(is|are|has|have|opens?|closes?|seats?|holds?|meets?|takes?|can|starts?)\b", Options);

    private readonly Regex cell = new($@"^\W*(?<member>{Prefix(noun)}{Regex.Escape(noun)}|[\p{{L}}\p{{N}}]+\s{Plural(noun)})\s*([:：(|].*)?$", Options);

    public string Noun => noun;

    public IReadOnlyList<string> Places => places;

    /// <summary>True for a heading, a label or a column's name of such things: <c>가을 강좌 목록</c>.</summary>
    public bool IsHeading(string line) => heading.IsMatch(line);

    /// <summary>True for a line that announces such things: <c>다음 강좌를 연다.</c></summary>
    public bool IsIntroduced(string line) => heading.IsMatch(line) || introduction.IsMatch(line);

    /// <summary>Returns which of these things a sentence or a cell is about: <c>서예강좌</c> of <c>서예강좌는 화요일에 연다.</c>; the whole sentence if it says that there are some; otherwise null.</summary>
    public string? MemberOf(string sentence) =>
        cell.Match(sentence) is { Success: true } named ? named.Groups["member"].Value
        : subject.Match(sentence) is { Success: true } match && !DeterminerRegex().IsMatch(match.Groups["member"].Value) ? match.Groups["member"].Value
        : existence.IsMatch(sentence) ? sentence : null;

    /// <summary>True if a text is about all places that the question names.</summary>
    public bool IsPlaced(string text) => places.All(place => text.Contains(place, StringComparison.OrdinalIgnoreCase));

    // A single syllable ends many other words: 가방 is no 방, but 만들기방 is.
    private static string Prefix(string noun) => $@"[\p{{L}}\p{{N}}]{{{(noun.Length == 1 ? 2 : 1)},}}";

    private static string Plural(string noun) => $"{Regex.Escape(noun)}{(char.IsAsciiLetter(noun[^1]) ? "(e?s)?" : "들?")}";

    [GeneratedRegex(@"^(a|an|the|this|that|these|those|each|every|all|any|no|our|your)\s|^(모든|해당)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DeterminerRegex();
}
