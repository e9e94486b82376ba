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

    public ValueTask OnTextAsync(string text, CancellationToken ct)
    {
        Assert.NotNull(Model);
        this.text.Append(text);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Lends one generator or null.</summary>
internal sealed class OnlyGenerator(IChatClient? generator) : IGeneratorSource
{
    public Lease<IChatClient>? Borrow() => generator is null ? null : new(generator);
}
