using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Categories;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Admin;

/// <summary>The categories of the board and their readers.</summary>
[Authorize(Roles = Member.AdministratorRole)]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Categories(PyboDb db) : PageModel
{
    private const string Path = "/admin/categories";

    public IReadOnlyList<CategoryRow> All { get; private set; } = [];
    public IReadOnlyList<GroupRow> Groups { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        All = await db.CategoriesAsync(new(User.MemberId), ct);
        Groups = await db.GroupsAsync(ct);
    }

    public Task<IActionResult> OnPostAddAsync([FromForm] Form input, CancellationToken ct) => SaveAsync(input, fields => db.AddCategoryAsync(fields, ct), AdminWords.CategoryAdded);

    public Task<IActionResult> OnPostEditAsync([FromForm] long id, [FromForm] Form input, CancellationToken ct) =>
        SaveAsync(input, fields => db.EditCategoryAsync(id, fields, ct), AdminWords.CategoryChanged);

    public async Task<IActionResult> OnPostMoveAsync([FromForm] long id, [FromForm] bool up, CancellationToken ct) => Told(await db.MoveCategoryAsync(id, up, ct), AdminWords.CategoryChanged);

    public async Task<IActionResult> OnPostDeleteAsync([FromForm] long id, [FromForm] long? to, CancellationToken ct) =>
        Told(ModelState.IsValid ? await db.DeleteCategoryAsync(id, to, ct) : CategoryRefusal.NotFound, AdminWords.CategoryDeleted);

    /// <summary>The form of a category for a new one, or null, and one for each: the model of <c>_CategoryForm</c>.</summary>
    public CategoryFormView FormOf(CategoryRow? category) => new(category, CategoryReaders.Choices(Groups));

    private async Task<IActionResult> SaveAsync(Form input, Func<CategoryFields, Task<CategoryRefusal>> save, string done)
    {
        if (!ModelState.IsValid)
        {
            return this.Refuse(AdminWords.CategoryWrong.With(Category.NameMax, Category.SlugMax, Category.DescriptionMax), Path);
        }

        return Told(CategoryReaders.AudienceOf(input.Readers) is { } audience
            ? await save(new(input.Name!, input.Slug ?? "", input.Description ?? "", audience)) : CategoryRefusal.NoGroup, done);
    }

    private LocalRedirectResult Told(CategoryRefusal refusal, string done) => refusal == CategoryRefusal.None ? this.Done(done, Path) : this.Refuse(refusal switch
    {
        CategoryRefusal.TooMany => AdminWords.CategoriesFull.With(Category.CountMax),
        CategoryRefusal.NameTaken => AdminWords.CategoryNameTaken,
        CategoryRefusal.SlugTaken => AdminWords.CategorySlugTaken,
        CategoryRefusal.NoSlug => AdminWords.CategoryNoSlug,
        CategoryRefusal.NoGroup => AdminWords.CategoryNoGroup,
        CategoryRefusal.NotEmpty => AdminWords.CategoryNotEmpty,
        CategoryRefusal.Last => AdminWords.CategoryLast,
        _ => AdminWords.CategoryNotFound,
    }, Path);

    public sealed class Form
    {
        [Required, StringLength(Category.NameMax)]
        public string? Name { get; set => field = FormText.Line(value); }

        [StringLength(Category.SlugMax)]
        public string? Slug { get; set => field = FormText.Line(value); }

        [StringLength(Category.DescriptionMax)]
        public string? Description { get; set => field = FormText.Lines(value).Trim(); }

        public string? Readers { get; set; }
    }
}

/// <summary>The fields of a category in a form.</summary>
/// <param name="Category">Null for a new one.</param>
public sealed record CategoryFormView(CategoryRow? Category, IEnumerable<(string Value, string Label, long Audience)> Readers)
{
    public string IdOf(string field) => $"{field}-{(Category is { Id: var id } ? id.ToString(System.Globalization.CultureInfo.InvariantCulture) : "new")}";
}
