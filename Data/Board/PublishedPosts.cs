using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A post as feeds show it.</summary>
/// <param name="AnswerId">Null for the question itself.</param>
/// <param name="Html">The rendered text; null if it was not rendered yet, or by an older renderer.</param>
/// <param name="Body">The text to render; null if <paramref name="Html"/> is set.</param>
public sealed record PublishedPost(long QuestionId, long? AnswerId, string Title, string Author, string? Html, string? Body, DateTime CreatedAt, DateTime? ModifiedAt)
{
    public DateTime UpdatedAt => ModifiedAt ?? CreatedAt;
}

/// <summary>An entry of the sitemap.</summary>
public sealed record ListedQuestion(long Id, string Title, DateTime UpdatedAt);

/// <summary>What search engines and feed readers ask for: posts that every visitor may read.</summary>
public static class PublishedPosts
{
    extension(PyboDb db)
    {
        /// <summary>Returns the newest questions, newest first.</summary>
        public Task<List<PublishedPost>> NewestQuestionsAsync(int count, int htmlVersion, CancellationToken ct) =>
            Published(db.ReadableQuestions(Viewer.Visitor).OrderByDescending(q => q.Id).Take(count), htmlVersion).ToListAsync(ct);

        /// <summary>Returns the newest questions with a tag, newest first.</summary>
        public Task<List<PublishedPost>> NewestTaggedAsync(string tag, int count, int htmlVersion, CancellationToken ct) => Published(
            db.ReadableQuestions(Viewer.Visitor).Where(q => db.QuestionTags.Any(t => t.QuestionId == q.Id && t.Tag!.Name == tag)).OrderByDescending(q => q.Id).Take(count), htmlVersion).ToListAsync(ct);

        /// <summary>Returns a question and its newest answers, newest first; nothing if there is no such question.</summary>
        public async Task<List<PublishedPost>> ThreadPostsAsync(long questionId, int answers, int htmlVersion, CancellationToken ct) =>
        [
            .. await db.ReadableAnswers(Viewer.Visitor).Where(a => a.QuestionId == questionId).OrderByDescending(a => a.Id).Take(answers)
                .Select(a => new PublishedPost(questionId, a.Id, a.Question!.Title, a.Author!.UserName!, a.HtmlVersion >= htmlVersion ? a.Html : null,
                    a.HtmlVersion >= htmlVersion ? null : a.Body, a.CreatedAt, a.ModifiedAt))
                .ToListAsync(ct),
            .. await Published(db.ReadableQuestions(Viewer.Visitor).Where(q => q.Id == questionId), htmlVersion).ToListAsync(ct),
        ];

        /// <summary>Returns the highest id of a question; 0 if there are none.</summary>
        public async Task<long> LastQuestionIdAsync(CancellationToken ct) => await db.ReadableQuestions(Viewer.Visitor).MaxAsync(q => (long?)q.Id, ct) ?? 0;

        /// <summary>Returns the questions of a range of ids, in order.</summary>
        public IAsyncEnumerable<ListedQuestion> QuestionsBetween(long first, long last) => db.ReadableQuestions(Viewer.Visitor)
            .Where(q => q.Id >= first && q.Id <= last)
            .OrderBy(q => q.Id)
            .Select(q => new ListedQuestion(q.Id, q.Title, q.ModifiedAt ?? q.CreatedAt))
            .AsAsyncEnumerable();
    }

    private static IQueryable<PublishedPost> Published(IQueryable<Question> questions, int htmlVersion) => questions
        .Select(q => new PublishedPost(q.Id, null, q.Title, q.Author!.UserName!, q.HtmlVersion >= htmlVersion ? q.Html : null,
            q.HtmlVersion >= htmlVersion ? null : q.Body, q.CreatedAt, q.ModifiedAt));
}
