using Pybo.Data;

namespace Pybo.Pages.Documents;

/// <summary>Who may read a document or a collection, as forms name it.</summary>
public static class ReaderChoice
{
    public const string Own = "own";
    public const string Members = "members";
    public const string Everyone = "everyone";

    public static readonly IReadOnlyList<(string Value, string Label, string Hint)> All =
    [
        (Own, "나만", "다른 사람에게는 있다는 것도 보이지 않습니다."),
        (Members, "회원", "로그인한 사람이 읽고 찾습니다."),
        (Everyone, "모두", "로그인하지 않은 사람도 읽고 찾습니다."),
    ];

    /// <summary>What is not understood is the owner's own: a mistake must not publish anything.</summary>
    public static long AudienceOf(string? value, long ownerId) => value switch
    {
        Everyone => Audience.Everyone,
        Members => Audience.Members,
        _ => ownerId,
    };

    public static string ValueOf(long audience) => audience switch
    {
        Audience.Everyone => Everyone,
        Audience.Members => Members,
        _ => Own,
    };

    /// <summary>Who reads a document now, as a sentence: in a collection its choice counts, and not what the document's form says.</summary>
    public static string Sentence(string? collection, long audience) =>
        collection is null ? $"이제 읽는 사람: {LabelOf(audience)}." : $"모음 “{collection}”에 있으므로 모음과 같이 읽습니다: {LabelOf(audience)}.";

    public static string LabelOf(long audience) => All.First(choice => choice.Value == ValueOf(audience)).Label;
}
