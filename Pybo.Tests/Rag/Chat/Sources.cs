using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;

namespace Pybo.Tests.Rag.Chat;

/// <summary>Passages and sources as retrieval returns them.</summary>
internal static class Sources
{
    public static PassageHit Hit(long id, string text, long documentId = 1, int start = 0, string title = "제목", string? heading = null, int? bestStart = null, int? bestLength = null) =>
        new(id, PassageKind.Document, null, null, documentId, $"문서/{documentId}.txt", title, heading, text, start, bestStart, bestLength, 1, null, 1);

    public static ChatSource Source(int number, string text, string title = "제목") =>
        new(number, Hit(number, text, number, title: title), $"/documents/{number}", $"문서/{number}.txt");

    /// <summary>The retrieval result of a question when no passage holds any of its terms.</summary>
    public static RetrievalResult Retrieval(string question, IReadOnlyList<string>? askingTerms = null, TermStatistics? statistics = null) =>
        new(question, KoreanText.QueryTerms(question), askingTerms ?? TermShare.Terms(question), statistics ?? TermStatistics.None, null, [], null);
}
