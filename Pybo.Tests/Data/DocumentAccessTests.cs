using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class DocumentAccessTests
{
    [Fact]
    public async Task A_published_document_is_found_by_everyone_and_a_closed_one_by_its_owner_only()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        Actor owner = new(site.Owner.Id, false);
        foreach (var audience in new[] { Audience.Everyone, site.Owner.Id, Audience.Members, site.Owner.Id })
        {
            Assert.Equal(1, await db.PlaceDocumentAsync(site.DocumentId, null, audience, owner, default));
            Assert.Empty(await db.CheckPassagesAsync(default));
            Assert.All(await site.SearchAsync(site.OwnerReader), hits => Assert.Single(hits));
            var visible = audience == Audience.Everyone ? 1 : 0;
            Assert.All(await site.SearchAsync(Viewer.Visitor), hits => Assert.Equal(visible, hits.Count));
            Assert.All(await site.SearchAsync(new(site.Other.Id)), hits => Assert.Equal(audience == site.Owner.Id ? 0 : 1, hits.Count));
        }
    }

    [Fact]
    public async Task Documents_take_the_audience_of_their_collection()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        Actor owner = new(site.Owner.Id, false);
        Assert.Equal(1, await db.SetCollectionAudienceAsync(site.CollectionId, Audience.Members, new(site.Owner.Id, IsAdministrator: false), default));
        Assert.All(await site.SearchAsync(new(site.Other.Id)), hits => Assert.Single(hits));
        Assert.All(await site.SearchAsync(Viewer.Visitor), Assert.Empty);
        Assert.Equal(0, await db.SetCollectionAudienceAsync(site.CollectionId, site.Other.Id, new(site.Owner.Id, IsAdministrator: false), default));

        // A second document has an audience of its own, and takes the collection's when placed in it.
        var second = await db.AddDocumentAsync("둘째.txt", "살구나무 금고의 번호", Audience.Everyone, site.Owner.Id);
        await TwoMembers.WriteAsync(site.Database, second.Id, site.ModelId, "살구나무 금고의 번호", 1);
        Assert.Equal(1, await db.PlaceDocumentAsync(second.Id, site.CollectionId, Audience.Everyone, owner, default));
        Assert.All(await site.SearchAsync(Viewer.Visitor), Assert.Empty);
        Assert.Equal(1, await db.SetCollectionAudienceAsync(site.CollectionId, Audience.Everyone, new(site.Owner.Id, IsAdministrator: false), default));
        Assert.All(await site.SearchAsync(Viewer.Visitor), hits => Assert.Equal(2, hits.Count));

        Assert.Equal(1, await db.DeleteCollectionAsync(site.CollectionId, owner, default));
        Assert.All(await site.SearchAsync(Viewer.Visitor), hits => Assert.Equal(2, hits.Count));
        Assert.Equal(2, await db.Documents.CountAsync(d => d.CollectionId == null));
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Fact]
    public async Task Publishing_a_large_collection_takes_as_many_statements_as_a_small_one()
    {
        await using var site = await TwoMembers.StartAsync();
        var few = await StatementsAsync(Audience.Members);
        await using var db = site.Database.CreateDbContext();
        for (var n = 0; n < 20; n++)
        {
            var document = await db.AddDocumentAsync($"{n}.txt", $"{n}", Audience.Members, site.Owner.Id, site.CollectionId);
            await TwoMembers.WriteAsync(site.Database, document.Id, site.ModelId, "살구나무 금고", n % TwoMembers.Dimensions);
        }

        Assert.Equal(few, await StatementsAsync(Audience.Everyone));
        Assert.Equal(21, await db.Documents.CountAsync(d => d.Audience == Audience.Everyone));
        Assert.Empty(await db.CheckPassagesAsync(default));
        Assert.Equal(few, await StatementsAsync(site.Owner.Id));
        Assert.All(await site.SearchAsync(Viewer.Visitor), Assert.Empty);

        async Task<int> StatementsAsync(long audience)
        {
            var statements = new StatementCounter();
            await using var counted = new PyboDb((DbContextOptions<PyboDb>)new DbContextOptionsBuilder<PyboDb>().UsePybo(site.Database.File).AddInterceptors(statements).Options);
            Assert.Equal(1, await counted.SetCollectionAudienceAsync(site.CollectionId, audience, new(site.Owner.Id, IsAdministrator: false), default));
            return statements.Count;
        }
    }

    /// <summary>Counts the statements that EF Core runs; vectors are written separately, a row at a time.</summary>
    private sealed class StatementCounter : DbCommandInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return ValueTask.FromResult(result);
        }
    }

    [Fact]
    public async Task A_search_is_limited_to_a_document_or_a_collection_in_both_halves()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        var documents = new List<long>();
        // More documents with the same words and the same vector than compete as candidates or neighbours: a filter applied afterwards would find none.
        for (var n = 0; n < PassageSearch.CandidatesMax + 10; n++)
        {
            var document = await db.AddDocumentAsync($"{n}.txt", $"{n}", Audience.Everyone);
            await TwoMembers.WriteAsync(site.Database, document.Id, site.ModelId, "살구나무 금고 열쇠", 0);
            documents.Add(document.Id);
        }

        var last = documents[^1];
        var shelf = (await db.EnsureCollectionAsync("서가", Audience.Everyone, default)).Id;
        await db.Documents.Where(d => d.Id == documents[3] || d.Id == last).ExecuteUpdateAsync(set => set.SetProperty(d => d.CollectionId, shelf));
        Assert.All(await site.SearchAsync(Viewer.Visitor, scope: PassageScope.Document(last)), hits => Assert.Equal(last, Assert.Single(hits).DocumentId));
        Assert.All(await site.SearchAsync(Viewer.Visitor, scope: PassageScope.Collection(shelf)),
            hits => Assert.Equal([documents[3], last], hits.Select(h => h.DocumentId!.Value).Order()));
        Assert.All(await site.SearchAsync(Viewer.Visitor, scope: PassageScope.Collection(12_345)), Assert.Empty);
    }

    [Fact]
    public async Task A_hit_contains_the_page_of_its_best_words()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var model = await db.EnsureEmbeddingModelAsync("test", "f", "folder", TwoMembers.Dimensions, default);
        var document = await db.AddDocumentAsync("세 쪽.pdf");
        // A passage that begins on page 2 and continues, past an empty page, on page 4.
        const string Text = "앞 쪽의 글이다. 뒤 쪽의 글이다.";
        DocumentPage[] pages = [Page(1, 0, 100), Page(2, 100, 10), Page(3, 110, 0), Page(4, 110, 90)];
        var passage = new NewPassage("제목", null, Text, 100, [new(0, 9, TwoMembers.Unit(0)), new(10, 9, TwoMembers.Unit(1))]) { Page = 2 };
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Document, document.Id, 0), [passage], model.Id, new("제목", 200) { Pages = pages }, default));

        Assert.Equal(2, await PageAsync((model.Id, TwoMembers.Unit(0))));
        Assert.Equal(4, await PageAsync((model.Id, TwoMembers.Unit(1))));
        Assert.Equal(2, await PageAsync(null));

        async Task<int?> PageAsync((long, ReadOnlyMemory<float>)? embedding) =>
            Assert.Single(await db.SearchPassagesAsync(new() { Terms = KoreanText.Terms("글이다"), Embedding = embedding, Viewer = Viewer.Visitor, Limit = 5 }, default)).Page;

        DocumentPage Page(int number, int start, int length) =>
            new() { DocumentId = document.Id, Number = number, Start = start, Length = length, Width = 600, Height = 800, Lines = [] };
    }

    [Fact]
    public async Task Cited_words_are_rectangles_on_their_pages()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var document = await db.AddDocumentAsync("두 쪽.pdf");
        // Lines of ten characters, twelve points apart, one point per character.
        DocumentPage[] pages = [Page(1, 0, [0, 10]), Page(2, 20, [20, 30])];
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Document, document.Id, 0),
            [new("제목", null, new string('가', 40), 0, [])], null, new("제목", 40) { Pages = pages }, default));

        var marks = await db.HighlightsAsync(document.Id, 13, 10, Viewer.Visitor, default);
        Assert.Equal([1, 2], marks.Select(m => m.Page));
        Assert.Equal(new PageBox(53, 62, 7, 10), Assert.Single(marks[0].Boxes));
        Assert.Equal(new PageBox(50, 50, 3, 10), Assert.Single(marks[1].Boxes));
        Assert.Empty(await db.HighlightsAsync(document.Id, 40, 5, Viewer.Visitor, default));
        Assert.Empty(await db.HighlightsAsync(document.Id, int.MaxValue, int.MaxValue, Viewer.Visitor, default));
        Assert.Equal(2, await db.PageAtAsync(document.Id, 25, Viewer.Visitor, default));
        Assert.Equal(1, await db.ReadingPageOfAsync(document.Id, 2, Viewer.Visitor, default));
        Assert.Null(await db.ReadingPageOfAsync(document.Id, 3, Viewer.Visitor, default));

        DocumentPage Page(int number, int start, int[] lines) => new()
        {
            DocumentId = document.Id,
            Number = number,
            Start = start,
            Length = 20,
            Width = 600,
            Height = 800,
            Lines = PageLines.Encode(start, lines.Select((at, n) => new PlacedLine(at, 10, new(50, 50 + (n * 12), 10, 10)))),
        };
    }
}
