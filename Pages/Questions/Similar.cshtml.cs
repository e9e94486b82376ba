using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;

namespace Pybo.Pages.Questions;

/// <summary>The fragment shown while a title is typed: <c>/questions/similar?title=</c>.</summary>
public sealed class Similar(SimilarQuestions similar) : PageModel
{
    public IReadOnlyList<SimilarQuestion> Questions { get; private set; } = [];

    public async Task OnGetAsync([FromQuery] string? title, CancellationToken ct) => Questions = await similar.FindAsync(title ?? "", new(User.MemberId), ct);
}

public sealed record SimilarQuestion(long Id, string Title, int Answers, bool IsAccepted, int Votes);

/// <summary>Finds questions similar to one that is being written, or related to one that is read.</summary>
public sealed class SimilarQuestions(Retriever retriever, IDbContextFactory<PyboDb> dbs) : IDisposable
{
    private const int ShownMax = 5;

    /// <summary>A long question has several passages.</summary>
    private const int HitsMax = 15;

    /// <summary>Shorter titles are similar to everything.</summary>
    private const int TitleMin = 2;

    /// <summary>The minimum share of the best score; hits far behind it only fill the list.</summary>
    private const double ScoreShareMin = 0.5;

    /// <summary>Questions whose related ones are remembered.</summary>
    private const int RememberedMax = 1_000;

    /// <summary>What is related changes slowly, and a page that is read often need not search each time.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(10);

    private readonly MemoryCache remembered = new(new MemoryCacheOptions { SizeLimit = RememberedMax });

    public async Task<IReadOnlyList<SimilarQuestion>> FindAsync(string title, Viewer viewer, CancellationToken ct)
    {
        title = FormText.Line(title);
        if (title.Length < TitleMin)
        {
            return [];
        }

        title = title.Length > Question.TitleMax ? title[..Question.TitleMax] : title;
        var found = (await retriever.RetrieveAsync(title, viewer, HitsMax, PassageKind.Question, ct)).AboveFloor();
        var enough = found.Hits is [var best, ..] ? best.Score * ScoreShareMin : 0;
        return await ShownAsync(Questions(found.Hits.Where(h => h.Score >= enough)), viewer, ct);
    }

    /// <summary>Returns the questions related to a stored one, without it.</summary>
    public async Task<IReadOnlyList<SimilarQuestion>> RelatedAsync(long questionId, string title, Viewer viewer, CancellationToken ct)
    {
        var related = await remembered.GetOrCreateAsync((questionId, title, viewer), async entry =>
        {
            entry.SetSize(1).SetAbsoluteExpiration(RememberedFor);
            return Questions((await retriever.RetrieveLikeAsync(questionId, title, viewer, HitsMax, ct)).AboveFloorBetweenQuestions().Hits);
        });
        return await ShownAsync(related!, viewer, ct);
    }

    public void Dispose() => remembered.Dispose();

    private static List<long> Questions(IEnumerable<PassageHit> hits) => [.. hits.Select(h => h.QuestionId!.Value).Distinct()];

    /// <summary>Returns the first of the questions that exist and that the reader may see now.</summary>
    private async Task<IReadOnlyList<SimilarQuestion>> ShownAsync(List<long> alike, Viewer viewer, CancellationToken ct)
    {
        if (alike.Count == 0)
        {
            return [];
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        var shown = await db.ReadableQuestions(viewer).Where(q => alike.Contains(q.Id)).Select(q => new SimilarQuestion(q.Id, q.Title, q.AnswerCount, q.AcceptedAnswerId != null, q.VoteCount)).ToDictionaryAsync(q => q.Id, ct);
        return [.. alike.Where(shown.ContainsKey).Take(ShownMax).Select(id => shown[id])];
    }
}
