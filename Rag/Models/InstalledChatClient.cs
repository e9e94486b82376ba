using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Pybo.Rag.Inference;
using Pybo.Rag.Onnx;

namespace Pybo.Rag.Models;

/// <summary>The generator that is installed at the moment, chosen by the settings; where there is none, the answerer that needs none.</summary>
/// <remarks>A model that is pulled, registered or removed while the site runs counts from the next question on.</remarks>
public sealed partial class InstalledChatClient(InstalledModels installed, IChatClient builtIn, IOptions<PyboOptions> options, ILogger<InstalledChatClient> log, TimeProvider? time = null) : IChatClient
{
    /// <summary>The setting that chooses the built-in answerer although a model is installed.</summary>
    public const string BuiltIn = "extractive";

    /// <summary>A page asks several times for the name: the folders are looked at no more often.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private OnnxChatClient? generator;
    private InstalledModel? model;
    private long? lookedAt;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Current().GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Current().GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => Current().GetService(serviceType, serviceKey);

    public void Dispose() => generator?.Dispose();

    private IChatClient Current()
    {
        lock (gate)
        {
            if (lookedAt is not { } last || time.GetElapsedTime(last) >= LookInterval)
            {
                Look();
                lookedAt = time.GetTimestamp();
            }

            return generator ?? builtIn;
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

        var before = generator;
        (model, generator) = (found, found is null ? null : Open(found));
        if (before is not null)
        {
            // It may be answering: it is disposed when that answer has ended.
            _ = Task.Run(before.Dispose);
        }
    }

    private OnnxChatClient? Open(InstalledModel found)
    {
        try
        {
            var client = new OnnxChatClient(
                LanguageModelFolder.Read(found.Folder, found.Name),
                new() { ContextTokensMax = options.Value.ContextTokens, UnloadAfter = TimeSpan.FromMinutes(options.Value.UnloadModelAfterMinutes) });
            Answers(log, found.Name);
            return client;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or OnnxRuntimeException)
        {
            // The chat must work without the model; the reason goes to the log, and the page names who answers.
            Broken(log, found.Folder, error);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The generation model '{Model}' is not installed, so answers are quotations. Install it with 'models pull' or 'models add', or name another one (Pybo:GenerationModel). Looked for a folder of that name, and in {Root}.")]
    private static partial void Missing(ILogger log, string model, string root);

    [LoggerMessage(LogLevel.Error, "The generation model in {Folder} cannot be used; answers are quotations.")]
    private static partial void Broken(ILogger log, string folder, Exception error);

    [LoggerMessage(LogLevel.Information, "{Model} writes the answers; it is loaded by the first question.")]
    private static partial void Answers(ILogger log, string model);
}
