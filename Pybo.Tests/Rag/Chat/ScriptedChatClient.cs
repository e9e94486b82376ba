using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Pybo.Tests.Rag.Chat;

/// <summary>Says what a test wrote down, or what it writes while the answer runs; counts how often it was asked.</summary>
public sealed class ScriptedChatClient(params string[] tokens) : IChatClient
{
    public const string Name = "scripted-1";

    private readonly Channel<string>? typed;
    private int calls;

    private ScriptedChatClient(Channel<string> typed)
        : this() => this.typed = typed;

    public int Calls => calls;

    /// <summary>What it was asked, first to last.</summary>
    public ConcurrentQueue<IList<ChatMessage>> Asked { get; } = [];

    /// <summary>Thrown after the tokens.</summary>
    public Exception? Failure { get; set; }

    public bool Refuses { get; init; }

    public string ProviderName { get; init; } = "test";

    /// <summary>One that says what <see cref="Type"/> gives it, until <see cref="End"/>.</summary>
    public static ScriptedChatClient Typed() => new(Channel.CreateUnbounded<string>());

    public void Type(string token) => Assert.True(typed!.Writer.TryWrite(token));

    public void End() => typed!.Writer.Complete();

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref calls);
        Asked.Enqueue([.. messages]);
        if (Refuses)
        {
            yield return new() { AdditionalProperties = new() { ["refused"] = true } };
        }

        await foreach (var token in typed?.Reader.ReadAllAsync(cancellationToken) ?? tokens.ToAsyncEnumerable())
        {
            yield return new(ChatRole.Assistant, token);
        }

        if (Failure is not null)
        {
            throw Failure;
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The chat streams.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(ProviderName, defaultModelId: Name) : null;

    public void Dispose()
    {
    }
}
