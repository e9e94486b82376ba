using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pybo.Data;

namespace Pybo.Tests.Pages.Chat;

/// <summary>A site's file without the site, as a previous process left it.</summary>
internal sealed class DatabaseBeforeStart(string file) : IAsyncDisposable
{
    private readonly DbContextOptions<PyboDb> options = (DbContextOptions<PyboDb>)new DbContextOptionsBuilder<PyboDb>().UsePybo(file).Options;

    public PyboDb CreateDbContext() => new(options);

    public async Task<long> AddAbandonedTurnAsync(string answer, TurnState state = TurnState.Answering)
    {
        await using var db = CreateDbContext();
        await db.StartAsync(default);
        var user = new User { UserName = "옛사람", NormalizedUserName = "옛사람", Email = "a@example.com", NormalizedEmail = "A@EXAMPLE.COM" };
        db.Users.Add(user);
        await db.SaveChangesAsync();
        var conversation = new Conversation { UserId = user.Id, Title = "옛 대화" };
        db.Conversations.Add(conversation);
        await db.SaveChangesAsync();
        var turn = new Turn { ConversationId = conversation.Id, Question = "옛 질문", Answer = answer, State = state };
        db.Turns.Add(turn);
        await db.SaveChangesAsync();
        return turn.Id;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal static class SiteStop
{
    /// <summary>Stops the site as Ctrl+C does.</summary>
    public static async Task StopAsync(this PyboSite site)
    {
        var lifetime = site.Services.GetRequiredService<IHostApplicationLifetime>();
        // The program runs to its end, and disposes its services.
        var services = site.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        lifetime.StopApplication();
        foreach (var service in services)
        {
            await service.StopAsync(default);
        }
    }
}
