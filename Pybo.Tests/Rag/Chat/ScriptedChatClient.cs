using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Chat;

/// <summary>Returns the tokens that a test gives it, in advance or while the answer runs; counts its calls.</summary>
public sealed class ScriptedChatClient(params string[] tokens) : IChatClient
{
    public const string Name = "scripted-1";

    private readonly Transcript? typed;
    private int calls;

    private ScriptedChatClient(Transcript typed)
        : this() => this.typed = typed;

    public int Calls => calls;

    /// <summary>The model's name.</summary>
    public string Model { get; init; } = Name;

    /// <summary>Listed as a model that is not tuned to follow instructions.</summary>
    public bool IsPretrained { get; init; }

    /// <summary>The prompts it received, first to last.</summary>
    public ConcurrentQueue<IList<ChatMessage>> Asked { get; } = [];

    /// <summary>Thrown after the tokens.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Called before each token, after the previous tokens were received.</summary>
    public Action? BeforeToken { get; init; }

    /// <summary>Counts prompt tokens; null for a generator without a limit of its own.</summary>
    public IPromptTokens? Tokens { get; init; }

    /// <summary>Ends as a generator does that reached its limit of tokens.</summary>
    public bool EndsAtLimit { get; init; }

    /// <summary>Sent with the last update.</summary>
    public GenerationFigures? Figures { get; set; }

    /// <summary>The options of the last call.</summary>
    public ChatOptions? Options { get; private set; }

    /// <summary>A client that says the text passed to <see cref="Type"/>, until <see cref="End"/>; every call returns all of it.</summary>
    public static ScriptedChatClient Typed() => new(new Transcript());

    public void Type(string token) => typed!.Add(token);

    public void End() => typed!.End();

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref calls);
        Asked.Enqueue([.. messages]);
        Options = options;
        await foreach (var token in typed?.ReadAsync(cancellationToken) ?? tokens.ToAsyncEnumerable())
        {
            BeforeToken?.Invoke();
            yield return new(ChatRole.Assistant, token);
        }

        if (Failure is not null)
        {
            throw Failure;
        }

        if (EndsAtLimit)
        {
            yield return new() { FinishReason = ChatFinishReason.Length };
        }

        if (Figures is not null)
        {
            yield return new()
            {
                Contents = [new UsageContent(new() { InputTokenCount = Figures.PromptTokens, OutputTokenCount = Figures.OutputTokens })],
                AdditionalProperties = new() { [nameof(GenerationFigures)] = Figures },
            };
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The chat streams.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("test", defaultModelId: Model)
        : serviceType == typeof(IPromptTokens) ? Tokens
        : null;

    public void Dispose()
    {
    }

    /// <summary>Grows until it ends; every reader gets all of it at any time.</summary>
    private sealed class Transcript
    {
        private readonly Lock gate = new();
        private readonly List<string> tokens = [];
        private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool isEnded;

        public void Add(string token) => Change(() => tokens.Add(token));

        public void End() => Change(() => isEnded = true);

        public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken ct)
        {
            for (var next = 0; ;)
            {
                string? token = null;
                Task wait;
                lock (gate)
                {
                    wait = changed.Task;
                    if (next < tokens.Count)
                    {
                        token = tokens[next++];
                    }
                    else if (isEnded)
                    {
                        yield break;
                    }
                }

                if (token is null)
                {
                    await wait.WaitAsync(ct);
                }
                else
                {
                    yield return token;
                }
            }
        }

        private void Change(Action change)
        {
            lock (gate)
            {
                change();
                changed.SetResult();
                changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
