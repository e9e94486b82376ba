using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Pybo.Rag.Inference.GenAi;

namespace Pybo.Rag.Inference;

/// <summary>Generates answers with a model in the site's own process.</summary>
/// <remarks>
/// One answer at a time: an answer already uses every core. Others wait in order of arrival; the chat's queue admits one at a time. The first
/// question loads the model, and idleness unloads it. A caller that stops listening stops its answer. The last update carries the usage, and among
/// its additional properties the <see cref="GenerationFigures"/> under their type's name. May be disposed at any time: callers in progress or waiting
/// are still answered, the last of them frees the model (<see cref="Leased{T}"/>), and later callers are refused.
/// </remarks>
public abstract class LocalChatClient : IChatClient, IPromptTokens, IAsyncDisposable
{
    /// <summary>Maximum tokens of an answer if the caller names no limit.</summary>
    public const int OutputTokensDefault = 1_024;

    /// <summary>Pieces of text buffered for a slow reader before the generation waits.</summary>
    private const int PiecesWaitingMax = 256;

    private readonly LanguageModelFolder folder;
    private readonly LocalChatOptions settings;
    private readonly ChatClientMetadata metadata;
    private readonly Leased<Engine> engine;

    private protected LocalChatClient(LanguageModelFolder folder, LocalChatOptions? settings, string providerName)
    {
        this.folder = folder;
        this.settings = settings ?? new();
        metadata = new(providerName, defaultModelId: folder.Name);
        engine = new(new(_ => UnloadIfIdle()));
    }

    /// <summary>Creates the client for a folder: our own loop if it knows the model and no provider is requested, otherwise the package.</summary>
    /// <param name="folder">The model's folder; nothing is loaded yet.</param>
    /// <param name="provider">The package's execution provider, see <see cref="GenAiChatClient"/>; empty for the default. Ignored for layouts other than the
    /// package's.</param>
    public static LocalChatClient For(LanguageModelFolder folder, string provider, LocalChatOptions? settings = null) =>
        !folder.IsGenAi || (provider.Length == 0 && folder.IsOwnFamily) ? new OnnxChatClient(folder, settings)
        : new GenAiChatClient(folder, provider.Length == 0 ? GenAiChatClient.FromFolder : provider, settings);

    /// <inheritdoc/>
    public int PromptTokensMax => ContextTokensMax - OutputTokensDefault;

    /// <inheritdoc cref="LanguageModelFolder.IsPretrained"/>
    public bool IsPretrained => folder.IsPretrained;

    private int ContextTokensMax => Math.Min(settings.ContextTokensMax, folder.ContextTokensMax);

    /// <summary>Whether the model is currently in memory.</summary>
    public bool IsLoaded
    {
        get
        {
            using var lease = engine.TryBorrow();
            return lease?.Value.Model is not null;
        }
    }

