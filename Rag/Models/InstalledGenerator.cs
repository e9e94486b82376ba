using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>The installed generators: the one that the settings choose, and the others by name.</summary>
/// <remarks>A model that is pulled, registered or removed while the site runs takes effect with the next question. One generator is open at a time: borrowing
/// another one closes it, and it is freed after its last answer.</remarks>
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
    private LanguageModelFolder? opened;
    private IReadOnlyList<LanguageModelFolder> usable = [];
    private LanguageModelFolder? standard;
    private IReadOnlyList<(string Folder, string Name, bool IsStandard)> seen = [];
    private long? lookedAt;
    private bool isDisposed;

    /// <exception cref="ObjectDisposedException">The site is shutting down.</exception>
    public IReadOnlyList<GeneratorInfo> All
    {
        get
        {
            lock (gate)
            {
                LookIfDue();
                return [.. usable.Select(InfoOf)];
            }
        }
    }

    /// <exception cref="ObjectDisposedException">The site is shutting down.</exception>
    public GeneratorInfo? Default
    {
        get
        {
            lock (gate)
            {
                LookIfDue();
                return standard is { } folder ? InfoOf(folder) : null;
            }
        }
    }

    /// <exception cref="ObjectDisposedException">The site is shutting down.</exception>
    public Lease<IChatClient>? Borrow(string? name = null)
    {
        lock (gate)
        {
            LookIfDue();
            if ((name is null ? standard : usable.FirstOrDefault(folder => folder.Name == name)) is not { } wanted)
            {
                return null;
            }

            if (generator is null || !IsSame(opened, wanted))
            {
                generator?.Dispose();
                (opened, generator) = (wanted, new(Open(wanted).Observed(logs)));
            }

            return generator.Borrow();
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

    private static GeneratorInfo InfoOf(LanguageModelFolder folder) => new(folder.Name, folder.IsPretrained);

    // A folder that is read again is another object, although nothing in it changed.
    private static bool IsSame(LanguageModelFolder? one, LanguageModelFolder? other) => (one?.Path, one?.Name) == (other?.Path, other?.Name);

    private void LookIfDue()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (lookedAt is not { } last || time.GetElapsedTime(last) >= LookInterval)
        {
            Look();
            lookedAt = time.GetTimestamp();
        }
    }

    private void Look()
    {
        var setting = options.Value.GenerationModel;
        var chosen = setting == BuiltIn ? null : installed.Generator(setting);
        List<InstalledModel> found =
        [
            .. new[] { chosen }.OfType<InstalledModel>()
                .Concat(installed.All.Where(model => model is { Kind: ModelKind.Generation, IsComplete: true }))
                .DistinctBy(model => model.Name, StringComparer.OrdinalIgnoreCase),
        ];
        List<(string, string, bool)> now = [.. found.Select(model => (model.Folder, model.Name, model == chosen))];
        if (lookedAt is not null && now.SequenceEqual(seen))
        {
            return;
        }

        if (chosen is null && setting is not ("" or BuiltIn))
        {
            Missing(log, setting, installed.Root);
        }

        var folders = found.ConvertAll(Read);
        (seen, usable, standard) = (now, [.. folders.OfType<LanguageModelFolder>()], chosen is null ? null : folders[0]);
        if (!usable.Any(folder => IsSame(folder, opened)))
        {
            generator?.Dispose();
            (opened, generator) = (null, null);
        }
    }

    private LanguageModelFolder? Read(InstalledModel model)
    {
        try
        {
            return LanguageModelFolder.Read(model.Folder, model.Name);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // The chat must work without the model; the log states the reason, and the page names the answerers.
            Broken(log, model.Folder, error);
            return null;
        }
    }

    private LocalChatClient Open(LanguageModelFolder folder)
    {
        var provider = options.Value.GenAiProvider;
        if (provider.Length > 0 && !folder.IsGenAi)
        {
            ProviderUnused(log, provider, folder.Path);
        }

        var client = LocalChatClient.For(
            folder,
            provider,
            new() { ContextTokensMax = options.Value.ContextTokens, UnloadAfter = TimeSpan.FromMinutes(options.Value.UnloadModelAfterMinutes) });
        Answers(log, folder.Name);
        return client;
    }

    [LoggerMessage(LogLevel.Warning, "The generation model '{Model}' is not installed, so answers are quotations. Install it with 'models pull' or 'models add', or name another one (Pybo:GenerationModel). Looked for a folder of that name, and in {Root}.")]
    private static partial void Missing(ILogger log, string model, string root);

    [LoggerMessage(LogLevel.Warning, "Pybo:GenAiProvider={Provider} has no effect: the model in {Folder} has no genai_config.json, so it runs on the processor.")]
    private static partial void ProviderUnused(ILogger log, string provider, string folder);

    [LoggerMessage(LogLevel.Error, "The generation model in {Folder} cannot be used; without another one, answers are quotations.")]
    private static partial void Broken(ILogger log, string folder, Exception error);

    [LoggerMessage(LogLevel.Information, "{Model} writes the answers; it is loaded by the first question.")]
    private static partial void Answers(ILogger log, string model);
}
