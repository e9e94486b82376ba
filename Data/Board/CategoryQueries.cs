using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A category as readers see it.</summary>
public sealed record CategoryRow(long Id, string Name, string Slug, string Description, long Audience, int QuestionCount);

/// <summary>What an administrator decides about a category.</summary>
/// <param name="Slug">Empty to make it of the name.</param>
/// <param name="Audience">Everyone, members, or a group: <see cref="Audience"/>.</param>
public sealed record CategoryFields(string Name, string Slug, string Description, long Audience);

/// <summary>Why a category or a group was not changed.</summary>
public enum CategoryRefusal
{
    /// <summary>It was.</summary>
    None,
    NotFound,
    TooMany,
    NameTaken,
    SlugTaken,

    /// <summary>The name has no letter or digit for an address.</summary>
    NoSlug,

    /// <summary>There is no such group.</summary>
    NoGroup,

    /// <summary>It has questions, and there is no category to move them to.</summary>
    NotEmpty,

    /// <summary>A site keeps one category.</summary>
    Last,

    /// <summary>The group reads a category.</summary>
    InUse,
}

/// <summary>Reads categories for a viewer, and changes them for administrators, which the caller has checked.</summary>
public static class CategoryQueries
{
    extension(PyboDb db)
    {
        /// <summary>Returns the categories that a viewer may read, in their order.</summary>
        public Task<List<CategoryRow>> CategoriesAsync(Viewer viewer, CancellationToken ct) => Rows(Ordered(db.ReadableCategories(viewer))).ToListAsync(ct);

        /// <summary>Returns the category with this name in addresses; null if there is none for this viewer.</summary>
        public Task<CategoryRow?> CategoryAsync(string slug, Viewer viewer, CancellationToken ct) => Rows(db.ReadableCategories(viewer).Where(c => c.Slug == slug)).SingleOrDefaultAsync(ct);

        /// <summary>Returns the first category of a viewer, or the one with this id; null if the viewer may not read it.</summary>
        internal Task<long?> CategoryForAsync(long? id, Viewer viewer, CancellationToken ct) =>
            Ordered(db.ReadableCategories(viewer).Where(c => id == null || c.Id == id)).Select(c => (long?)c.Id).FirstOrDefaultAsync(ct);

        /// <summary>Names the first category in the site's language; one that has a name keeps it.</summary>
        public async Task<int> NameFirstCategoryAsync(string name, CancellationToken ct)
        {
            var unnamed = db.Categories.Where(c => c.Id == Category.FirstId && c.Name == "");
            return await unnamed.AnyAsync(ct) ? await unnamed.ExecuteUpdateAsync(set => set.SetProperty(c => c.Name, name), ct) : 0;
        }

        /// <summary>Adds a category after the others.</summary>
        public async Task<CategoryRefusal> AddCategoryAsync(CategoryFields fields, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.Categories.CountAsync(ct) >= Category.CountMax)
            {
                return CategoryRefusal.TooMany;
            }

            if (await db.FaultAsync(null, fields, ct) is not CategoryRefusal.None and var fault)
            {
                return fault;
            }

            var last = await db.Categories.MaxAsync(c => (int?)c.Position, ct) ?? 0;
            db.Categories.Add(new() { Name = fields.Name, Slug = SlugOf(fields), Description = fields.Description, Audience = fields.Audience, Position = last + 1 });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return CategoryRefusal.None;
        }

