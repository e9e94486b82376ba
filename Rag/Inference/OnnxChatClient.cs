using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Pybo.Rag.Onnx;

namespace Pybo.Rag.Inference;

/// <summary>Writes answers with a local decoder in ONNX.</summary>
/// <remarks>
/// One answer at a time: an answer already uses every core. Others wait in the order in which they came, at most <see cref="WaitingMax"/> of them.
/// The model is loaded by the first question and unloaded when nobody has asked for a while. A caller that stops listening stops its answer.
/// The last update carries the usage, and among its additional properties the <see cref="GenerationFigures"/> under their type's name.
/// </remarks>
public sealed class OnnxChatClient : IChatClient, IPromptTokens
{
    /// <summary>Callers that may wait while one is answered.</summary>
    public const int WaitingMax = 32;

    /// <summary>The most tokens of an answer whose caller names no limit.</summary>
    public const int OutputTokensDefault = 1_024;

    /// <summary>Pieces of text that wait for a slow reader before the generation waits for it.</summary>
    private const int PiecesWaitingMax = 256;

    private readonly LanguageModelFolder folder;
    private readonly OnnxChatOptions settings;
    private readonly ChatClientMetadata metadata;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Timer idle;
    private LanguageModel? model;
    private int callers;
    private bool isDisposed;

    /// <param name="folder">The model; nothing of it is loaded yet.</param>
    public OnnxChatClient(LanguageModelFolder folder, OnnxChatOptions? settings = null)
    {
        this.folder = folder;
        this.settings = settings ?? new();
        metadata = new("onnxruntime", defaultModelId: folder.Name);
        idle = new(_ => UnloadIfIdle());
    }

    /// <inheritdoc/>
    public int PromptTokensMax => ContextTokensMax - OutputTokensDefault;

    private int ContextTokensMax => Math.Min(settings.ContextTokensMax, folder.ContextTokensMax);

    /// <summary>Whether the model is in memory at the moment.</summary>
    public bool IsLoaded => model is not null;

    /// <inheritdoc/>
    public async Task<int> CountTokensAsync(IEnumerable<ChatMessage> messages, CancellationToken ct)
    {
        await EnterAsync(ct);
        try
        {
            return (await LoadAsync(ct)).Template.Encode(messages).Length;
        }
        finally
        {
            Leave();
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <exception cref="ArgumentException">The messages do not alternate, or are too long for the model.</exception>
    /// <exception cref="GenerationQueueFullException">Too many callers wait.</exception>
    /// <exception cref="ModelMemoryException">The model does not fit into the free memory.</exception>
    /// <exception cref="InvalidDataException">The model's folder is broken.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await EnterAsync(cancellationToken);
        try
        {
            var loaded = await LoadAsync(cancellationToken);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pieces = Channel.CreateBounded<ChatResponseUpdate>(new BoundedChannelOptions(PiecesWaitingMax) { SingleReader = true, SingleWriter = true });
            // A run blocks its thread: it must not be the reader's.
            var work = Task.Run(() => WriteAsync(loaded, [.. messages], options, pieces.Writer, stop.Token), CancellationToken.None);
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
        finally
        {
            Leave();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
        idle.Dispose();
        turn.Wait();
        isDisposed = true;
        model?.Dispose();
        model = null;
        turn.Release(); // whoever waits finds it disposed
    }

    private async Task EnterAsync(CancellationToken ct)
    {
        if (Interlocked.Increment(ref callers) > 1 + WaitingMax)
        {
            Interlocked.Decrement(ref callers);
            throw new GenerationQueueFullException(WaitingMax);
        }

        try
        {
            await turn.WaitAsync(ct);
        }
        catch
        {
            Interlocked.Decrement(ref callers);
            throw;
        }
    }

    private void Leave()
    {
        if (!isDisposed)
        {
            idle.Change(settings.UnloadAfter, Timeout.InfiniteTimeSpan);
        }

        Interlocked.Decrement(ref callers);
        turn.Release();
    }

    private async Task<LanguageModel> LoadAsync(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return model ??= await Task.Run(() => LanguageModel.Load(folder, ContextTokensMax), ct);
    }

    private void UnloadIfIdle()
    {
        if (turn.Wait(0))
        {
            model?.Dispose();
            model = null;
            turn.Release();
        }
    }

    /// <summary>The whole generation, on a thread of its own; what goes wrong completes the writer and is thrown by the task.</summary>
    private static async Task WriteAsync(LanguageModel model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ChannelWriter<ChatResponseUpdate> pieces, CancellationToken ct)
    {
        try
        {
            using var runOptions = new RunOptions();
            using var stop = ct.Register(() => runOptions.Terminate = true);
            using var text = model.Begin(messages, options, runOptions);
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
        catch (OnnxRuntimeException) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(ct);
        }
        finally
        {
            pieces.Complete();
        }
    }

    private static ChatResponseUpdate End(LanguageModel model, TextGeneration text)
    {
        var figures = text.Figures;
        return new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = figures.PromptTokens, CachedInputTokenCount = figures.CachedTokens, OutputTokenCount = figures.OutputTokens, TotalTokenCount = figures.PromptTokens + figures.OutputTokens })])
        {
            ModelId = model.Name,
            FinishReason = text.IsStopped ? ChatFinishReason.Stop : ChatFinishReason.Length,
            AdditionalProperties = new() { [nameof(GenerationFigures)] = figures },
        };
    }
}

/// <summary>Of what a server gives a generator.</summary>
public sealed record OnnxChatOptions
{
    /// <summary>Prompt and answer together; a model may allow less.</summary>
    public int ContextTokensMax { get; init; } = 4_096;

    /// <summary>Without a question for so long, the model leaves the memory.</summary>
    public TimeSpan UnloadAfter { get; init; } = TimeSpan.FromMinutes(10);
}
