using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class PassageCheckTests
{
    private const int Dimensions = 8;

    [Fact]
    public async Task The_writers_output_is_consistent()
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        Assert.Empty(await db.CheckPassagesAsync(default));
        Assert.Empty(await db.MendPassagesAsync(default));
    }

    [Theory]
    [InlineData("delete from PassageWords where rowid = 1", PassageFault.MissingWords)]
    [InlineData("insert into PassageWords(rowid, Title, Body) values (99, '가나', '다라')", PassageFault.StrayWords)]
    [InlineData("update PassageWords_data set block = zeroblob(length(block)) where id > 10", PassageFault.BrokenWords)]
    [InlineData("update Documents set Audience = -1; update Passages set Audience = -1 where DocumentId = 1", PassageFault.WrongWords)]
    [InlineData("insert or replace into PassageWords(rowid, Title, Body) values (1, '가나', '다라')", PassageFault.WrongWords)]
    [InlineData("delete from ChunkBits_1 where Id = 1", PassageFault.MissingVectors)]
    [InlineData("insert into ChunkBits_1(Id, Bits, Kind, Audience) values (99, vec_bit(x'0f'), 1, 0)", PassageFault.StrayVectors)]
    [InlineData("update ChunkBits_1 set Audience = -1 where Id = 1", PassageFault.WrongVectors)]
    [InlineData("update Chunks set Embedding = x'000000000000000000000000000000000000000000000000000000000000803f' where Id = 1", PassageFault.WrongVectors)]
    [InlineData("drop table ChunkBits_1", PassageFault.MissingVectorTable)]
    [InlineData("drop trigger ChunkBits_1_deleted", PassageFault.MissingVectorTable)]
    [InlineData("update Passages set Audience = -1 where Id = 1", PassageFault.WrongAudience)]
    [InlineData("update PassageTotals set Passages = 7", PassageFault.WrongCounter)]
    [InlineData("update PassageTotals set Terms = 7", PassageFault.WrongCounter)]
    [InlineData("delete from PassageTotals", PassageFault.WrongCounter)]
    [InlineData("insert into PassageTotals(Audience, Passages, Terms) values (9, 1, 1)", PassageFault.WrongCounter)]
    [InlineData("delete from Passages where CommentId is not null", PassageFault.MissingPassages)]
    [InlineData("delete from Comments", PassageFault.OrphanedRow)]
    [InlineData("update Passages set TermCount = 99 where Id = 1", PassageFault.WrongCounter)]
    [InlineData("delete from Counters where Name = 'questions'", PassageFault.WrongCounter)]
    [InlineData("update Questions set AnswerCount = 0", PassageFault.WrongAnswerCount)]
    [InlineData("update Questions set VoteCount = 9", PassageFault.WrongVoteCount)]
    [InlineData("update Answers set VoteCount = 9", PassageFault.WrongVoteCount)]
    [InlineData("update AspNetUsers set Reputation = 9", PassageFault.WrongReputation)]
    [InlineData("delete from Questions where Id = 1", PassageFault.OrphanedRow)]
    [InlineData("delete from EmbeddingModels", PassageFault.OrphanedRow)]
    [InlineData("update Passages set DocumentId = null where DocumentId is not null", PassageFault.OrphanedRow)]
    [InlineData("insert into DocumentFiles(Hash, Size) values (x'01', 0)", PassageFault.OrphanedRow)]
    [InlineData("delete from DocumentFiles", PassageFault.OrphanedRow)]
    [InlineData("insert into DocumentFileParts(FileId, Number, Content) values (99, 0, x'01')", PassageFault.OrphanedRow)]
    [InlineData("insert into Passages(Kind, DocumentId, Ordinal, Title, Text, Start, Audience) values (3, 1, 2, '', '', 0, -2)", PassageFault.OrphanedRow)]
    [InlineData("insert into Collections(Id, Name, Audience, CreatedAt) values (1, '모음', -1, '2026-01-01'); update Documents set CollectionId = 1", PassageFault.WrongAudience)]
    public async Task Damage_is_found_and_repaired(string damage, PassageFault fault)
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        await DamageAsync(db, damage);

        Assert.Contains(await db.CheckPassagesAsync(default), f => f.Fault == fault && f.Count > 0);
        Assert.Contains(await db.MendPassagesAsync(default), f => f.Fault == fault);
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Theory]
    [InlineData("delete from PassageWords where rowid = 1")]
    [InlineData("update PassageWords_data set block = zeroblob(length(block)) where id > 10")]
    public async Task Repaired_words_are_found_again(string damage)
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        await DamageAsync(db, damage);
        await db.MendPassagesAsync(default);
        var hits = await db.SearchPassagesAsync(new PassageQuery { Terms = KoreanText.Terms("블루프린트"), Viewer = Viewer.Visitor, Limit = 10 }, default);
        Assert.Equal(1, Assert.Single(hits).QuestionId);
    }

    [Theory]
    [InlineData("delete from Chunks where Id = 1", PassageFault.MissingChunks)]
    [InlineData("update Chunks set Length = 1 where Id = 1", PassageFault.IncompleteChunks)]
    [InlineData("update Chunks set Embedding = x'00' where Id = 1", PassageFault.IncompleteChunks)]
    public async Task Incomplete_chunks_are_left_to_the_indexer(string damage, PassageFault fault)
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        var model = await db.EmbeddingModels.Select(m => m.Id).SingleAsync();
        await DamageAsync(db, damage);

        Assert.Contains(await db.MendPassagesAsync(default), f => f.Fault == fault);
        Assert.Equal(new FaultCount(PassageFault.MissingChunks, 1), Assert.Single(await db.CheckPassagesAsync(default)));
        Assert.Single(await db.PendingPassagesAsync(model, 0, 10, default));
    }

    [Theory]
    [InlineData("delete from Passages where Kind = 1")]
    [InlineData("update Passages set Ordinal = 3 where Kind = 1")]
    public async Task A_source_without_its_passages_is_requeued(string damage)
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        await DamageAsync(db, damage);

        Assert.Contains(new FaultCount(PassageFault.MissingPassages, 1), await db.MendPassagesAsync(default));
        Assert.Empty(await db.CheckPassagesAsync(default));
        Assert.Equal(PassageKind.Question, Assert.Single(await db.PendingPostsAsync(10, default)).Key.Kind);
    }

    [Fact]
    public async Task A_damaged_file_is_refused_with_a_message()
    {
        await using var database = await FilledAsync();
        await using (var db = database.CreateDbContext())
        {
            await db.Database.ExecuteSqlRawAsync("pragma wal_checkpoint(truncate)");
        }

        var page = new byte[4096];
        Array.Fill<byte>(page, 0x5a);
        await using (var file = File.OpenWrite(database.File))
        {
            // The last pages hold rows and indexes; the first ones hold the schema, without which the file does not open.
            file.Position = file.Length - (4 * page.Length);
            for (var i = 0; i < 4; i++)
            {
                await file.WriteAsync(page);
            }
        }

        await using var damaged = database.CreateDbContext();
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => damaged.CheckPassagesAsync(default));
        Assert.Contains("손상", refused.Said(), StringComparison.Ordinal);
    }

    /// <summary>As another program or a bug of ours might: without foreign keys.</summary>
    private static async Task DamageAsync(PyboDb db, string sql)
    {
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("pragma foreign_keys = off");
        await db.Database.ExecuteSqlRawAsync(sql);
        await db.Database.ExecuteSqlRawAsync("pragma foreign_keys = on");
        await db.Database.CloseConnectionAsync();
    }

    /// <summary>An answered question with votes and a comment, and a document; all indexed.</summary>
    private static async Task<TestDatabase> FilledAsync()
    {
        var database = await TestDatabase.StartAsync();
        var (author, reader) = (await database.AddUserAsync("글쓴이"), await database.AddUserAsync("읽는이"));
        var question = await database.AddQuestionAsync(author);
        await using var db = database.CreateDbContext();
        var answer = new Answer { QuestionId = question.Id, AuthorId = author.Id, Body = "답" };
        var document = await db.AddDocumentAsync("문서.txt");
        db.AddRange(answer, new QuestionVote { QuestionId = question.Id, UserId = reader.Id });
        await db.SaveChangesAsync();
        var comment = new Comment { AnswerId = answer.Id, AuthorId = reader.Id, Body = "댓글" };
        db.AddRange(new AnswerVote { AnswerId = answer.Id, UserId = reader.Id }, comment);
        await db.SaveChangesAsync();

        var model = await db.EnsureEmbeddingModelAsync("test", "f", "folder", Dimensions, default);
        Assert.Equal(1, model.Id);
        var writer = new PassageWriter(database);
        Assert.True(await writer.ReplaceAsync(new(PassageKind.Question, question.Id, 0), [Passage("게시판", "블루프린트를 나눕니다")], model.Id, null, default));
        Assert.True(await writer.ReplaceAsync(new(PassageKind.Answer, answer.Id, 0), [Passage("게시판", "답변 본문")], model.Id, null, default));
        Assert.True(await writer.ReplaceAsync(new(PassageKind.Comment, comment.Id, 0), [Passage("게시판", "댓글 본문")], model.Id, null, default));
        Assert.True(await writer.ReplaceAsync(
            new(PassageKind.Document, document.Id, 0), [Passage("문서", "앞 문단"), Passage("문서", "뒤 문단")], model.Id, new("문서", 12), default));
        return database;
    }

    private static NewPassage Passage(string title, string text)
    {
        var vector = new float[Dimensions];
        vector[0] = 1;
        return new(title, null, text, 0, [new(0, text.Length, vector)]);
    }
}
