using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>A generator in memory, for one caller at a time.</summary>
internal interface ILanguageModel : IDisposable
{
    string Name { get; }

    /// <summary>Encodes messages as a prompt's ids.</summary>
    /// <exception cref="ArgumentException">The model's template has no place for them.</exception>
    int[] Encode(IEnumerable<ChatMessage> messages);

    /// <summary>Starts an answer; nothing runs until the first piece is requested.</summary>
    /// <param name="prompt">The result of <see cref="Encode"/>.</param>
    /// <param name="options">The answer's limit, sampling and stop strings; null for the model's own.</param>
    /// <param name="ct">Ends a run in progress, which then throws.</param>
    /// <exception cref="ArgumentException">The prompt is too long.</exception>
    TextGeneration Begin(int[] prompt, ChatOptions? options, CancellationToken ct);
}

/// <summary>One answer being generated, token by token.</summary>
internal interface IGeneration
{
    GenerationFigures Figures { get; }

    /// <summary>The last chosen token.</summary>
    int Current { get; }

    /// <summary>True when <see cref="Current"/> ends the answer by itself.</summary>
    bool IsStopped { get; }

    /// <summary>Chooses the next token; false after a stop id or at the limit.</summary>
    /// <exception cref="OnnxModelException">A run failed or was terminated.</exception>
    bool MoveNext();
}
