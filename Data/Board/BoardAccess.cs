using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// Decides which posts of the board a viewer may read: those in the categories that everyone, members or one of the viewer's groups may read. Every query for
/// questions, answers and comments on behalf of a reader begins here; a post that the reader may not see does not exist for them. Administrators read all
/// categories, since they choose their readers.
/// </summary>
public static class BoardAccess
{
    /// <summary>SQL for the ids of the categories with an audience of the JSON array <c>@audiences</c> (<see cref="AudiencesAsync"/>): the condition of <see cref="ReadableCategories"/> for statements that EF Core does not write.</summary>
    internal const string ReadableCategoryIds = $"select Id from Categories where Audience in ({AudienceList})";

    /// <summary>SQL for the values of the JSON array <c>@audiences</c>.</summary>
    internal const string AudienceList = "select value from json_each(@audiences)";

    extension(PyboDb db)
    {
        internal IQueryable<Category> ReadableCategories(Viewer viewer)
        {
            var (everyone, members, _) = viewer.Audiences;
            var groups = db.Groups.Where(g => g.Members.Any(m => m.UserId == viewer.UserId) || db.Users.Any(u => u.Id == viewer.UserId && u.IsAdministrator));
            return db.Categories.Where(c => c.Audience == everyone || c.Audience == members || groups.Any(g => c.Audience == Audience.Nobody - g.Id));
        }

        internal IQueryable<Question> ReadableQuestions(Viewer viewer)
        {
            var categories = db.ReadableCategories(viewer).Select(c => c.Id);
            return db.Questions.Where(q => categories.Contains(q.CategoryId));
        }

        internal IQueryable<Answer> ReadableAnswers(Viewer viewer)
        {
            var categories = db.ReadableCategories(viewer).Select(c => c.Id);
            return db.Answers.Where(a => categories.Contains(a.Question!.CategoryId));
        }

        internal IQueryable<Comment> ReadableComments(Viewer viewer)
        {
            var categories = db.ReadableCategories(viewer).Select(c => c.Id);
            return db.Comments.Where(c => categories.Contains(c.QuestionId != null ? c.Question!.CategoryId : c.Answer!.Question!.CategoryId));
        }

        /// <summary>Returns the questions whose threads a viewer may add to, change and vote in: a locked thread is left to administrators.</summary>
        internal IQueryable<Question> WritableQuestions(Viewer viewer) => db.ReadableQuestions(viewer).Where(q => !q.IsLocked || db.Users.Any(u => u.Id == viewer.UserId && u.IsAdministrator));

        /// <summary>Returns the questions that take answers from a viewer: not those that are closed, and no notices.</summary>
        internal IQueryable<Question> AnswerableQuestions(Viewer viewer) => db.WritableQuestions(viewer).Where(q => q.ClosedReason == null && !q.IsNotice);

        /// <inheritdoc cref="WritableQuestions"/>
        internal IQueryable<Answer> WritableAnswers(Viewer viewer) => db.ReadableAnswers(viewer).Where(a => !a.Question!.IsLocked || db.Users.Any(u => u.Id == viewer.UserId && u.IsAdministrator));

        /// <inheritdoc cref="WritableQuestions"/>
        internal IQueryable<Comment> WritableComments(Viewer viewer) => db.ReadableComments(viewer)
            .Where(c => !(c.QuestionId != null ? c.Question!.IsLocked : c.Answer!.Question!.IsLocked) || db.Users.Any(u => u.Id == viewer.UserId && u.IsAdministrator));

        /// <summary>Returns the members who may read a question.</summary>
        internal IQueryable<User> ReadersOf(long questionId) => db.Users.Where(u => db.Questions.Any(q => q.Id == questionId
            && (q.Category!.Audience == Audience.Everyone || q.Category.Audience == Audience.Members || u.IsAdministrator
                || db.GroupMembers.Any(m => m.UserId == u.Id && q.Category.Audience == Audience.Nobody - m.GroupId))));

        /// <summary>Returns whether there is no category that a viewer may not read, so that the counters of the whole board are true for them.</summary>
        internal async Task<bool> ReadsWholeBoardAsync(Viewer viewer, CancellationToken ct)
        {
            var readable = db.ReadableCategories(viewer).Select(c => c.Id);
            return !await db.Categories.AnyAsync(c => !readable.Contains(c.Id), ct);
        }

        /// <summary>Returns all audiences of a viewer; of groups only those that read a category.</summary>
        internal async Task<IReadOnlyList<long>> AudiencesAsync(Viewer viewer, CancellationToken ct)
        {
            var (everyone, members, own) = viewer.Audiences;
            // Neither a visitor nor the command line, which reads as the member 0, is in a group.
            List<long> groups = viewer.UserId is not > 0 ? []
                : await db.ReadableCategories(viewer).Where(c => c.Audience < Audience.Nobody).Select(c => c.Audience).Distinct().OrderByDescending(a => a).ToListAsync(ct);
            return [.. new[] { everyone, members, own }.Concat(groups).Distinct()];
        }

        /// <summary>Puts a question into a category, and its thread's passages into the audience of that, within the open transaction.</summary>
        internal async Task PlaceQuestionAsync(long questionId, long categoryId, CancellationToken ct)
        {
            await db.Questions.Where(q => q.Id == questionId).ExecuteUpdateAsync(set => set.SetProperty(q => q.CategoryId, categoryId), ct);
            await db.SetAudienceOfCategoryAsync(db.Questions.Where(q => q.Id == questionId), categoryId, ct);
        }

        /// <summary>Gives the passages of some questions' threads the audience of a category, within the open transaction.</summary>
        internal async Task SetAudienceOfCategoryAsync(IQueryable<Question> questions, long categoryId, CancellationToken ct)
        {
            var audience = await db.Categories.Where(c => c.Id == categoryId).Select(c => c.Audience).SingleAsync(ct);
            var ids = questions.Select(q => (long?)q.Id);
            await db.SetAudienceOfPassagesAsync(db.Passages.Where(p => p.QuestionId != null && ids.Contains(p.QuestionId) && p.Audience != audience), audience, ct);
        }
    }
}
