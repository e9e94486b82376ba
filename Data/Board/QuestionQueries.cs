using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A question as shown on its page.</summary>
/// <param name="Beginning">The beginning of the text, for the chat.</param>
/// <param name="Html">The rendered text; null if it was not rendered yet, or by an older renderer.</param>
/// <param name="Body">The text to render; null if <paramref name="Html"/> is set.</param>
/// <param name="OwnVote">The reader's vote: 1, −1, or 0 for none.</param>
/// <param name="AuthorPoints">The points of its author: <see cref="User.Reputation"/>.</param>
public sealed record QuestionDetail(
    long Id, long AuthorId, string Author, string Title, string Beginning, string? Html, string? Body, DateTime CreatedAt, DateTime? ModifiedAt,
    int Views, int VoteCount, int AnswerCount, long? AcceptedAnswerId, int OwnVote, CategoryLink Category, int AuthorPoints)
{
    /// <summary>The length of <see cref="Beginning"/> in characters.</summary>
    public const int BeginningMax = 500;
}

/// <summary>The category of a question.</summary>
public sealed record CategoryLink(string Name, string Slug, long Audience)
{
    /// <summary>True if every visitor may read it.</summary>
    public bool IsPublic => Audience == Data.Audience.Everyone;
}

/// <summary>A question, named by its title.</summary>
public sealed record QuestionTitle(long Id, string Title);

/// <summary>A question's text for its form.</summary>
public sealed record QuestionText(long Id, long AuthorId, long CategoryId, string Title, string Body, bool IsLocked);

/// <summary>The result of a vote.</summary>
public enum VoteResult
{
    Done,

    /// <summary>A member cannot vote for their own post.</summary>
    Own,
    Missing,

    /// <summary>The member's reputation does not allow a down vote yet.</summary>
    TooEarly,
}

/// <summary>Who may change a post that they may read: its author; an administrator may delete it, or restore a version of it.</summary>
public readonly record struct Actor(long UserId, bool IsAdministrator)
{
    /// <summary>Has the <see cref="Privilege"/> to edit, or to tag, what others wrote.</summary>
    internal bool EditsOthers { get; init; }

    internal bool EditsAny => IsAdministrator || EditsOthers;
    public Viewer Viewer => new(UserId);
}

/// <summary>Reads and writes one question. Each condition includes ownership: no row changed means missing or not allowed.</summary>
public static class QuestionQueries
{
    /// <summary>The same words of the same member within this time are one post: the form was sent twice.</summary>
    public static readonly TimeSpan RepeatedWithin = TimeSpan.FromMinutes(10);

    extension(PyboDb db)
    {
        public Task<QuestionDetail?> QuestionAsync(long id, Viewer viewer, int htmlVersion, CancellationToken ct) => db.ReadableQuestions(viewer).Where(q => q.Id == id)
            .Select(q => new QuestionDetail(q.Id, q.AuthorId, q.Author!.UserName!, q.Title, q.Body.Substring(0, QuestionDetail.BeginningMax),
                q.HtmlVersion >= htmlVersion ? q.Html : null, q.HtmlVersion >= htmlVersion ? null : q.Body, q.CreatedAt, q.ModifiedAt,
                q.Views, q.VoteCount, q.AnswerCount, q.AcceptedAnswerId, q.Votes.Where(v => v.UserId == viewer.UserId).Select(v => v.Value).FirstOrDefault(),
                new CategoryLink(q.Category!.Name, q.Category.Slug, q.Category.Audience), q.Author.Reputation))
            .SingleOrDefaultAsync(ct);

        public Task<QuestionText?> QuestionTextAsync(long id, Viewer viewer, CancellationToken ct) => db.ReadableQuestions(viewer).Where(q => q.Id == id)
            .Select(q => new QuestionText(q.Id, q.AuthorId, q.CategoryId, q.Title, q.Body, q.IsLocked)).SingleOrDefaultAsync(ct);

