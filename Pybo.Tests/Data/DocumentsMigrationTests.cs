using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class DocumentsMigrationTests
{
    private const string Before = "20261123214542_TurnFigures";

    [Fact]
    public async Task Documents_keep_their_bytes_passages_and_citations_and_can_go_back()
    {
        await using var database = new TestDatabase();
        await using var db = database.CreateDbContext();
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync(Before);
        var large = new byte[(DocumentFilePart.Bytes * 3) + 17];
        new Random(5).NextBytes(large);
        byte[][] contents = [large, "같은 글"u8.ToArray(), "같은 글"u8.ToArray(), []];
        await FillAsync(db, contents);

        await migrator.MigrateAsync();
        var documents = await db.Documents.AsNoTracking().OrderBy(d => d.Id).ToListAsync();
        Assert.Equal(["글/0.txt", "글/1.txt", "글/2.txt", "글/3.txt"], documents.Select(d => d.Path));
        Assert.All(documents, d => Assert.Equal((null, null, Audience.Members, 3), (d.OwnerId, d.CollectionId, d.Audience, d.Characters)));
        Assert.Equal(3, await db.DocumentFiles.CountAsync());
        Assert.Equal(documents[1].FileId, documents[2].FileId);
        foreach (var (document, content) in documents.Zip(contents))
        {
            var file = (await database.OpenOriginalAsync(document.Id, Viewer.AnyMember, default))!;
            using var copy = new MemoryStream();
            await file.Content.CopyToAsync(copy);
            Assert.Equal(content, copy.ToArray());
            Assert.Equal(SHA256.HashData(content), file.Hash);
        }

        Assert.Equal([1, 2, 3, 4], await db.Passages.OrderBy(p => p.Id).Select(p => p.DocumentId!.Value).ToListAsync());
        Assert.Equal([2L, null, null], await db.Citations.OrderBy(c => c.Id).Select(c => c.DocumentId).ToListAsync());
        Assert.DoesNotContain(await db.CheckPassagesAsync(default), f => f.Fault is PassageFault.OrphanedRow or PassageFault.MissingPassages or PassageFault.WrongAudience);

        // The triggers work for earlier documents.
        await db.Documents.Where(d => d.Id == 1).ExecuteDeleteAsync();
        Assert.Equal(2, await db.DocumentFiles.CountAsync());

        await migrator.MigrateAsync(Before);
        Assert.Equal([contents[1], contents[2], contents[3]], await db.Database.SqlQuery<byte[]>($"select Content Value from Documents order by Id").ToListAsync());
        Assert.Equal(3, await db.Database.SqlQuery<int>($"select count(*) Value from Passages").SingleAsync());
        await migrator.MigrateAsync();
        Assert.Equal(2, await db.DocumentFiles.CountAsync());
    }

    [Fact]
    public async Task Multi_part_bytes_and_upload_names_survive_the_downgrade()
    {
        await using var database = await TestDatabase.StartAsync();
        var member = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        var bytes = new byte[(DocumentFilePart.Bytes * 2) + 5];
        new Random(6).NextBytes(bytes);
        await db.AddDocumentAsync("가.bin", bytes, member.Id, member.Id);
        await db.AddDocumentAsync("가.bin", "다른 바이트", member.Id, member.Id);
        await db.GetService<IMigrator>().MigrateAsync(Before);
        Assert.Equal(bytes, await db.Database.SqlQuery<byte[]>($"select Content Value from Documents where Id = 1").SingleAsync());
        Assert.Equal(["uploads/1/가.bin", "uploads/2/가.bin"], await db.Database.SqlQuery<string>($"select Path Value from Documents order by Id").ToListAsync());
    }

    /// <summary>As the previous version wrote it: documents with their bytes and their text, a passage of each, and an answer that cites one of them.</summary>
    private static async Task FillAsync(PyboDb db, byte[][] contents)
    {
        for (var i = 0; i < contents.Length; i++)
        {
            await db.Database.ExecuteSqlRawAsync("""
                insert into Documents (Id, Path, Title, Audience, Hash, CreatedAt, Text, Content, Revision, IndexedAt)
                values (@id, @path, 'ㄱ', -1, @hash, '2026-01-01', '세글자', @content, 0, '2026-01-01');
                insert into Passages (Id, Kind, DocumentId, Ordinal, Title, Text, Start, Audience) values (@id, 3, @id, 0, 'ㄱ', '세글자', 0, -1);
                """,
                new SqliteParameter("@id", i + 1), new SqliteParameter("@path", string.Create(CultureInfo.InvariantCulture, $"글/{i}.txt")),
                new SqliteParameter("@hash", SHA256.HashData(contents[i])), new SqliteParameter("@content", contents[i]));
        }

        await db.Database.ExecuteSqlRawAsync("""
            insert into AspNetUsers (Id, CreatedAt, IsAdministrator, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                values (1, '2026-01-01', 0, 0, 0, 0, 0, 0);
            insert into Conversations (Id, UserId, Title, CreatedAt, UpdatedAt) values (1, 1, '대화', '2026-01-01', '2026-01-01');
            insert into Turns (Id, ConversationId, Question, Answer, State, Refused, CreatedAt) values (1, 1, '가', '답', 2, 0, '2026-01-01');
            insert into Citations (TurnId, Number, Kind, PassageId, Title, Source, Url, Snippet) values
                (1, 1, 3, null, 'ㄱ', '글/1.txt', '/documents/2?passage=77#passage-77', ''),
                (1, 2, 3, null, 'ㄱ', '글/9.txt', '/documents/99?passage=5#passage-5', ''),
                (1, 3, 1, null, 'ㄱ', '/questions/2', '/questions/2', '');
            """);
    }
}
