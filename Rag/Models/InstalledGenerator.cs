using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>The currently installed generator, chosen by the settings.</summary>
/// <remarks>A model that is pulled, registered or removed while the site runs takes effect with the next question; the previous one is freed after its last
/// answer.</remarks>
public sealed partial class InstalledGenerator(InstalledModels installed, IOptions<PyboOptions> options, ILoggerFactory logs, TimeProvider? time = null) : IGeneratorSource, IAsyncDisposable, IDisposable
{
    /// <summary>The setting that chooses quotations even if a model is installed.</summary>
    public const string BuiltIn = "extractive";

    /// <summary>Minimum interval between folder look-ups, because a page asks for the name several times.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly ILogger log = logs.CreateLogger<InstalledGenerator>();
    private Leased<IChatClient>? generator;
    private InstalledModel? model;
    private long? lookedAt;
    private bool isDisposed;

    /// <exception cref="ObjectDisposedException">The site is shutting down.</exception>
    public Lease<IChatClient>? Borrow()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (lookedAt is not { } last || time.GetElapsedTime(last) >= LookInterval)
            {
                Look();
                lookedAt = time.GetTimestamp();
            }

            return generator?.Borrow();
        }
    }

    /// <summary>Refuses new questions, and returns at once.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
        }

        generator?.Dispose();
    }

    /// <summary>Refuses new questions, and completes when the last answer has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (generator is not null)
        {
            await generator.DisposeAsync();
        }
    }

    private void Look()
    {
        var setting = options.Value.GenerationModel;
        var found = setting == BuiltIn ? null : installed.Generator(setting);
        if (lookedAt is not null && (found?.Folder, found?.Name) == (model?.Folder, model?.Name))
        {
            return;
        }

        if (found is null && setting is not ("" or BuiltIn))
        {
            Missing(log, setting, installed.Root);
        }

        generator?.Dispose();
        (model, generator) = (found, found is not null && Open(found) is { } client ? new(client.Observed(logs)) : null);
    }

    private LocalChatClient? Open(InstalledModel found)
    {
        try
        {
            var folder = LanguageModelFolder.Read(found.Folder, found.Name);
            var provider = options.Value.GenAiProvider;
            if (provider.Length > 0 && !folder.IsGenAi)
            {
                ProviderUnused(log, provider, found.Folder);
            }

            var client = LocalChatClient.For(
                folder,
                provider,
                new() { ContextTokensMax = options.Value.ContextTokens, UnloadAfter = TimeSpan.FromMinutes(options.Value.UnloadModelAfterMinutes) });
            Answers(log, found.Name);
            return client;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or OnnxModelException)
        {
            // The chat must work without the model; the log states the reason, and the page names the answerer.
            Broken(log, found.Folder, error);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The generation model '{Model}' is not installed, so answers are quotations. Install it with 'models pull' or 'models add', or name another one (Pybo:GenerationModel). Looked for a folder of that name, and in {Root}.")]
    private static partial void Missing(ILogger log, string model, string root);

    [LoggerMessage(LogLevel.Warning, "Pybo:GenAiProvider={Provider} has no effect: the model in {Folder} has no genai_config.json, so it runs on the processor.")]
    private static partial void ProviderUnused(ILogger log, string provider, string folder);

    [LoggerMessage(LogLevel.Error, "The generation model in {Folder} cannot be used; answers are quotations.")]
    private static partial void Broken(ILogger log, string folder, Exception error);

    [LoggerMessage(LogLevel.Information, "{Model} writes the answers; it is loaded by the first question.")]
    private static partial void Answers(ILogger log, string model);
}
