using Pybo.Data;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>What the chat would find for a question, and how it would judge it. Nothing is answered or saved.</summary>
/// <param name="Retrieval">The passages found, best first.</param>
/// <param name="Threads">The threads found, best first.</param>
/// <param name="Documents">The judgement of the documents' passages.</param>
public sealed record RetrievalTrial(RetrievalResult Retrieval, IReadOnlyList<ThreadMatch> Threads, Relevance Documents)
{
    /// <summary>True if the chat would say that nothing found answers the question; the rule of <see cref="ChatAnswerer.AnswerAsync"/>.</summary>
    public bool IsRefused => !Documents.Fits && !Threads.Any(thread => thread.Fits);

    public static async Task<RetrievalTrial> RunAsync(Retriever retriever, SourceAddress addressOf, string question, Viewer viewer, CancellationToken ct)
    {
        var retrieval = (await retriever.RetrieveAsync(question, viewer, SourceSelection.HitsMax, kind: null, ct)).WithExactTerms();
        var documents = SourceSelection.Select([.. retrieval.Hits.Where(hit => hit.Kind == PassageKind.Document)], [], isThreadFirst: false, addressOf);
        return new(retrieval, await retriever.ThreadsAsync(retrieval, viewer, ct), retrieval.RelevanceOf(documents.Select(source => source.Passage)));
    }
}