    /// <inheritdoc/>
    public async Task<EncodedPrompt> EncodeAsync(IEnumerable<ChatMessage> messages, CancellationToken ct)
    {
        var copied = messages.ToList();
        using var turn = await EnterAsync(ct);
        return new(copied, (await turn.LoadAsync(ct)).Encode(copied), this);
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <exception cref="ArgumentException">The messages do not alternate, or are too long for the model.</exception>
    /// <exception cref="ModelMemoryException">The model does not fit into the free memory.</exception>
    /// <exception cref="InvalidDataException">The model's folder is broken.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken);
        var model = await turn.LoadAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pieces = Channel.CreateBounded<ChatResponseUpdate>(new BoundedChannelOptions(PiecesWaitingMax) { SingleReader = true, SingleWriter = true });
        // A run blocks its thread, so it must not use the reader's.
        var work = Task.Run(() => WriteAsync(model, (messages as EncodedPrompt)?.IdsOf(this) ?? model.Encode(messages), options, pieces.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return piece;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    /// <summary>Refuses new callers, and returns at once.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        engine.Dispose();
    }

    /// <summary>Refuses new callers, and completes when the last caller has been answered.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return engine.DisposeAsync();
    }

    /// <summary>Loads the model.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="contextTokens">The maximum tokens of a prompt and its answer together.</param>
    /// <exception cref="ModelMemoryException">The model does not fit into the free memory.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or this kind of model cannot be run.</exception>
    /// <exception cref="OnnxModelException">A graph is missing or broken.</exception>
    private protected abstract ILanguageModel Load(LanguageModelFolder folder, int contextTokens);

    /// <summary>Waits for the caller's turn, which lasts until the result is disposed.</summary>
    private async Task<Turn> EnterAsync(CancellationToken ct)
    {
        var lease = engine.Borrow();
        try
        {
            await lease.Value.Free.WaitAsync(ct);
            return new(this, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private void UnloadIfIdle()
    {
        using var lease = engine.TryBorrow();
        if (lease?.Value is { } idle && idle.Free.Wait(0))
        {
            idle.Unload();
            idle.Free.Release();
        }
    }

    /// <summary>Runs the whole generation on its own thread; an error completes the writer and is thrown by the task.</summary>
    private static async Task WriteAsync(ILanguageModel model, int[] prompt, ChatOptions? options, ChannelWriter<ChatResponseUpdate> pieces, CancellationToken ct)
    {
        try
        {
            using var text = model.Begin(prompt, options, ct);
            while (text.MoveNext())
            {
                ct.ThrowIfCancellationRequested();
                if (text.Current.Length > 0)
                {
                    await pieces.WriteAsync(new(ChatRole.Assistant, text.Current) { ModelId = model.Name }, ct);
                }
            }

            await pieces.WriteAsync(End(model, text), ct);
        }
        catch (OnnxModelException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        finally
        {
            pieces.Complete();
        }
    }

    private static ChatResponseUpdate End(ILanguageModel model, TextGeneration text)
    {
        var figures = text.Figures;
        return new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = figures.PromptTokens, CachedInputTokenCount = figures.CachedTokens, OutputTokenCount = figures.OutputTokens, TotalTokenCount = figures.PromptTokens + figures.OutputTokens })])
        {
            ModelId = model.Name,
            FinishReason = text.IsStopped ? ChatFinishReason.Stop : ChatFinishReason.Length,
            AdditionalProperties = new() { [nameof(GenerationFigures)] = figures },
        };
    }

    /// <summary>The model and the lock for turns.</summary>
    private sealed class Engine(TimerCallback onIdle) : IDisposable
    {
        /// <summary>Held by the caller whose turn it is.</summary>
        public SemaphoreSlim Free { get; } = new(1, 1);

        /// <summary>Fires after an idle period.</summary>
        public Timer Idle { get; } = new(onIdle);

        /// <summary>Null until the first question, and again after an idle period.</summary>
        public ILanguageModel? Model { get; set; }

        public void Unload()
        {
            Model?.Dispose();
            Model = null;
        }

        public void Dispose()
        {
            Idle.Dispose();
            Free.Dispose();
            Unload();
        }
    }

    /// <summary>A caller's turn at the engine.</summary>
    private sealed class Turn(LocalChatClient client, Lease<Engine> lease) : IDisposable
    {
        public async Task<ILanguageModel> LoadAsync(CancellationToken ct) =>
            lease.Value.Model ??= await Task.Run(() => client.Load(client.folder, client.ContextTokensMax), ct);

        public void Dispose()
        {
            lease.Value.Idle.Change(client.settings.UnloadAfter, Timeout.InfiniteTimeSpan);
            lease.Value.Free.Release();
            lease.Dispose();
        }
    }
}

/// <summary>The resources that a server gives a generator.</summary>
public sealed record LocalChatOptions
{
    /// <summary>Maximum tokens of prompt and answer together; a model may allow fewer.</summary>
    public int ContextTokensMax { get; init; } = 4_096;

    /// <summary>The model is unloaded after this long without a question.</summary>
    public TimeSpan UnloadAfter { get; init; } = TimeSpan.FromMinutes(10);
}
