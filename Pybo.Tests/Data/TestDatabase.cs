using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>A real SQLite file for one test; deleted after the test.</summary>
public sealed class TestDatabase : IDbContextFactory<PyboDb>, IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pybo-test-").FullName;
    private readonly DbContextOptions<PyboDb> options;

    public TestDatabase()
    {
        File = Path.Combine(folder, "pybo.db");
        options = (DbContextOptions<PyboDb>)new DbContextOptionsBuilder<PyboDb>().UsePybo(File).Options;
    }

    public string File { get; }

    public static async Task<TestDatabase> StartAsync()
    {
        var database = new TestDatabase();
        await MigratedDatabase.CopyToAsync(database.File);
        await using var db = database.CreateDbContext();
        await db.StartAsync(CancellationToken.None);
        return database;
    }

    public PyboDb CreateDbContext() => new(options);

    public PyboDb CreateDbContext(IndexingSignal indexing) => new(options, indexing);

    public async Task<User> AddUserAsync(string name = "홍길동")
    {
        await using var db = CreateDbContext();
        var user = new User { UserName = name, NormalizedUserName = name.ToUpperInvariant(), Email = $"{name}@example.com", NormalizedEmail = $"{name}@EXAMPLE.COM" };
        db.Users.Add(user);
        await db.SaveChangesAsync();
        return user;
    }

    public async Task<Question> AddQuestionAsync(User author, string title = "제목", string body = "내용")
    {
        await using var db = CreateDbContext();
        var question = new Question { AuthorId = author.Id, Title = title, Body = body };
        db.Questions.Add(question);
        await db.SaveChangesAsync();
        return question;
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearPool(new SqliteConnection(CreateDbContext().Database.GetConnectionString()));
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
