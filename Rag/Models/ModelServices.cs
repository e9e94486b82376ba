namespace Pybo.Rag.Models;

/// <summary>Registers the services that find, fetch and store models.</summary>
internal static class ModelServices
{
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton(provider => ModelCatalogue.Load(provider.GetRequiredService<IHostEnvironment>().ContentRootPath))
        .AddSingleton(provider => HubSettings.From(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton(new HubLimits())
        .AddSingleton<HubClient>().AddSingleton<InstalledModels>().AddSingleton<ModelStore>().AddSingleton<ModelPuller>();
}
