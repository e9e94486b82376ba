using Pybo.Data;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Reads the best documents found for a question whole: a table or a list may continue over passages that were not found.</summary>
internal sealed class WholeDocuments(Retriever retriever, SourceAddress addressOf)
{
    /// <summary>The documents that are read, unless the reader chose one.</summary>
    public const int DocumentsMax = 3;

    /// <summary>Computes the answer over a table; null if the question asks for no such thing, or a thread answers first.</summary>
    public async Task<TableAnswer?> ComputedAsync(ChatRequest request, string searched, Findings found, CancellationToken ct) =>
        found.IsThreadFirst || TableQuestion.Of(searched) is not { } asked ? null
            : TableAnswers.Of(request.Question, asked, await ReadAsync(request, found, ct), request.Scope?.Passages?.DocumentId is not null, addressOf);

    /// <summary>Returns the passages that list what the question asks for, as sources; null if it asks for no list, or those found list as much.</summary>
    /// <param name="request">The question.</param>
    /// <param name="found">What was found for it.</param>
    /// <param name="sources">The sources of those passages.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<ChatSource>?> ListedAsync(ChatRequest request, Findings found, IReadOnlyList<ChatSource> sources, CancellationToken ct)
    {
        if (found.IsThreadFirst || ListQuestion.KindOf(request.Question) is null)
        {
            return null;
        }

        var passages = (await ReadAsync(request, found, ct)).SelectMany(document => document);
        var parts = ListedParts.Of(request.Question, passages.Select(passage => new ChatSource(0, passage, "", "")));
        return parts.Count <= (found.IsAnswered ? ListedParts.Of(request.Question, sources.Where(source => source.Role == AnswerRole.None)).Count : 0) ? null
            : SourcesOf(parts.Take(ListedParts.PartsMax + 1).Select(part => part.Source.Passage).DistinctBy(passage => passage.Id));
    }

    private List<ChatSource> SourcesOf(IEnumerable<PassageHit> passages)
    {
        var sources = new List<ChatSource>();
        var characters = 0;
        foreach (var passage in passages)
        {
            characters += passage.Text.Length;
            if (sources.Count > 0 && characters > SourceSelection.CharactersMax)
            {
                break;
            }

            var url = addressOf(passage);
            sources.Add(new(sources.Count + 1, passage, url, passage.Path ?? url));
        }

        return sources;
    }

    private async Task<IReadOnlyList<IReadOnlyList<PassageHit>>> ReadAsync(ChatRequest request, Findings found, CancellationToken ct)
    {
        IEnumerable<long> best = request.Scope?.Passages?.DocumentId is { } chosen ? [chosen] : found.Retrieval.Hits.Select(hit => hit.DocumentId).OfType<long>().Distinct().Take(DocumentsMax);
        var documents = new List<IReadOnlyList<PassageHit>>();
        foreach (var id in best)
        {
            documents.Add(await retriever.WholeAsync(PassageScope.Document(id), request.Viewer, ct));
        }

        return documents;
    }
}
