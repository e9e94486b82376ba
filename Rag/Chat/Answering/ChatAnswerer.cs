using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>From a question to a cited answer; the same for the site and for the terminal. Saves nothing.</summary>
/// <param name="retriever">Finds the sources.</param>
/// <param name="generators">Lends the generator of the moment.</param>
/// <param name="quoter">Answers where no generator is installed or chosen.</param>
public sealed class ChatAnswerer(Retriever retriever, IGeneratorSource generators, IAnswerer quoter)
{
    /// <summary>The name of what answers.</summary>
    public string Model
    {
        get
        {
            using var lease = generators.Borrow();
            return AnswererOf(lease).Model;
        }
    }

    /// <summary>True where sentences are quoted and nothing is generated.</summary>
    public bool IsExtractive
    {
        get
        {
            using var lease = generators.Borrow();
            return lease is null;
        }
    }

    /// <summary>
    /// Searches, and has the answer written. Where nothing that was found fits the question (<see cref="Relevance"/>), the answer says so, and no
    /// generator is asked.
    /// </summary>
    /// <exception cref="PromptTooLongException">The generator cannot read as long a question.</exception>
    /// <exception cref="EmptyAnswerException">The generator ended without a word.</exception>
    public async Task<ChatAnswer> AnswerAsync(ChatRequest request, IAnswerListener listener, CancellationToken ct)
    {
        // One generator from the count of the prompt to the last word, even if another is installed in the meantime.
        using var lease = generators.Borrow();
        var answerer = AnswererOf(lease);
        if (request.Scope is { IsGone: true })
        {
            return await RefuseAsync(Refusals.ScopeGone(request.Question), [], note: null);
        }

        var retrieval = await retriever.RetrieveAsync(
            FollowUp.Searched(request.Question, [.. request.History.Select(h => h.Question)]), request.Reader, SourceSelection.HitsMax, kind: null, ct, request.Scope?.Passages);
        var sources = SourceSelection.Select(retrieval.Hits);
        return retrieval.IsAnsweredBy(sources.Select(s => s.Passage))
            ? await answerer.AnswerAsync(request, retrieval, sources, listener, ct)
            : await RefuseAsync(sources.Count == 0 ? Refusals.NothingFound(request.Question) : Refusals.NoAnswer(request.Question), sources, retrieval.Note);

        async Task<ChatAnswer> RefuseAsync(string refusal, IReadOnlyList<ChatSource> found, Notice? note)
        {
            await listener.OnSourcesAsync(found, note, answerer.Model, ct);
            await listener.OnTextAsync(refusal, ct);
            return new(refusal, IsRefused: true, answerer.Model, []);
        }
    }

    private IAnswerer AnswererOf(Lease<Microsoft.Extensions.AI.IChatClient>? lease) => lease is null ? quoter : new GeneratedAnswerer(lease.Value);
}
