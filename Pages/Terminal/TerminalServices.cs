using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Terminal;

/// <summary>The site's services without a server or workers; a command prints its own messages.</summary>
internal sealed class TerminalServices : IAsyncDisposable
{
    private readonly IHost host;

    private TerminalServices(IHost host) => this.host = host;

    public IServiceProvider Provider => host.Services;

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Reads the settings as the site does, and opens the database.</summary>
    /// <param name="settings">The settings of the command line.</param>
    /// <param name="makesDatabase">False for a command that needs an existing file: a mistyped name must not create an empty one.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="CommandFailedException">The file does not exist.</exception>
    /// <exception cref="Data.DatabaseRefusedException">The file cannot be used.</exception>
    public static async Task<TerminalServices> StartAsync(string[] settings, bool makesDatabase, CancellationToken ct)
    {
        var services = new TerminalServices(Build(settings));
        try
        {
            var file = Path.GetFullPath(services.Get<IOptions<PyboOptions>>().Value.Database);
            if (!makesDatabase && !File.Exists(file))
            {
                throw new CommandFailedException(TerminalWords.NoDatabase.With(file));
            }

            await Site.StartDatabaseAsync(services.Provider, ct);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the settings as the site does, but does not open the database.</summary>
    public static TerminalServices WithoutDatabase(string[] settings) => new(Build(settings));

    public async ValueTask DisposeAsync()
    {
        // The container disposes asynchronously, because some services support nothing else.
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private static IHost Build(string[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables("ASPNETCORE_");
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = settings,
            Configuration = configuration,
            ContentRootPath = Site.PublishedContent(),
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter<ConsoleLoggerProvider>(level => level >= LogLevel.Error);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        Site.AddCore(builder.Services);
        return builder.Build();
    }
}
