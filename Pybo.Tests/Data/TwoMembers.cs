using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>A site with two members; one has a private document in a private collection, indexed with words, vectors and pages.</summary>
internal sealed class TwoMembers : IAsyncDisposable
{
    public const int Dimensions = 8;
    public const string Secret = "살구나무 금고의 열쇠는 부엌에 있다.";

    public required TestDatabase Database { get; init; }
    public required User Owner { get; init; }
    public required User Other { get; init; }
    public required long ModelId { get; init; }
    public required long CollectionId { get; init; }
    public required long DocumentId { get; init; }
    public required long PassageId { get; init; }

    public Viewer OwnerReader => new(Owner.Id);

    /// <summary>All readers who may not see it: a visitor, the command line, another member, and an administrator, who is just another member here.</summary>
    public Viewer[] Strangers => [Viewer.Visitor, Viewer.AnyMember, new(Other.Id)];

    public static async Task<TwoMembers> StartAsync()
    {
        var database = await TestDatabase.StartAsync();
        var (owner, other) = (await database.AddUserAsync("가나다"), await database.AddUserAsync("라마바"));
        await using var db = database.CreateDbContext();
        var model = await db.EnsureEmbeddingModelAsync("test", "f", "folder", Dimensions, default);
        var (collection, _) = await db.CreateCollectionAsync(owner.Id, "비밀 모음", owner.Id, default);
        var document = await db.AddDocumentAsync("비밀.txt", Secret, owner.Id, owner.Id, collection, title: "비밀 문서");
        var passages = await WriteAsync(database, document.Id, model.Id, Secret, 0);
        return new() { Database = database, Owner = owner, Other = other, ModelId = model.Id, CollectionId = collection, DocumentId = document.Id, PassageId = passages };
    }

    /// <summary>Indexes a document as one passage with one chunk and one page; its vector is a unit vector along an axis.</summary>
    public static async Task<long> WriteAsync(TestDatabase database, long documentId, long modelId, string text, int axis)
    {
        await using var db = database.CreateDbContext();
        var row = await db.Documents.AsNoTracking().SingleAsync(d => d.Id == documentId);
        DocumentPage page = new()
        {
            DocumentId = documentId,
            Number = 1,
            Start = 0,
            Length = text.Length,
            Width = 600,
            Height = 800,
            Lines = PageLines.Encode(0, [new(0, text.Length, new(50, 100, 10 * text.Length, 12))]),
        };
        var passage = new NewPassage(row.Title, null, text, 0, [new(0, text.Length, Unit(axis))]) { Page = 1 };
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Document, documentId, row.Revision), [passage], modelId,
            new(row.Title, text.Length) { Format = "텍스트", Pages = [page] }, default));
        return await db.Passages.Where(p => p.DocumentId == documentId).Select(p => p.Id).SingleAsync();
    }

    public static ReadOnlyMemory<float> Unit(int axis)
    {
        var vector = new float[Dimensions];
        vector[axis] = 1;
        return vector;
    }

    /// <summary>The hits by words, by meaning, and by both.</summary>
    public async Task<List<PassageHit>[]> SearchAsync(Viewer viewer, string words = "살구나무 금고", PassageScope? scope = null)
    {
        await using var db = Database.CreateDbContext();
        var byWords = new PassageQuery { Terms = KoreanText.Terms(words), Viewer = viewer, Limit = 10, Scope = scope };
        return
        [
            await db.SearchPassagesAsync(byWords, default),
            await db.SearchPassagesAsync(byWords with { Terms = [], Embedding = (ModelId, Unit(0)) }, default),
            await db.SearchPassagesAsync(byWords with { Embedding = (ModelId, Unit(0)), Kind = PassageKind.Document }, default),
        ];
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