        /// <summary>Saves a question; one that its asker has just sent with the same words is that question.</summary>
        /// <param name="authorId">The asker.</param>
        /// <param name="title">The title.</param>
        /// <param name="body">The text.</param>
        /// <param name="ct">Cancels; nothing is saved.</param>
        /// <param name="html">The rendered text.</param>
        /// <param name="suggests">True to queue a suggested answer with it.</param>
        /// <param name="tags">Names of tags, normalised (<see cref="TagNames"/>), in order; null for none.</param>
        /// <param name="categoryId">Null for the asker's first category.</param>
        /// <returns>Its id; 0 if the asker may not read the category, or any, and nothing is saved.</returns>
        public async Task<long> AskAsync(
            long authorId, string title, string body, CancellationToken ct, RenderedHtml html = default, bool suggests = false, IReadOnlyList<string>? tags = null, long? categoryId = null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var since = DateTime.UtcNow - RepeatedWithin;
            if (await db.Questions.Where(q => q.AuthorId == authorId && q.CreatedAt > since && q.Title == title && q.Body == body).Select(q => (long?)q.Id).FirstOrDefaultAsync(ct) is { } sent)
            {
                return sent;
            }

            if (await db.CategoryForAsync(categoryId, new(authorId), ct) is not { } category)
            {
                return 0;
            }

            var question = new Question { AuthorId = authorId, CategoryId = category, Title = title, Body = body, Html = html.Html, HtmlVersion = html.Version };
            db.Questions.Add(question);
            await db.SaveChangesAsync(ct);
            await db.SetTagsAsync(question.Id, tags ?? [], ct);
            await db.TellAsync(new(question.Id, null, null, authorId), body, ct);
            if (suggests)
            {
                await db.QueueSuggestionAsync(question, ct);
            }

            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return question.Id;
        }

        /// <summary>Changes one's own question, or with <paramref name="ofOthers"/> any that one may read. Without <paramref name="tags"/> or <paramref name="categoryId"/> it keeps its own.</summary>
        public Task<int> EditQuestionAsync(long id, long editorId, string title, string body, CancellationToken ct, RenderedHtml html = default, bool suggests = false,
            IReadOnlyList<string>? tags = null, long? categoryId = null, bool ofOthers = false) =>
            db.RewriteQuestionAsync(id, new(editorId, IsAdministrator: false) { EditsOthers = ofOthers }, title, body, html, suggests, tags, ct, categoryId);

        /// <summary>Changes only the tags of one's own question, or with <paramref name="ofOthers"/> of any that one may read.</summary>
        public Task<int> RetagQuestionAsync(long id, long editorId, IReadOnlyList<string> tags, bool ofOthers, CancellationToken ct) =>
            db.RewriteQuestionAsync(id, new(editorId, IsAdministrator: false) { EditsOthers = ofOthers }, null, null, default, suggests: false, tags, ct);

