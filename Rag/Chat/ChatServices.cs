using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pybo.Rag.Chat;

public static class ChatServices
{
    /// <summary>The chat, over whatever <see cref="Inference.IGeneratorSource"/> is registered.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<IAnswerer, ExtractiveAnswerer>()
            .AddSingleton<ChatAnswerer>()
            .AddSingleton<TurnRunner>()
            .AddHostedService(provider => provider.GetRequiredService<TurnRunner>())
            .AddSingleton<TurnFeed>();
    }
}
