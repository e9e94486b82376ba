using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Turns a question into a cited answer, for both the site and the terminal. Saves nothing.</summary>
/// <param name="retriever">Finds the sources.</param>
/// <param name="generators">Lends the current generator.</param>
/// <param name="quoter">Answers if no generator is installed or chosen.</param>
/// <param name="addressOf">Builds the sources' addresses.</param>
public sealed class ChatAnswerer(Retriever retriever, IGeneratorSource generators, IAnswerer quoter, SourceAddress addressOf)
{
    /// <summary>The name of the current answerer.</summary>
    public string Model
    {
        get
        {
            using var lease = generators.Borrow();
            return AnswererOf(lease).Model;
        }
    }

    /// <summary>True if sentences are quoted and nothing is generated.</summary>
    public bool IsExtractive
    {
        get
        {
            using var lease = generators.Borrow();
            return lease is null;
        }
    }

    /// <summary>True if the generator seems not to be tuned to follow instructions: its answers often only continue a text.</summary>
    public bool IsPretrained
    {
        get
        {
            using var lease = generators.Borrow();
            return lease?.Value.GetService<LocalChatClient>() is { IsPretrained: true };
        }
    }

    /// <summary>
    /// Searches and has the answer written. If no document (<see cref="Relevance"/>) and no thread (<see cref="ThreadMatch"/>) fits the
    /// question, the answer says so and no generator is called; nor is one for a greeting or thanks. A question about a whole document or collection
    /// (<see cref="WholeQuestion"/>) is answered from its parts without a search.
    /// </summary>
    /// <exception cref="PromptTooLongException">The question is too long for the generator.</exception>
    /// <exception cref="EmptyAnswerException">The generator produced no text.</exception>
    public async Task<ChatAnswer> AnswerAsync(ChatRequest request, IAnswerListener listener, CancellationToken ct)
    {
        // Use one generator from counting the prompt to the last word, even if another is installed in the meantime.
        using var lease = generators.Borrow();
        var answerer = AnswererOf(lease);
        if (Courtesy.KindOf(request.Question) is { } courtesy)
        {
            var reply = Replies.To(courtesy, request.Question);
            await listener.OnSourcesAsync([], note: null, answerer.Model, ct);
            await listener.OnTextAsync(reply, ct);
            return new(reply, IsRefused: false, answerer.Model, []);
        }

        if (request.Scope is { IsGone: true })
        {
            return await RefuseAsync(Refusals.ScopeGone(request.Question), [], note: null);
        }

        if (request.Scope?.Passages is { } whole && WholeQuestion.Is(request.Question))
        {
            var (parts, count) = WholeText.Sources(await retriever.WholeAsync(whole, request.Viewer, ct), addressOf);
            return parts.Count == 0 ? await RefuseAsync(Refusals.NothingFound(request.Question), [], note: null)
                : await answerer.AnswerAsync(request with { PartsCount = count }, RetrievalResult.Unsearched(request.Question), parts, listener, ct);
        }

        var searched = FollowUp.Searched(request.Question, [.. request.History.Select(h => h.Question)]);
        var found = await Findings.OfAsync(retriever, addressOf, searched, request.Viewer, ct, request.Scope?.Passages, request.OwnQuestionId);
        if (found.Unanswered is { Question: [var asked, ..] })
        {
            return await RefuseAsync(Refusals.Unanswered(request.Question), [new(1, asked, addressOf(asked), addressOf(asked))], found.Retrieval.Note);
        }

        var sources = found.Sources(addressOf);
        return found.IsAnswered
            ? await answerer.AnswerAsync(request, found.Retrieval, sources, listener, ct)
            : await RefuseAsync(sources.Count == 0 ? Refusals.NothingFound(request.Question) : Refusals.NoAnswer(request.Question), sources, found.Retrieval.Note);

        async Task<ChatAnswer> RefuseAsync(string refusal, IReadOnlyList<ChatSource> shown, Notice? note)
        {
            await listener.OnSourcesAsync(shown, note, answerer.Model, ct);
            await listener.OnTextAsync(refusal, ct);
            return new(refusal, IsRefused: true, answerer.Model, []);
        }
    }

    private IAnswerer AnswererOf(Lease<IChatClient>? lease) => lease is null ? quoter : new GeneratedAnswerer(lease.Value);
}
