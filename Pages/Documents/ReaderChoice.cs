using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Documents;

/// <summary>The form values for who may read a document or a collection.</summary>
public static class ReaderChoice
{
    public const string Own = "own";
    public const string Members = "members";
    public const string Everyone = "everyone";

    public static IReadOnlyList<(string Value, string Label, string Hint)> All =>
    [
        (Own, DocumentWords.ReaderOwn, DocumentWords.ReaderOwnHint),
        (Members, DocumentWords.ReaderMembers, DocumentWords.ReaderMembersHint),
        (Everyone, DocumentWords.ReaderEveryone, DocumentWords.ReaderEveryoneHint),
    ];

    /// <summary>An unknown value means only the owner: a mistake must not publish anything.</summary>
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

    /// <summary>Returns a document's current readers as a sentence: in a collection, its choice counts, not the document's form.</summary>
    public static string Sentence(string? collection, long audience) =>
        collection is null ? DocumentWords.ReadersNow.With(LabelOf(audience)) : DocumentWords.ReadersOfCollection.With(collection, LabelOf(audience));

    public static string LabelOf(long audience) => All.First(choice => choice.Value == ValueOf(audience)).Label;
}
