using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pybo.Rag.Chat;

public static class ChatServices
{
    /// <summary>Registers the chat, over the registered <see cref="Inference.IGeneratorSource"/>.</summary>
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
