using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class GoneSourcesMigrationTests
{
    private const string Before = "20261125193900_DocumentQueueIndex";

    [Fact]
    public async Task Citations_find_their_sources_and_gone_or_doubtful_ones_are_emptied_also_in_the_file()
    {
        const string Left = "qzxjwvk";
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync(Before);
        await db.Database.ExecuteSqlRawAsync($"""
            pragma secure_delete = off;
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0), (2, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Questions (Id, AuthorId, Title, Body, CreatedAt, ModifiedAt, Views, Revision) values
                (5, 1, '가', '글', '2026-01-01', null, 0, 0), (6, 1, '나', '글', '2026-01-01', '2026-01-05 00:00:00', 0, 0), (7, 1, '버린 것', '{Left} {Left}', '2026-01-01', null, 0, 0);
            insert into Answers (Id, QuestionId, AuthorId, Body, CreatedAt, Revision) values (7, 5, 1, '답', '2026-01-01', 0);
            insert into DocumentFiles (Id, Hash, Size) values (1, x'01', 1), (2, x'02', 1);
            insert into Documents (Id, OwnerId, FileId, Path, Title, Audience, CreatedAt, ModifiedAt, Revision, Attempts, ChunksDone, ChunksTotal, PagesRead, PageCount, Warnings, IsTruncated) values
                (3, 1, 1, 'a', 'a', 0, '2026-01-01', null, 0, 0, 0, 0, 0, 0, '', 0), (4, 2, 2, 'b', 'b', 0, '2026-01-01', null, 0, 0, 0, 0, 0, 0, '', 0);
            insert into EmbeddingModels (Id, Name, Fingerprint, Folder, Dimensions, ServingSince) values (1, 'm', 'f', 'm', 8, '2026-01-01');
            insert into Passages (Id, Kind, DocumentId, Ordinal, Title, Text, Start, Audience) values (1, 3, 3, 0, 'a', 'a', 0, 0);
            insert into Chunks (ModelId, PassageId, Start, Length, Embedding) values (1, 1, 0, 1, x'00'), (1, 1, 0, 1, x'00');
            insert into Conversations (Id, UserId, Title, CreatedAt, UpdatedAt, ScopeName) values (1, 1, '대화', '2026-01-01', '2026-01-01', '지운 문서');
            insert into Turns (Id, ConversationId, Question, Answer, State, Refused, Model, CreatedAt) values
                (1, 1, '하나', '답', 2, 0, 'extractive', '2026-01-02'), (2, 1, '둘', '답', 2, 0, 'm', '2026-01-02'), (3, 1, '셋', '답', 2, 0, 'extractive', '2026-01-02'),
                (4, 1, '넷', '답', 2, 1, 'extractive', '2026-01-02'), (5, 1, '다섯', '답', 2, 0, 'm', '2026-01-02');
            insert into Citations (TurnId, Number, Kind, DocumentId, Title, Source, Url, Snippet, Quote) values
                (1, 1, 1, null, '가', '', '/questions/5', '글', '글'), (1, 2, 2, null, '가', '', '/questions/5?answer=7#answer_7', '답', null),
                (2, 1, 3, 3, 'a', 'a', '/documents/3?passage=1#passage-1', 'a', null),
                (3, 1, 1, null, '나', '', '/questions/6', '옛글', '옛글'),
                (4, 1, 1, null, '지운 것', '', '/questions/9', '지운 글', null);
            delete from Questions where Id = 7;
            """);
        Assert.Contains(Left, await File.ReadAllTextAsync(database.File) + await ReadLogAsync(), StringComparison.Ordinal);

        await using var started = database.CreateDbContext();
        await started.StartAsync(default);
        var turns = await started.Turns.AsNoTracking().Include(t => t.Citations.OrderBy(c => c.Number)).OrderBy(t => t.Id).ToListAsync();
        Assert.Equal(["답", "답", "", "답", ""], turns.Select(t => t.Answer));
        Assert.Equal([false, true, false, false, true], turns.Select(t => t.RepeatsEarlier));
        Assert.Equal([(5L, null, null, false, true), (5L, 7L, null, false, false), (null, null, 3L, false, true), (null, null, null, true, true), ((long?)null, (long?)null, (long?)null, true, true)],
            turns.SelectMany(t => t.Citations).Select(c => (c.QuestionId, c.AnswerId, c.DocumentId, c.IsGone, c.IsGround)));
        Assert.Equal("", (await started.Conversations.SingleAsync()).ScopeName);
        Assert.Equal([2, 0], await started.Documents.OrderBy(d => d.Id).Select(d => d.Chunks).ToListAsync());
        Assert.DoesNotContain(Left, await File.ReadAllTextAsync(database.File) + await ReadLogAsync(), StringComparison.Ordinal);

        // And back, with a file that two members now share.
        await started.Database.ExecuteSqlRawAsync("update DocumentFiles set Hash = x'01'");
        await started.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(1, await started.Database.SqlQuery<int>($"select count(*) Value from DocumentFiles").SingleAsync());
        Assert.Equal(2, await started.Database.SqlQuery<int>($"select count(*) Value from sqlite_master where type = 'trigger' and tbl_name = 'Documents'").SingleAsync());

        async Task<string> ReadLogAsync() => File.Exists(database.File + "-wal") ? await File.ReadAllTextAsync(database.File + "-wal") : "";
    }
}