        /// <summary>Changes a category. With other readers, the passages of all its threads change in the same transaction: no search finds one for a former reader.</summary>
        /// <remarks>4,000 passages take some two seconds, in which others wait to write.</remarks>
        public async Task<CategoryRefusal> EditCategoryAsync(long id, CategoryFields fields, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (!await db.Categories.AnyAsync(c => c.Id == id, ct))
            {
                return CategoryRefusal.NotFound;
            }

            if (await db.FaultAsync(id, fields, ct) is not CategoryRefusal.None and var fault)
            {
                return fault;
            }

            var slug = SlugOf(fields);
            await db.Categories.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.Name, fields.Name).SetProperty(c => c.Slug, slug)
                .SetProperty(c => c.Description, fields.Description).SetProperty(c => c.Audience, fields.Audience), ct);
            await db.SetAudienceOfCategoryAsync(db.Questions.Where(q => q.CategoryId == id), id, ct);
            await transaction.CommitAsync(ct);
            return CategoryRefusal.None;
        }

        /// <summary>Moves a category one place up or down in lists.</summary>
        public async Task<CategoryRefusal> MoveCategoryAsync(long id, bool isUp, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var ids = await Ordered(db.Categories).Select(c => c.Id).ToListAsync(ct);
            var at = ids.IndexOf(id);
            if (at < 0)
            {
                return CategoryRefusal.NotFound;
            }

            ids.RemoveAt(at);
            ids.Insert(Math.Clamp(isUp ? at - 1 : at + 1, 0, ids.Count), id);
            for (var position = 0; position < ids.Count; position++)
            {
                var moved = ids[position];
                await db.Categories.Where(c => c.Id == moved).ExecuteUpdateAsync(set => set.SetProperty(c => c.Position, position), ct);
            }

            await transaction.CommitAsync(ct);
            return CategoryRefusal.None;
        }

        /// <summary>Deletes a category. Its questions, and the deleted ones that can be restored into it, move to another.</summary>
        /// <param name="id">The category.</param>
        /// <param name="toId">Null if it has none of either.</param>
        /// <param name="ct">Cancels; nothing is changed.</param>
        public async Task<CategoryRefusal> DeleteCategoryAsync(long id, long? toId, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (!await db.Categories.AnyAsync(c => c.Id == id, ct) || (toId is not null && (toId == id || !await db.Categories.AnyAsync(c => c.Id == toId, ct))))
            {
                return CategoryRefusal.NotFound;
            }

            if (await db.Categories.CountAsync(ct) == 1)
            {
                return CategoryRefusal.Last;
            }

            if (toId is null && (await db.Questions.AnyAsync(q => q.CategoryId == id, ct) || await db.DeletedOfAsync(id, ct) > 0))
            {
                return CategoryRefusal.NotEmpty;
            }

            if (toId is { } to)
            {
                await db.SetAudienceOfCategoryAsync(db.Questions.Where(q => q.CategoryId == id), to, ct);
                await db.Questions.Where(q => q.CategoryId == id).ExecuteUpdateAsync(set => set.SetProperty(q => q.CategoryId, to), ct);
                await db.Database.ExecuteSqlAsync($"update DeletedRows set Json = json_set(Json, '$.CategoryId', {to}) where TableName = 'Questions' and json_extract(Json, '$.CategoryId') = {id}", ct);
            }

            await db.Categories.Where(c => c.Id == id).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            return CategoryRefusal.None;
        }

        private Task<int> DeletedOfAsync(long id, CancellationToken ct) =>
            db.Database.SqlQuery<int>($"select count(*) Value from DeletedRows where TableName = 'Questions' and json_extract(Json, '$.CategoryId') = {id}").SingleAsync(ct);

        private async Task<CategoryRefusal> FaultAsync(long? id, CategoryFields fields, CancellationToken ct)
        {
            var slug = SlugOf(fields);
            return slug.Length == 0 ? CategoryRefusal.NoSlug
                : await db.Categories.AnyAsync(c => c.Id != id && c.Name == fields.Name, ct) ? CategoryRefusal.NameTaken
                : await db.Categories.AnyAsync(c => c.Id != id && c.Slug == slug, ct) ? CategoryRefusal.SlugTaken
                : await db.IsReaderAsync(fields.Audience, ct) ? CategoryRefusal.None : CategoryRefusal.NoGroup;
        }

        private async Task<bool> IsReaderAsync(long audience, CancellationToken ct) =>
            audience is Audience.Everyone or Audience.Members || (Audience.GroupOf(audience) is { } group && await db.Groups.AnyAsync(g => g.Id == group, ct));
    }

    private static string SlugOf(CategoryFields fields) => CategoryNames.SlugOf(fields.Slug.Length > 0 ? fields.Slug : fields.Name);

    private static IOrderedQueryable<Category> Ordered(IQueryable<Category> categories) => categories.OrderBy(c => c.Position).ThenBy(c => c.Id);

    private static IQueryable<CategoryRow> Rows(IQueryable<Category> categories) => categories.Select(c => new CategoryRow(c.Id, c.Name, c.Slug, c.Description, c.Audience, c.QuestionCount));
}