        /// <summary>
        /// Changes a question, keeps the version before, and tells its author if another member did; without a title and a text it keeps its own. Its answers and comments are indexed with its title, so a new title queues them again. Text removed
        /// by the edit is no longer found or quoted from this moment on, nor is what was suggested for it. An edit that changes nothing leaves no trace, nor does a move to another category.
        /// </summary>
        internal async Task<int> RewriteQuestionAsync(long id, Actor actor, string? newTitle, string? newBody, RenderedHtml html, bool suggests, IReadOnlyList<string>? tags, CancellationToken ct, long? categoryId = null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var before = await db.WritableQuestions(actor.Viewer).Where(q => q.Id == id && (q.AuthorId == actor.UserId || actor.EditsAny))
                .Select(q => new { q.Title, q.Body, q.Html, q.HtmlVersion, q.AuthorId, q.CategoryId, SavedAt = q.ModifiedAt ?? q.CreatedAt }).SingleOrDefaultAsync(ct);
            if (before is null || (categoryId is { } wanted && await db.CategoryForAsync(wanted, actor.Viewer, ct) is null))
            {
                return 0;
            }

            var (title, body) = (newTitle ?? before.Title, newBody ?? before.Body);
            html = newBody is null ? new(before.Html, before.HtmlVersion) : html;
            tags = tags is null ? null : await db.MainTagsAsync(tags, ct);
            if (categoryId is { } to && to != before.CategoryId)
            {
                await db.PlaceQuestionAsync(id, to, ct);
            }

            var (oldTags, isRetitled) = ((await db.TagsOfAsync([id], ct))[id].ToList(), before.Title != title);
            var isRetagged = tags is not null && !tags.SequenceEqual(oldTags);
            if (!isRetitled && !isRetagged && before.Body == body)
            {
                await transaction.CommitAsync(ct);
                return 1;
            }

            await db.KeepVersionAsync(
                new() { QuestionId = id, Number = 1, Title = before.Title, Body = before.Body, Tags = TagNames.Joined(oldTags), EditorId = before.AuthorId, SavedAt = before.SavedAt },
                number => new() { QuestionId = id, Number = number, Title = title, Body = body, Tags = TagNames.Joined(tags ?? oldTags), EditorId = actor.UserId }, ct);
            await db.Answers.Where(a => isRetitled && a.QuestionId == id).ExecuteUpdateAsync(set => set.MarkChanged(), ct);
            await db.CommentsOfThread(id).Where(c => isRetitled).ExecuteUpdateAsync(set => set.MarkChanged(), ct);
            var rows = await db.Questions.Where(q => q.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(q => q.Title, title).SetProperty(q => q.Body, body).SetProperty(q => q.Html, html.Html).SetProperty(q => q.HtmlVersion, html.Version)
                .SetProperty(q => q.ModifiedAt, DateTime.UtcNow).MarkChanged(), ct);
            if (isRetagged)
            {
                await db.SetTagsAsync(id, tags!, ct);
            }

            await db.Passages.Where(p => p.QuestionId == id && (isRetitled || (p.Kind == PassageKind.Question && (isRetagged || before.Body != body)))).ExecuteDeleteAsync(ct);
            await db.ReviseQuestionCitationsAsync(id, (before.Title, before.Body), (title, body), ct);
            if (isRetitled || before.Body != body)
            {
                await db.RenewSuggestionAsync(id, title, body, suggests, ct);
            }

            await db.TellEditedAsync(before.AuthorId, new(id, null, null, actor.UserId), ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return rows;
        }

        /// <summary>Votes, or changes the member's vote; the same vote again changes nothing.</summary>
        /// <param name="id">The post.</param>
        /// <param name="userId">Who votes.</param>
        /// <param name="ct">Cancels.</param>
        /// <param name="down">For a down vote, what it needs; null for an up vote.</param>
        public async Task<VoteResult> VoteQuestionAsync(long id, long userId, CancellationToken ct, Privileges? down = null)
        {
            var authorId = await db.WritableQuestions(new(userId)).Where(q => q.Id == id).Select(q => (long?)q.AuthorId).SingleOrDefaultAsync(ct);
            var result = await db.MayVoteAsync(authorId, userId, down, ct);
            if (result == VoteResult.Done)
            {
                var value = down is null ? 1 : -1;
                await db.Database.ExecuteSqlAsync($"""
                    insert into QuestionVotes(QuestionId, UserId, Value) select Id, {userId}, {value} from Questions where Id = {id} and AuthorId <> {userId}
                    on conflict(QuestionId, UserId) do update set Value = excluded.Value where Value <> excluded.Value
                    """, ct);
            }

            return result;
        }

        internal async Task<VoteResult> MayVoteAsync(long? authorId, long userId, Privileges? down, CancellationToken ct) => authorId is null ? VoteResult.Missing
            : authorId == userId ? VoteResult.Own
            : down is not null && !(await db.StandingAsync(userId, ct)).Has(Privilege.VoteDown, down) ? VoteResult.TooEarly : VoteResult.Done;

        public Task<int> UnvoteQuestionAsync(long id, long userId, CancellationToken ct) =>
            db.QuestionVotes.Where(v => v.QuestionId == id && v.UserId == userId && db.WritableQuestions(new(userId)).Any(q => q.Id == id)).ExecuteDeleteAsync(ct);

        /// <summary>Lets the asker accept one of the question's answers, and tells its author; null accepts no answer.</summary>
        public async Task<int> AcceptAnswerAsync(long questionId, long askerId, long? answerId, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var rows = await db.WritableQuestions(new(askerId))
                .Where(q => q.Id == questionId && q.AuthorId == askerId && (answerId == null || q.Answers.Any(a => a.Id == answerId)))
                .ExecuteUpdateAsync(set => set.SetProperty(q => q.AcceptedAnswerId, answerId), ct);
            if (rows > 0 && answerId is { } accepted)
            {
                await db.TellAcceptedAsync(questionId, accepted, askerId, ct);
            }

            await transaction.CommitAsync(ct);
            return rows;
        }

        /// <summary>Adds views counted in memory, in one transaction.</summary>
        public async Task AddViewsAsync(IReadOnlyCollection<KeyValuePair<long, int>> views, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            foreach (var (id, count) in views)
            {
                await db.Questions.Where(q => q.Id == id).ExecuteUpdateAsync(set => set.SetProperty(q => q.Views, q => q.Views + count), ct);
            }

            await transaction.CommitAsync(ct);
        }
    }
}
