using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class WritersTests
{
    private const int Writers = 16;
    private const int VectorDimensions = 384;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Sixteen_concurrent_writers_never_see_a_busy_file()
    {
        await using var database = await TestDatabase.StartAsync();
        var user = await database.AddUserAsync();
        await using (var db = database.CreateDbContext())
        {
            await db.EnsureEmbeddingModelAsync("test", "f", "folder", VectorDimensions, default);
        }

        var errors = new ConcurrentQueue<Exception>();
        var written = new int[Writers];
        var clock = Stopwatch.StartNew();

        // One thread each: SQLite blocks it, and other tests need the pool's threads.
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(n => Task.Factory.StartNew(async () =>
        {
            while (clock.Elapsed < Duration && errors.IsEmpty)
            {
                try
                {
                    await WriteAsync(database, user.Id, n);
                    written[n]++;
                }
                catch (Exception error)
                {
                    errors.Enqueue(error);
                }
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        Assert.Empty(errors);
        Assert.DoesNotContain(0, written);
        await using var after = database.CreateDbContext();
        Assert.Equal(written.Sum(), await after.Questions.CountAsync());
        Assert.Equal(written.Sum(), (await after.Counters.SingleAsync(c => c.Name == Counter.Questions)).Value);
        Assert.Equal(written.Sum(), await after.PassageTotals.SumAsync(t => t.Passages));
    }

    /// <summary>The concurrent work of a site: a post, a read and an edit of it, and the worker's transaction.</summary>
    private static async Task WriteAsync(TestDatabase database, long userId, int n)
    {
        await using var db = database.CreateDbContext();
        var question = new Question { AuthorId = userId, Title = $"{n}번째 질문", Body = "동시에 쓰면 어떻게 되나요?" };
        db.Questions.Add(question);
        await db.SaveChangesAsync();

        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            var read = await db.Questions.SingleAsync(q => q.Id == question.Id);
            read.Views++;
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        NewPassage passage = new(question.Title, null, question.Body, 0, [new(0, question.Body.Length, new float[VectorDimensions])]);
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Question, question.Id, 0), [passage], 1, null, default));
    }
}
