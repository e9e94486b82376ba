using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>A generator in memory. For one caller at a time.</summary>
internal interface ILanguageModel : IDisposable
{
    string Name { get; }

    /// <summary>The ids of the prompt that messages make.</summary>
    /// <exception cref="ArgumentException">The model's template has no place for them.</exception>
    int[] Encode(IEnumerable<ChatMessage> messages);

    /// <summary>Begins an answer; nothing runs until the first piece is asked for.</summary>
    /// <param name="prompt">Of <see cref="Encode"/>.</param>
    /// <param name="options">The answer's limit, how it is sampled, where it stops; null for the model's own.</param>
    /// <param name="ct">Ends a run that is under way, which then throws.</param>
    /// <exception cref="ArgumentException">The prompt is too long.</exception>
    TextGeneration Begin(int[] prompt, ChatOptions? options, CancellationToken ct);
}

/// <summary>An answer in the making, token by token.</summary>
internal interface IGeneration
{
    GenerationFigures Figures { get; }

    /// <summary>The token chosen last.</summary>
    int Current { get; }

    /// <summary>True when <see cref="Current"/> ends the answer by itself.</summary>
    bool IsStopped { get; }

    /// <summary>Chooses the next token; false after a stop id or at the limit.</summary>
    /// <exception cref="OnnxModelException">A run failed or was terminated.</exception>
    bool MoveNext();
}
