using System.Text;
using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Chat;

/// <summary>Records the events of an answer.</summary>
internal sealed class HeardAnswer(Func<Task>? onSources = null) : IAnswerListener
{
    private readonly StringBuilder text = new();

    public IReadOnlyList<ChatSource> Sources { get; private set; } = [];

    public string? Model { get; private set; }

    public string Text => text.ToString();

    public async ValueTask OnSourcesAsync(IReadOnlyList<ChatSource> sources, Notice? note, string model, CancellationToken ct)
    {
        Assert.Null(Model);
        (Sources, Model) = (sources, model);
        await (onSources?.Invoke() ?? Task.CompletedTask);
    }

    public List<(int Part, int Count)> Parts { get; } = [];

    public ValueTask OnPartAsync(int part, int count, CancellationToken ct)
    {
        Assert.NotNull(Model);
        Parts.Add((part, count));
        return ValueTask.CompletedTask;
    }

    public ValueTask OnTextAsync(string text, CancellationToken ct)
    {
        Assert.NotNull(Model);
        this.text.Append(text);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Lends scripted generators by their names, the first by default, or none.</summary>
internal sealed class LentGenerators(params IReadOnlyList<IChatClient?> generators) : IGeneratorSource
{
    public IReadOnlyList<GeneratorInfo> All => [.. generators.OfType<IChatClient>().Select(generator => new GeneratorInfo(NameOf(generator), generator is ScriptedChatClient { IsPretrained: true }))];

    public GeneratorInfo? Default => All is [var first, ..] ? first : null;

    public Lease<IChatClient>? Borrow(string? name = null) =>
        generators.OfType<IChatClient>().FirstOrDefault(generator => name is null || NameOf(generator) == name) is { } found ? new(found) : null;

    private static string NameOf(IChatClient generator) => new GeneratedAnswerer(generator).Model;
}
