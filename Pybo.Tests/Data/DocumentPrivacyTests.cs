using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>A private document does not exist for anyone else: no query and no count includes it, and every refusal is that of a document that never existed.</summary>
public sealed class DocumentPrivacyTests
{
    private const long Never = 987_654;

    [Fact]
    public async Task No_query_shows_it_to_anyone_else()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        foreach (var viewer in site.Strangers)
        {
            Assert.Empty(await db.DocumentPageAsync(new(), 1, viewer, default));
            Assert.Empty(await db.DocumentPageAsync(new(CollectionId: site.CollectionId), 1, viewer, default));
            Assert.Empty(await db.DocumentPageAsync(new(IsOwn: true), 1, viewer, default));
            Assert.Null(await db.DocumentAsync(site.DocumentId, viewer, default));
            Assert.Empty(await db.DocumentStatusesAsync([site.DocumentId], viewer, default));
            Assert.Null(await site.Database.OpenOriginalAsync(site.DocumentId, viewer, default));
            Assert.Equal(0, await db.PassageCountAsync(site.DocumentId, viewer, default));
            Assert.Empty(await db.DocumentPassagesAsync(site.DocumentId, 1, viewer, default));
            Assert.Null(await db.PassagePageAsync(site.DocumentId, site.PassageId, viewer, default));
            Assert.Null(await db.ReadingPageOfAsync(site.DocumentId, 1, viewer, default));
            Assert.Empty(await db.CitedPlacesAsync(site.DocumentId, site.PassageId, ["열쇠"], viewer, default));
            Assert.Null(await db.PageAtAsync(site.DocumentId, 0, viewer, default));
            Assert.Empty(await db.HighlightsAsync(site.DocumentId, 0, 10, viewer, default));
            Assert.Empty(await db.CollectionsAsync(viewer, default));
            Assert.Null(await db.CollectionAsync(site.CollectionId, viewer, default));
            Assert.Null(await db.ScopeNameAsync(PassageScope.Document(site.DocumentId), viewer, default));
            Assert.Null(await db.ScopeNameAsync(PassageScope.Collection(site.CollectionId), viewer, default));
        }
    }

    [Fact]
    public async Task No_search_in_any_scope_finds_it_for_anyone_else()
    {
        await using var site = await TwoMembers.StartAsync();
        PassageScope?[] scopes = [null, PassageScope.Document(site.DocumentId), PassageScope.Collection(site.CollectionId)];
        foreach (var scope in scopes)
        {
            Assert.All(await site.SearchAsync(site.OwnerReader, scope: scope), hits => Assert.Equal(site.PassageId, Assert.Single(hits).Id));
            foreach (var viewer in site.Strangers)
            {
                Assert.All(await site.SearchAsync(viewer, scope: scope), Assert.Empty);
            }
        }
    }

    [Fact]
    public async Task Word_counts_do_not_reveal_it()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        var open = await db.AddDocumentAsync("열린.txt", "창고의 열쇠", Audience.Members);
        await TwoMembers.WriteAsync(site.Database, open.Id, site.ModelId, "창고의 열쇠", 1);
        var terms = KoreanText.Terms("살구나무 창고 열쇠 \"따옴표").ToList();
        var own = await CountsAsync(site.OwnerReader);
        Assert.Equal((1, 1, 2), (own["살구"], own["창고"], own["열쇠"]));
        var before = await Task.WhenAll(site.Strangers.Select(CountsAsync));
        Assert.Empty(before[0]);
        Assert.Equal(["열쇠", "창고"], before[^1].Keys.Intersect(["살구", "열쇠", "창고"]).Order(StringComparer.Ordinal));
        await db.DeleteDocumentAsync(site.DocumentId, new(site.Owner.Id, false), default);
        Assert.Equal(await Task.WhenAll(site.Strangers.Select(CountsAsync)), before);

        async Task<IReadOnlyDictionary<string, long>> CountsAsync(Viewer viewer)
        {
            await using var fresh = site.Database.CreateDbContext();
            return (await fresh.TermStatisticsAsync(terms, viewer, default)).PassageCounts;
        }
    }

    [Fact]
    public async Task Its_owner_sees_all_of_it()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        var viewer = site.OwnerReader;
        var row = Assert.Single(await db.DocumentPageAsync(new(IsOwn: true, CollectionId: site.CollectionId), 1, viewer, default));
        Assert.Equal(("비밀 문서", "비밀 모음", "텍스트", 1, DocumentState.Ready), (row.Title, row.Collection, row.Format, row.PageCount, row.Progress.State));
        Assert.Equal(1, await db.PassageCountAsync(site.DocumentId, viewer, default));
        // The space before the word is not part of the quotation.
        Assert.Equal([new CitedPlace(9, 1, 1)], await db.CitedPlacesAsync(site.DocumentId, site.PassageId, [TwoMembers.Secret.Substring(8, 2)], viewer, default));
        Assert.Equal(new PageBox(130, 100, 20, 12), Assert.Single(Assert.Single(await db.HighlightsAsync(site.DocumentId, 8, 2, viewer, default)).Boxes));
        await using var content = (await site.Database.OpenOriginalAsync(site.DocumentId, viewer, default))!.Content;
        Assert.Equal(TwoMembers.Secret, await new StreamReader(content).ReadToEndAsync());
        Assert.Equal(1, Assert.Single(await db.CollectionsAsync(viewer, default)).Documents);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_its_owner_changes_it_and_others_are_refused_as_if_it_never_existed(bool isAdministrator)
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexError, "읽지 못했습니다."));
        var before = await db.Documents.AsNoTracking().SingleAsync();
        Actor stranger = new(site.Other.Id, isAdministrator);
        var (own, _) = await db.CreateCollectionAsync(site.Other.Id, "내 모음", Audience.Everyone, default);
        foreach (var id in new[] { site.DocumentId, Never })
        {
            Assert.Equal(0, await db.RetryDocumentAsync(id, stranger, default));
            Assert.Equal(0, await db.ReindexDocumentAsync(id, stranger, default));
            Assert.Equal(0, await db.DeleteDocumentAsync(id, stranger, default));
            Assert.Equal(0, await db.PlaceDocumentAsync(id, null, Audience.Everyone, stranger, default));
            Assert.Equal(0, await db.PlaceDocumentAsync(id, own, Audience.Everyone, stranger, default));
            Assert.Equal(TurnRefusal.ScopeNotFound, (await db.StartConversationAsync(site.Other.Id, "열쇠는?", default, PassageScope.Document(id))).Refusal);
        }

        foreach (var id in new[] { site.CollectionId, Never })
        {
            Assert.Equal(0, await db.SetCollectionAudienceAsync(id, Audience.Everyone, stranger, default));
            Assert.Equal(0, await db.DeleteCollectionAsync(id, stranger, default));
            Assert.Equal(CollectionRefusal.NotFound, await db.RenameCollectionAsync(id, stranger, "새 이름", default));
            Assert.Equal(UploadRefusal.NoCollection, (await db.UploadAsync(new(site.Other.Id, "가.txt", Audience.Everyone, id), new MemoryStream([1]), 100, default)).Refusal);
            Assert.Equal(TurnRefusal.ScopeNotFound, (await db.StartConversationAsync(site.Other.Id, "열쇠는?", default, PassageScope.Collection(id))).Refusal);
        }

        // Even the same bytes reveal nothing: another member's copy is a separate document.
        using var same = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(TwoMembers.Secret));
        var upload = await db.UploadAsync(new(site.Other.Id, "가.txt", site.Other.Id), same, 1_000, default);
        Assert.True(upload.IsNew);
        Assert.NotEqual(site.DocumentId, upload.DocumentId);

        await using var after = site.Database.CreateDbContext();
        var now = await after.Documents.AsNoTracking().SingleAsync(d => d.Id == site.DocumentId);
        Assert.Equal((before.Audience, before.CollectionId, before.IndexError, before.Revision), (now.Audience, now.CollectionId, now.IndexError, now.Revision));
        Assert.Empty(await after.Conversations.ToListAsync());
    }

    [Fact]
    public async Task An_administrator_deletes_documents_that_others_may_read_and_changes_those_from_the_command_line()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        Actor administrator = new(site.Other.Id, IsAdministrator: true);
        var folder = await db.AddDocumentAsync("글/가.txt", "가");
        var open = await db.AddDocumentAsync("나.txt", "나", Audience.Members, site.Owner.Id);
        Assert.Equal(0, await db.ReindexDocumentAsync(open.Id, administrator, default));
        Assert.Equal(1, await db.DeleteDocumentAsync(open.Id, administrator, default));
        Assert.Equal(1, await db.ReindexDocumentAsync(folder.Id, administrator, default));
        Assert.Equal(0, await db.PlaceDocumentAsync(folder.Id, null, administrator.UserId, administrator, default));
        Assert.Equal(1, await db.PlaceDocumentAsync(folder.Id, null, Audience.Members, administrator, default));
        Assert.Equal(0, await db.DeleteDocumentAsync(folder.Id, new(site.Owner.Id, false), default));
        Assert.Equal(1, await db.DeleteDocumentAsync(folder.Id, administrator, default));
    }
}
