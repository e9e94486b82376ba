using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Images;

namespace Pybo.Tests.Data;

public sealed class UnusedImagesTests
{
    private const double Old = 24.1;
    private const double New = 23.9;

    [Fact]
    public async Task A_day_after_its_upload_an_image_that_no_text_refers_to_is_deleted()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        var owner = await db.Users.Select(u => u.Id).SingleAsync();
        var (asked, answered, commented, unused, fresh) = (Image(Old), Image(Old), Image(Old), Image(Old), Image(New));
        db.Images.AddRange(asked, answered, commented, unused, fresh);
        await db.SaveChangesAsync();
        var question = await db.AskAsync(owner, "그림", $"글 ![가]({asked.Address})", default);
        var answer = await db.AnswerAsync(question, owner, $"[나](http://example.com{answered.Address})", default);
        await db.CommentAsync(CommentedPost.Answer(answer!.Value), owner, $"{commented.Address} 참고", default);

        Assert.Equal(1, await PurgeAsync(site));
        Assert.Equal(new[] { asked, answered, commented, fresh }.Select(i => i.Name).Order(), await NamesAsync(site));

        // The version before still shows it.
        await db.EditQuestionAsync(question, owner, "그림", "그림을 뺐다", default);
        Assert.Equal(0, await PurgeAsync(site));
        await db.PostRevisions.ExecuteDeleteAsync();
        Assert.Equal(1, await PurgeAsync(site));
        Assert.DoesNotContain(asked.Name, await NamesAsync(site));

        // A deleted post can be restored.
        var actor = new Actor(owner, IsAdministrator: true);
        await db.DeleteQuestionAsync(question, actor, default);
        Assert.Equal(0, await PurgeAsync(site));
        await db.ErasePostAsync(PassageKind.Question, question, default);
        Assert.Equal(2, await PurgeAsync(site));

        Image Image(double hoursAgo) => ImageTests.Stored(owner, 1, hoursAgo);
    }

    [Fact]
    public async Task More_images_than_fit_one_transaction_are_deleted()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        var owner = await db.Users.Select(u => u.Id).SingleAsync();
        db.Images.AddRange(Enumerable.Range(0, ImageQueries.PurgedAtOnceMax + 1).Select(_ => ImageTests.Stored(owner, 1, Old)));
        await db.SaveChangesAsync();
        Assert.Equal(ImageQueries.PurgedAtOnceMax + 1, await PurgeAsync(site));
        Assert.Empty(await NamesAsync(site));
    }

    [Theory]
    [InlineData("Questions")]
    [InlineData("Answers")]
    [InlineData("Comments")]
    [InlineData("PostRevisions")]
    [InlineData("DeletedRows")]
    public async Task Texts_with_images_are_found_by_an_index(string table)
    {
        await using var site = new PyboSite();
        await using var db = site.CreateDbContext();
        var query = (table switch
        {
            "Questions" => db.Questions.Where(q => q.Body.Contains(Pybo.Data.Image.AddressStart)).Select(q => q.Body),
            "Answers" => db.Answers.Where(a => a.Body.Contains(Pybo.Data.Image.AddressStart)).Select(a => a.Body),
            "DeletedRows" => db.DeletedRows.Where(r => r.Json.Contains(Pybo.Data.Image.AddressStart)).Select(r => r.Json),
            "PostRevisions" => db.PostRevisions.Where(r => r.Body.Contains(Pybo.Data.Image.AddressStart)).Select(r => r.Body),
            _ => db.Comments.Where(c => c.Body.Contains(Pybo.Data.Image.AddressStart)).Select(c => c.Body),
        }).ToQueryString();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // EF Core's own query.
        command.CommandText = "explain query plan " + query;
#pragma warning restore CA2100
        await using var plan = await command.ExecuteReaderAsync();
        Assert.True(await plan.ReadAsync());
        Assert.Contains($"IX_{table}_WithImages", plan.GetString(3), StringComparison.Ordinal);
    }

    private static Task<int> PurgeAsync(PyboSite site) => site.Services.GetRequiredService<UnusedImagesWorker>().PurgeAsync(default);

    private static async Task<List<string>> NamesAsync(PyboSite site)
    {
        await using var db = site.CreateDbContext();
        return await db.Images.Select(i => i.Name).Order().ToListAsync();
    }
}
