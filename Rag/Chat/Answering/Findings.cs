using Pybo.Data;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>What was found for a question, and whether it answers it: read by the chat, and shown on the administrator's retrieval page.</summary>
/// <param name="Retrieval">The passages found, best first.</param>
/// <param name="Threads">The threads found, best first.</param>
/// <param name="Documents">The judgement of the documents' passages.</param>
/// <param name="IsOneDocument">The reader chose one document, so a weaker match in it counts.</param>
public sealed record Findings(RetrievalResult Retrieval, IReadOnlyList<ThreadMatch> Threads, Relevance Documents, bool IsOneDocument)
{
    /// <summary>The best thread that answers; null if none does.</summary>
    private ThreadMatch? Thread => Threads.FirstOrDefault(match => match.Fits);

    private bool DocumentsFit => IsOneDocument ? Documents.FitsChosenDocument : Documents.Fits;

    /// <summary>True if a thread comes before the documents.</summary>
    public bool IsThreadFirst => Thread is { } thread && (!DocumentsFit || thread.Relevance.Margin >= Documents.Margin);

    /// <summary>True if a thread or a document answers the question; otherwise it is refused.</summary>
    public bool IsAnswered => DocumentsFit || Thread is not null;

    /// <summary>A thread that asks the same and has no answer, if nothing else answers.</summary>
    public BoardThread? Unanswered => IsAnswered ? null : Threads.FirstOrDefault(match => match.IsUnanswered)?.Thread;

    /// <summary>Searches and judges.</summary>
    /// <param name="retriever">Finds the passages.</param>
    /// <param name="addressOf">Builds the sources' addresses.</param>
    /// <param name="question">The question as searched.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="scope">The document or collection to search; null for everything.</param>
    /// <param name="ownQuestionId">A question of the board whose own thread is no source; or null.</param>
    public static async Task<Findings> OfAsync(
        Retriever retriever, SourceAddress addressOf, string question, Viewer viewer, CancellationToken ct, PassageScope? scope = null, long? ownQuestionId = null)
    {
        var retrieval = (await retriever.RetrieveAsync(question, viewer, SourceSelection.HitsMax, kind: null, ct, scope)).WithoutThread(ownQuestionId).WithExactTerms();
        var documents = SourceSelection.Select([.. retrieval.Hits.Where(hit => hit.Kind == PassageKind.Document)], [], isThreadFirst: false, addressOf);
        return new(retrieval, await retriever.ThreadsAsync(retrieval, viewer, ct), retrieval.RelevanceOf(documents.Select(source => source.Passage)), scope?.DocumentId is not null);
    }

    /// <summary>Returns the sources of an answer, best first.</summary>
    public IReadOnlyList<ChatSource> Sources(SourceAddress addressOf) =>
        SourceSelection.Select(Retrieval.Hits, IsThreadFirst ? [Thread!, .. Threads.Where(match => match != Thread)] : Threads, IsThreadFirst, addressOf);
}
