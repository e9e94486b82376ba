using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pybo.Rag.Chat;

public static class ChatServices
{
    /// <summary>The chat, over whatever <see cref="IChatClient"/> is registered; it is made with the first question, not with the site.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddScoped<ChatAnswerer>()
            .AddSingleton<TurnRunner>()
            .AddHostedService(provider => provider.GetRequiredService<TurnRunner>())
            .AddSingleton<TurnFeed>();
    }
}
