using System.Globalization;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>The address of the exact place that a passage comes from, within the site.</summary>
public static class SourceUrl
{
    public static string Of(PassageHit hit) => hit.Kind switch
    {
        PassageKind.Question => Question(hit.QuestionId!.Value),
        PassageKind.Answer => Answer(hit.QuestionId!.Value, hit.AnswerId!.Value),
        _ => Document(hit.DocumentId!.Value, hit.Id, hit.Page),
    };

    /// <summary>The page stands beside the passage: it still leads near the place when the document was read anew and the passage is another.</summary>
    private static string Document(long id, long passageId, int? page) => page is null
        ? string.Create(CultureInfo.InvariantCulture, $"/documents/{id}?passage={passageId}#passage-{passageId}")
        : string.Create(CultureInfo.InvariantCulture, $"/documents/{id}?passage={passageId}&at={page}#passage-{passageId}");

    /// <summary>What a link carries of a quotation; enough to find where it begins.</summary>
    public const int QuoteCharactersMax = 300;

    /// <summary>The place of a document's passage, opened at the words that were quoted from it; a post's place stays as it is.</summary>
    public static string Quoted(string url, PassageKind kind, string? quote)
    {
        if (kind is not PassageKind.Document || string.IsNullOrEmpty(quote) || url.Split('#') is not [var page, _])
        {
            return url;
        }

        return $"{page}&quote={Uri.EscapeDataString(quote.Split('\n')[0].Cut(QuoteCharactersMax))}#quote";
    }

    public static string Question(long id) => string.Create(CultureInfo.InvariantCulture, $"/questions/{id}");

    /// <summary>The query finds the page of answers that it is on; the fragment the answer.</summary>
    public static string Answer(long questionId, long id) => string.Create(CultureInfo.InvariantCulture, $"/questions/{questionId}?answer={id}#answer_{id}");
}
