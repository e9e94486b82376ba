using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Turns a question into a cited answer, for both the site and the terminal. Saves nothing.</summary>
/// <param name="retriever">Finds the sources.</param>
/// <param name="generators">Lends the generators.</param>
/// <param name="quoter">Answers if it is chosen, or no generator is installed or chosen.</param>
/// <param name="addressOf">Builds the sources' addresses.</param>
public sealed class ChatAnswerer(Retriever retriever, IGeneratorSource generators, IAnswerer quoter, SourceAddress addressOf)
{
    private readonly WholeDocuments documents = new(retriever, addressOf);

    /// <summary>The name of the answerer that the site chooses.</summary>
    public string Model => generators.Default?.Name ?? quoter.Model;

    /// <summary>True if the answerer that the site chooses quotes sentences and generates nothing.</summary>
    public bool IsExtractive => generators.Default is null;

    /// <summary>The names that a question can choose from: the site's own choice, the other generators, the built-in answerer.</summary>
    public IReadOnlyList<string> Names => [.. generators.All.Select(generator => generator.Name).Prepend(Model).Append(quoter.Model).Distinct()];

    /// <summary>The names of those that seem not to be tuned to follow instructions: their answers often only continue a text.</summary>
    public IReadOnlySet<string> PretrainedNames => generators.All.Where(generator => generator.IsPretrained).Select(generator => generator.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>True if some question may be answered by a generator.</summary>
    public bool CanGenerate => generators.All.Count > 0;

    /// <summary>Whether an answerer, by its name in a <see cref="ChatRequest"/>, generates.</summary>
    public bool Generates(string name) => name != quoter.Model && (generators.Default is not null || generators.All.Any(generator => generator.Name == name));

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
        var (borrowed, gone) = Borrow(request.Answerer);
        using var lease = borrowed;
        IAnswerer answerer = lease is null ? quoter : new GeneratedAnswerer(lease.Value);
        if (Courtesy.KindOf(request.Question) is { } courtesy)
        {
            var reply = Replies.To(courtesy, request.Question);
            await listener.OnSourcesAsync([], gone, answerer.Model, ct);
            await listener.OnTextAsync(reply, ct);
            return new(reply, IsRefused: false, answerer.Model, []);
        }

        if (request.Scope is { IsGone: true })
        {
            return await RefuseAsync(Refusals.ScopeGone(request.Question), [], gone);
        }

        if (request.Scope?.Passages is { } whole && WholeQuestion.Is(request.Question))
        {
            var (parts, count) = WholeText.Sources(await retriever.WholeAsync(whole, request.Viewer, ct), addressOf, isReadInParts: lease is not null);
            return parts.Count == 0 ? await RefuseAsync(Refusals.NothingFound(request.Question), [], gone)
                : await answerer.AnswerAsync(request with { PartsCount = count }, RetrievalResult.Unsearched(request.Question) with { Note = gone }, parts, listener, ct);
        }

        if (request.Scope is null && await ThreadOfAsync(request, ct) is { } thread)
        {
            return await answerer.AnswerAsync(request with { IsWholeThread = true }, RetrievalResult.Unsearched(request.Question) with { Note = gone }, ThreadSummary.Sources(thread, addressOf), listener, ct);
        }

        var completed = FollowUp.Completed(request.Question, [.. request.History.Select(h => (h.Question, h.Answer))]);
        var searched = completed ?? FollowUp.Searched(request.Question, [.. request.History.Select(h => h.Question)]);
        var found = await FindAsync(searched);
        if (completed is not null && !found.IsAnswered)
        {
            // The question before it says what is asked about: the library that somebody opened.
            searched = $"{request.History[^1].Question.Cut(FollowUp.EarlierCharactersMax)}\n{completed}";
            found = await FindAsync(searched);
        }

        var sources = found.Sources(addressOf);
        var note = Both(gone, found.Retrieval.Note);
        if (request.AnswersAnyway && !found.IsAnswered && sources.Count > 0)
        {
            return await answerer.AnswerAsync(request, found.Retrieval with { Note = Both(Notice.Of(ChatProblem.Anyway), note) }, sources, listener, ct);
        }

        if (await documents.ComputedAsync(request, searched, found, ct) is { } computed)
        {
            await listener.OnSourcesAsync([.. computed.Citations.Select(c => c.Source)], note, quoter.Model, ct);
            await listener.OnTextAsync(computed.Text, ct);
            return new(computed.Text, computed.IsRefused, quoter.Model, computed.IsRefused ? [] : computed.Citations);
        }

        if (await documents.ListedAsync(request, found, sources, ct) is { } listed)
        {
            return await answerer.AnswerAsync(request, found.Retrieval with { Note = note }, listed, listener, ct);
        }

        if (found.Unanswered is { Question: [var asked, ..] })
        {
            return await RefuseAsync(Refusals.Unanswered(request.Question), [new(1, asked, addressOf(asked), addressOf(asked))], note);
        }

        return found.IsAnswered
            ? await answerer.AnswerAsync(request, found.Retrieval with { Note = note }, sources, listener, ct)
            : await RefuseAsync(sources.Count == 0 ? Refusals.NothingFound(request.Question) : Refusals.NoAnswer(request.Question), sources, note);

        Task<Findings> FindAsync(string text) => Findings.OfAsync(retriever, addressOf, text, request.Viewer, ct, request.Scope?.Passages, request.OwnQuestionId);

        async Task<ChatAnswer> RefuseAsync(string refusal, IReadOnlyList<ChatSource> shown, Notice? note)
        {
            await listener.OnSourcesAsync(shown, note, answerer.Model, ct);
            await listener.OnTextAsync(refusal, ct);
            return new(refusal, IsRefused: true, answerer.Model, []);
        }
    }

    /// <summary>Returns the thread that the question asks about as a whole: the one that it names by its title, otherwise the one that the last answer cites.</summary>
    private async Task<BoardThread?> ThreadOfAsync(ChatRequest request, CancellationToken ct)
    {
        var title = WholeQuestion.TitleIn(request.Question);
        var last = title is null && WholeQuestion.Is(request.Question) && request.History is [.., var exchange] ? exchange.ThreadId : null;
        return title is null && last is null ? null : await retriever.ThreadAsync(title, last, request.Viewer, ct);
    }

    /// <summary>Borrows the generator of this name; otherwise the site's own choice, with a note to the reader.</summary>
    /// <returns>No lease if the built-in answerer answers.</returns>
    private (Lease<IChatClient>? Lease, Notice? Note) Borrow(string name)
    {
        if (name.Length == 0 || name == quoter.Model)
        {
            return (name.Length == 0 ? generators.Borrow() : null, null);
        }

        return generators.Borrow(name) is { } named ? (named, null) : (generators.Borrow(), Notice.Of(ChatProblem.AnswererGone, name));
    }

    private static Notice? Both(Notice? one, Notice? other) => one is null || other is null ? one ?? other : Notice.Of(ChatProblem.Both, one, other);
}
