using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
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

public sealed record SimilarQuestion(long Id, string Title, int Answers, bool IsAccepted);

/// <summary>Finds questions similar to one that is being written.</summary>
public sealed class SimilarQuestions(Retriever retriever, IDbContextFactory<PyboDb> dbs)
{
    private const int ShownMax = 5;

    /// <summary>A long question has several passages.</summary>
    private const int HitsMax = 15;

    /// <summary>Shorter titles are similar to everything.</summary>
    private const int TitleMin = 2;

    /// <summary>The minimum share of the best score; hits far behind it only fill the list.</summary>
    private const double ScoreShareMin = 0.5;

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
        var alike = found.Hits.Where(h => h.Score >= enough).Select(h => h.QuestionId!.Value).Distinct().Take(ShownMax).ToList();
        await using var db = await dbs.CreateDbContextAsync(ct);
        var shown = await db.ReadableQuestions(viewer).Where(q => alike.Contains(q.Id)).Select(q => new SimilarQuestion(q.Id, q.Title, q.AnswerCount, q.AcceptedAnswerId != null)).ToDictionaryAsync(q => q.Id, ct);
        return [.. alike.Where(shown.ContainsKey).Select(id => shown[id])];
    }
}
