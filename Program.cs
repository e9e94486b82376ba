using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;
using Pybo;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Pages.Account;
using Pybo.Pages.Chat;
using Pybo.Pages.Discovery;
using Pybo.Pages.Documents;
using Pybo.Pages.Images;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Pages.Terminal;
using Pybo.Rag.Chat;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Documents.Isolation;
using Pybo.Rag.Documents.Recognition;
using Pybo.Rag.Inference;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Rag.Outgoing;
using Pybo.Rag.Retrieval;

try
{
    Payload.Unpack();
}
catch (PayloadException error)
{
    Console.Error.WriteLine(error.Message);
    return CommandLine.Failed;
}

// The process that reads a member's document starts no other part of the program.
if (args is [IsolatedReading.Command])
{
    return IsolatedReading.Run();
}

// Nor does the process that becomes a program for a member's document.
if (args is [ConfinedProgram.Command, .. var program])
{
    return ConfinedProgram.Run(program);
}

return await CommandLine.RunAsync(args, TerminalConsole.OfProcess());

namespace Pybo
{
    /// <summary>Configures the site's services and pipeline in one place.</summary>
    internal static partial class Site
    {
        public static WebApplication Create(string[] args)
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = PublishedContent() });
            AddServices(builder);
            var app = builder.Build();
            Use(app);
            return app;
        }

        public static async Task StartDatabaseAsync(IServiceProvider services, CancellationToken ct)
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<PyboDb>>().CreateDbContextAsync(ct);
            foreach (var notice in await db.StartAsync(ct))
            {
                DatabaseNotice(services.GetRequiredService<ILogger<PyboDb>>(), notice);
            }

            var language = CultureInfo.GetCultureInfo(services.GetRequiredService<IOptions<PyboOptions>>().Value.Language);
            await db.NameFirstCategoryAsync(BoardWords.ResourceManager.GetString(nameof(BoardWords.FirstCategory), language)!, ct);
        }

        [LoggerMessage(LogLevel.Warning, "{Notice}")]
        private static partial void DatabaseNotice(ILogger logger, string notice);

        /// <summary>Adds the services shared by the site and the command line: settings, data, accounts, retrieval, indexing, answering. Workers run only if a host is started, which commands do not do.</summary>
        public static void AddCore(IServiceCollection services)
        {
            services.AddOptions<PyboOptions>().BindConfiguration(PyboOptions.Section).ValidateOnStart();
            services.AddSingleton<IValidateOptions<PyboOptions>, SettingsRules>();
            services.AddDbContextFactory<PyboDb>((provider, options) => options.UsePybo(provider.GetRequiredService<IOptions<PyboOptions>>().Value.Database));
            services.AddDataProtection().SetApplicationName("Pybo").PersistKeysToDbContext<PyboDb>();
            services.AddSingleton(provider => provider.GetRequiredService<IOptions<PyboOptions>>().Value.StorageLimits);
            services.AddSingleton<PassageWriter>().AddSingleton<IndexingSignal>().AddSingleton<FolderIngestion>();
            services.AddSingleton<OutgoingPermissions>().AddSingleton<OutgoingHttp>();
            services.AddModels();
            services.AddSingleton<EmbeddingModels>().AddSingleton<Retriever>().AddSingleton<Indexer>();
            services.AddSingleton(Recogniser).AddSingleton(Reader).AddSingleton<ExtractText>(provider => provider.GetRequiredService<IsolatedDocumentReader>().ReadAsync)
                .AddSingleton<UnwrapFile>(provider => provider.GetRequiredService<IsolatedDocumentReader>().UnwrapAsync);
            services.AddSingleton<IGeneratorSource, InstalledGenerator>();
            services.AddAccounts().AddChat().AddSingleton<SourceAddress>(SourceUrl.Of);
        }

        /// <summary>Isolates the reader: a malicious document cannot reach the database.</summary>
        private static IsolatedDocumentReader Reader(IServiceProvider provider)
        {
            var database = Path.GetFullPath(provider.GetRequiredService<IOptions<PyboOptions>>().Value.Database);
            return new(new() { HiddenFiles = [database] }, log: provider.GetRequiredService<ILogger<IsolatedDocumentReader>>(), recogniser: provider.GetRequiredService<PageRecogniser>());
        }

        private static PageRecogniser Recogniser(IServiceProvider provider) =>
            new(provider.GetRequiredService<IOptions<PyboOptions>>().Value.Tesseract, provider.GetRequiredService<IOptions<PyboOptions>>().Value.Pdftoppm);

        private static void AddServices(WebApplicationBuilder builder)
        {
            var services = builder.Services;
            AddCore(services);
            services.AddHostedService<IngestionWorker>().AddHostedService<DeletedTextWorker>();
            services.AddSingleton<ModelJobs>().AddHostedService(provider => provider.GetRequiredService<ModelJobs>());
            services.AddSingleton<ChatPlaces>();
            services.AddBoard().AddLanguages().AddFormProtection().AddRequestLimits().AddKnownProxies().AddStaticFileCompression();
            services.AddRazorPages().AddMvcOptions(mvc => mvc.Filters.Add(new Methods.HandlerRequired()));
            UploadLimits.Add(services);
            services.AddFormMessages();

            // With AllowedHosts set, a request without a host name is refused. Without the setting every name is served, even an empty one.
            services.Configure<HostFilteringOptions>(options => options.AllowEmptyHosts = false);

            // Writes Hangul as Hangul, not as numeric references.
            services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        }

        private static void Use(WebApplication app)
        {
            app.UseKnownProxies();
            app.UseLanguages();
            app.UseSecurityHeaders();
            app.UseMethods();
            app.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/status/500",
                StatusCodeSelector = StatusPage.CodeOf,
            });
            app.UseStatusCodePagesWithReExecute("/status/{0}");
            if (!app.Environment.IsDevelopment())
            {
                app.UseHsts();
            }

            app.UseResponseCompression();
            app.UseStaticFiles(VersionedFiles.Options);
            app.UseRouting();
            app.UseBodyLimit();
            app.UseAuthentication();
            app.UseSessionWatch();
            app.UseRateLimiter();
            app.UseAuthorization();
            app.UseFormProtection();

            app.MapGet("/", () => TypedResults.LocalRedirect("/questions"));
            app.MapRazorPages();
            app.MapLanguages();
            app.MapThemes();
            app.MapTurnEvents();
            app.MapChatExport();
            app.MapOriginals();
            app.MapImages();
            app.MapDiscovery();
        }

        /// <summary>A published program has its content next to itself and may be started from any folder; <c>dotnet run</c> uses the project's.</summary>
        public static string? PublishedContent() =>
            Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot")) ? AppContext.BaseDirectory : null;
    }
}
