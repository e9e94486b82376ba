using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Maps between an answerer's records and a turn's rows.</summary>
public static class CitationRows
{
    public const int SnippetCharactersMax = 240;

    extension(PyboDb db)
    {
        /// <summary>Loads a turn's question with the answered ones before it on its path, as their reader may see them now.</summary>
        public async Task<ChatRequest> ChatRequestAsync(long turnId, CancellationToken ct)
        {
            var turn = await db.Turns.AsNoTracking().Where(t => t.Id == turnId)
                .Select(t => new { t.Question, t.AnswersAnyway, t.Conversation!.UserId, t.Conversation.DocumentId, t.Conversation.CollectionId, t.Conversation.ScopeName, t.Conversation.QuestionId, t.Conversation.Answerer, t.Conversation.AnswerLength })
                .SingleAsync(ct);
            var viewer = new Viewer(turn.UserId);
            var earlier = await db.TurnsBefore(turnId).AsNoTracking().Include(t => t.Citations)
                .Where(t => t.Answer != "" || t.IsAnswerGone)
                .OrderBy(t => t.Id)
                .ToListAsync(ct);
            await db.HideGoneSourcesAsync(earlier, viewer, ct);
            var history = earlier.ConvertAll(t => new ChatExchange(t.Question, t.Answer == Turn.GoneAnswer ? PromptBuilder.Words(nameof(PromptWords.AnswerGone), turn.Question) : t.Answer)
            {
                ThreadId = t.Citations.Where(c => !c.IsGone && (c.Quote is not null || t.Refused)).OrderBy(c => c.Number).FirstOrDefault()?.QuestionId,
            });
            return new(turn.Question, history, viewer)
            {
                AnswersAnyway = turn.AnswersAnyway,
                OwnQuestionId = turn.QuestionId,
                Scope = await db.ChatScopeAsync(turn.DocumentId, turn.CollectionId, turn.ScopeName, viewer, ct),
                Answerer = turn.Answerer,
                Length = turn.AnswerLength,
            };
        }
    }

    public static Citation Of(long turnId, ChatSource source, IReadOnlyList<string> words) => new()
    {
        TurnId = turnId,
        Number = source.Number,
        Kind = source.Passage.Kind,
        PassageId = source.Passage.Id,
        QuestionId = source.Passage.QuestionId,
        AnswerId = source.Passage.AnswerId,
        CommentId = source.Passage.CommentId,
        DocumentId = source.Passage.DocumentId,
        Page = source.Passage.Page,
        Title = source.Passage.Title,
        Source = source.Source,
        Url = source.Url,
        Snippet = Snippet.Make(source.Passage.Text, words, Best(source.Passage), SnippetCharactersMax).Text,
    };

    public static SourceCard Card(Citation citation) => new(citation.Number, citation.Title, citation.Url, citation.Snippet);

    private static (int Start, int Length)? Best(PassageHit passage) =>
        passage is { BestStart: { } start, BestLength: { } length } ? (start, length) : null;
}
