using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Pybo.Rag.Inference.GenAi;

namespace Pybo.Rag.Inference;

/// <summary>Writes answers with a model in the site's own process.</summary>
/// <remarks>
/// One answer at a time: an answer already uses every core. Others wait in the order in which they came; the chat's queue lets one in at a time.
/// The model is loaded by the first question and unloaded when nobody has asked for a while. A caller that stops listening stops its answer.
/// The last update carries the usage, and among its additional properties the <see cref="GenerationFigures"/> under their type's name.
/// May be disposed at any moment: callers that are being answered or wait are still answered, the last of them frees the model
/// (<see cref="Leased{T}"/>), and later callers are refused.
/// </remarks>
public abstract class LocalChatClient : IChatClient, IPromptTokens, IAsyncDisposable
{
    /// <summary>The most tokens of an answer whose caller names no limit.</summary>
    public const int OutputTokensDefault = 1_024;

    /// <summary>Pieces of text that wait for a slow reader before the generation waits for it.</summary>
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

    /// <summary>The client for a folder: our own loop where it knows the model and nothing else is asked for, otherwise the package.</summary>
    /// <param name="folder">The model; nothing of it is loaded yet.</param>
    /// <param name="provider">The package's execution provider, see <see cref="GenAiChatClient"/>; empty for none in particular. Without meaning for other layouts than the package's.</param>
    public static LocalChatClient For(LanguageModelFolder folder, string provider, LocalChatOptions? settings = null) =>
        !folder.IsGenAi || (provider.Length == 0 && folder.IsOwnFamily) ? new OnnxChatClient(folder, settings)
        : new GenAiChatClient(folder, provider.Length == 0 ? GenAiChatClient.FromFolder : provider, settings);

    /// <inheritdoc/>
    public int PromptTokensMax => ContextTokensMax - OutputTokensDefault;

    private int ContextTokensMax => Math.Min(settings.ContextTokensMax, folder.ContextTokensMax);

    /// <summary>Whether the model is in memory at the moment.</summary>
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
        // A run blocks its thread: it must not be the reader's.
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

    /// <summary>The same, and completes when the last caller has been answered.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return engine.DisposeAsync();
    }

    /// <summary>Loads the model.</summary>
    /// <param name="folder">It.</param>
    /// <param name="contextTokens">Of the longest prompt and its answer together.</param>
    /// <exception cref="ModelMemoryException">It does not fit into the free memory.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or the model is of a kind that cannot be run.</exception>
    /// <exception cref="OnnxModelException">A graph is missing or broken.</exception>
    private protected abstract ILanguageModel Load(LanguageModelFolder folder, int contextTokens);

    /// <summary>Waits for the caller's turn, which lasts until it is disposed.</summary>
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

    /// <summary>The whole generation, on a thread of its own; what goes wrong completes the writer and is thrown by the task.</summary>
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

    /// <summary>The model and whose turn it is.</summary>
    private sealed class Engine(TimerCallback onIdle) : IDisposable
    {
        /// <summary>Held by the caller whose turn it is.</summary>
        public SemaphoreSlim Free { get; } = new(1, 1);

        /// <summary>Runs out when nobody has asked for a while.</summary>
        public Timer Idle { get; } = new(onIdle);

        /// <summary>Null until the first question, and again after a while without one.</summary>
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

/// <summary>Of what a server gives a generator.</summary>
public sealed record LocalChatOptions
{
    /// <summary>Prompt and answer together; a model may allow less.</summary>
    public int ContextTokensMax { get; init; } = 4_096;

    /// <summary>Without a question for so long, the model leaves the memory.</summary>
    public TimeSpan UnloadAfter { get; init; } = TimeSpan.FromMinutes(10);
}
