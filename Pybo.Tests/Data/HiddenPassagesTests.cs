using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Data;

/// <summary>
/// Two sites are equal in everything that a viewer may see, but one also holds passages that the viewer may not see: each search finds the same in both,
/// with bit-identical scores, and each judgement is the same.
/// </summary>
public sealed class HiddenPassagesTests
{
    private const int Dimensions = 64;
    private const int Passages = 160;
    private const int Queries = 60;
    private const long Reader1 = 1;
    private const long Reader2 = 2;

    /// <summary>Few enough words that each is common in some passages, and enough that some are rare; each Latin word is one term.</summary>
    private static readonly string[] Vocabulary =
    [
        .. Enumerable.Range(0, 60).Select(n => $"{(char)('a' + (n % 26))}word{(char)('a' + (n / 26))}"),
        "도서관", "회의록", "승강기", "개관식", "책", "책을", "서버에서", "데이터베이스", "node.js", "C#", "漢字", "ㅋㅋㅋ", "2024년", "\"따옴표\"",
    ];

    public static TheoryData<int, long?> Cases => new()
    {
        { 1, null }, { 2, null }, { 3, Reader1 }, { 4, Reader1 }, { 5, Reader2 }, { 6, 0 }, { 7, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Hidden_passages_change_neither_hits_nor_scores_nor_judgements(int seed, long? readerId)
    {
        var viewer = new Viewer(readerId);
        await using var all = await Site.StartAsync();
        await using var visible = await Site.StartAsync();
        await FillAsync(all, visible, viewer, new Random(seed));
        await using var withHidden = all.Database.CreateDbContext();
        await using var without = visible.Database.CreateDbContext();
        var random = new Random(seed + 100);
        var (found, hidden) = (0, 0);
        for (var n = 0; n < Queries; n++)
        {
            var query = Query(random, viewer, all.ModelId);
            var hits = await withHidden.SearchPassagesAsync(query, default);
            var expected = await without.SearchPassagesAsync(query, default);
            Assert.Equal(expected.Select(Seen), hits.Select(Seen));
            var statistics = await withHidden.TermStatisticsAsync(query.Terms, viewer, default);
            var counted = await without.TermStatisticsAsync(query.Terms, viewer, default);
            Assert.Equal(counted.Passages, statistics.Passages);
            Assert.Equal(counted.PassageCounts.OrderBy(c => c.Key, StringComparer.Ordinal), statistics.PassageCounts.OrderBy(c => c.Key, StringComparer.Ordinal));
            Assert.Equal(Relevance.Of(expected, Sources.Retrieval("", [.. query.Terms], counted)), Relevance.Of(hits, Sources.Retrieval("", [.. query.Terms], statistics)));
            found += hits.Count;
            hidden += (await withHidden.SearchPassagesAsync(query with { Viewer = new(Owner(viewer)) }, default)).Count(h => h.Title.StartsWith("hidden", StringComparison.Ordinal));
        }

        // The queries find passages, and a permitted viewer would find the hidden ones.
        Assert.True(found > Queries && hidden > Queries, $"{found} {hidden}");
    }

    [Fact]
    public async Task Hidden_neighbours_do_not_crowd_out_readable_ones()
    {
        await using var site = await Site.StartAsync();
        var question = Vector(new Random(9));
        for (var n = 0; n < PassageSearch.NeighboursMax * 4; n++)
        {
            await site.AddAsync(Reader2, $"hidden {n}", "숨은 글", question);
        }

        await site.AddAsync(Audience.Everyone, "far", "먼 글", Vector(new Random(10)));
        await using var db = site.Database.CreateDbContext();
        var query = new PassageQuery { Terms = [], Embedding = (site.ModelId, question), Viewer = Viewer.Visitor, Limit = 10 };
        Assert.Equal("far", Assert.Single(await db.SearchPassagesAsync(query, default)).Title);
    }

    [Fact]
    public async Task A_document_counts_for_no_reader_while_it_is_written_and_then_for_its_readers()
    {
        await using var site = await Site.StartAsync();
        await using var db = site.Database.CreateDbContext();
        var document = await db.AddDocumentAsync("긴글.txt", "긴 글", Reader1, Reader1);
        var writer = new PassageWriter(site.Database);
        SourceKey key = new(PassageKind.Document, document.Id, document.Revision);
        Assert.True(await writer.StageAsync(key, 0, [Passage("앞부분 열쇠말", 0)], site.ModelId, DateTime.UtcNow, default));
        Viewer[] readers = [Viewer.Visitor, Viewer.AnyMember, new(Reader1), new(Reader2)];
        Assert.All(await Task.WhenAll(readers.Select(CountAsync)), counted => Assert.Equal((0, 0), counted));
        Assert.Empty(await db.CheckPassagesAsync(default));

        Assert.True(await writer.ReplaceAsync(key, [Passage("뒷부분 열쇠말", 10)], site.ModelId, new("긴 글", 20), default, staged: 1));
        Assert.Equal([(0, 0), (0, 0), (2, 2), (0, 0)], await Task.WhenAll(readers.Select(CountAsync)));
        Assert.Empty(await db.CheckPassagesAsync(default));

        static NewPassage Passage(string text, int start) => new("긴 글", null, text, start, [new(0, text.Length, Vector(new Random(1)))]);

        async Task<(long, long)> CountAsync(Viewer viewer)
        {
            await using var fresh = site.Database.CreateDbContext();
            var statistics = await fresh.TermStatisticsAsync(["열쇠"], viewer, default);
            return (statistics.Passages, statistics.PassageCounts.GetValueOrDefault("열쇠"));
        }
    }

    [Fact]
    public async Task Words_follow_their_document_from_audience_to_audience()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        Actor owner = new(site.Owner.Id, false);
        Viewer[] readers = [Viewer.Visitor, Viewer.AnyMember, new(site.Other.Id), site.OwnerReader];
        Assert.Equal([false, false, false, true], await FindersAsync());
        Assert.Equal(1, await db.SetCollectionAudienceAsync(site.CollectionId, Audience.Members, owner, default));
        Assert.Equal([false, true, true, true], await FindersAsync());
        Assert.Equal(1, await db.PlaceDocumentAsync(site.DocumentId, null, Audience.Everyone, owner, default));
        Assert.Equal([true, true, true, true], await FindersAsync());
        Assert.Equal(1, await db.PlaceDocumentAsync(site.DocumentId, null, owner.UserId, owner, default));
        Assert.Equal([false, false, false, true], await FindersAsync());

        async Task<List<bool>> FindersAsync()
        {
            Assert.DoesNotContain(await db.CheckPassagesAsync(default), f => f.Fault is PassageFault.WrongWords or PassageFault.MissingWords or PassageFault.StrayWords or PassageFault.WrongCounter);
            var finders = new List<bool>();
            foreach (var viewer in readers)
            {
                var found = (await site.SearchAsync(viewer))[0].Count == 1;
                var statistics = await db.TermStatisticsAsync(["살구"], viewer, default);
                Assert.Equal(found ? (1, 1) : (0, 0), (statistics.Passages, statistics.PassageCounts.GetValueOrDefault("살구")));
                finders.Add(found);
            }

            return finders;
        }
    }

    /// <summary>Writes the viewer's passages into both sites in the same order, and others' passages between them into one site.</summary>
    private static async Task FillAsync(Site all, Site visible, Viewer viewer, Random random)
    {
        var (everyone, members, own) = viewer.Audiences;
        long[] readable = [.. new[] { everyone, members, own }.Distinct()];
        long[] closed = [.. new[] { Audience.Members, Reader1, Reader2, 3 }.Except(readable)];
        for (var n = 0; n < Passages; n++)
        {
            var isHidden = random.Next(3) == 0;
            var audience = isHidden ? closed[random.Next(closed.Length)] : readable[random.Next(readable.Length)];
            var (title, text, vector) = ($"{(isHidden ? "hidden" : "seen")} {n} {Word(random)}", Text(random), Vector(random));
            await all.AddAsync(audience, title, text, vector);
            if (!isHidden)
            {
                await visible.AddAsync(audience, title, text, vector);
            }
        }
    }

    private static PassageQuery Query(Random random, Viewer viewer, long modelId) => new()
    {
        Terms = [.. Enumerable.Range(0, random.Next(1, 30)).SelectMany(_ => KoreanText.Terms(Word(random))).Distinct()],
        Embedding = random.Next(2) == 0 ? (modelId, Vector(random)) : null,
        Viewer = viewer,
        Kind = random.Next(3) == 0 ? PassageKind.Document : null,
        Limit = random.Next(1, 40),
    };

    /// <summary>The parts of a hit that a viewer sees; its id would depend on the passages written before.</summary>
    private static (string, string, double, double?, double) Seen(PassageHit hit) => (hit.Title, hit.Text, hit.Words, hit.Cosine, hit.Score);

    /// <summary>A user who may read hidden passages.</summary>
    private static long Owner(Viewer viewer) => viewer.UserId == Reader2 ? Reader1 : Reader2;

    private static string Text(Random random) => string.Join(' ', Enumerable.Range(0, random.Next(3, 40)).Select(_ => Word(random)));

    /// <summary>The first words of the vocabulary are the most common.</summary>
    private static string Word(Random random) => Vocabulary[(int)(Vocabulary.Length * Math.Pow(random.NextDouble(), 2))];

    private static float[] Vector(Random random)
    {
        var vector = Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var length = MathF.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v / length)];
    }

    private sealed class Site : IAsyncDisposable
    {
        public required TestDatabase Database { get; init; }
        public required long ModelId { get; init; }

        public static async Task<Site> StartAsync()
        {
            var database = await TestDatabase.StartAsync();
            foreach (var name in new[] { "가나다", "라마바", "사아자" })
            {
                await database.AddUserAsync(name);
            }

            await using var db = database.CreateDbContext();
            return new() { Database = database, ModelId = (await db.EnsureEmbeddingModelAsync("test", "f", "folder", Dimensions, default)).Id };
        }

        public async Task AddAsync(long audience, string title, string text, ReadOnlyMemory<float> vector)
        {
            await using var db = Database.CreateDbContext();
            var document = await db.AddDocumentAsync($"{title}.txt", title, audience, audience > 0 ? audience : null, title: title);
            Assert.True(await new PassageWriter(Database).ReplaceAsync(new(PassageKind.Document, document.Id, 0), [new(title, null, text, 0, [new(0, text.Length, vector)])], ModelId, null, default));
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
