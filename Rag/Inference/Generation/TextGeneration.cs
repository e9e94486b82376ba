using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>One answer being generated, piece by piece of text.</summary>
/// <remarks>A piece is the text that a token adds, possibly none: half a character, or the beginning of a possible stop string, waits for the rest, and
/// thoughts are not shown.</remarks>
/// <param name="tokens">The ids as they are chosen.</param>
/// <param name="decoder">Decodes them to text.</param>
/// <param name="thoughtMarks">For a model that may think aloud: the marks around its thoughts that the decoder leaves out, by id. Null for other models.</param>
/// <param name="stops">End the answer; searched for in the shown text.</param>
/// <param name="owned">Resources of the generation, disposed with it.</param>
internal sealed class TextGeneration(IGeneration tokens, StreamingDecoder decoder, IReadOnlyDictionary<int, string>? thoughtMarks, StopStrings stops, IDisposable owned) : IDisposable
{
    private readonly ThinkingFilter? thoughts = thoughtMarks is null ? null : new();
    private bool isFlushed;

    public GenerationFigures Figures => tokens.Figures;

    /// <summary>The text that the last step added.</summary>
    public string Current { get; private set; } = "";

    /// <summary>True if the answer ended by itself or with a stop string, false if it was cut off.</summary>
    public bool IsStopped => tokens.IsStopped || stops.IsStopped;

    /// <summary>Advances by one token; returns false after the last piece.</summary>
    /// <exception cref="OnnxModelException">A run failed or was terminated.</exception>
    public bool MoveNext()
    {
        if (isFlushed || stops.IsStopped)
        {
            return false;
        }

        if (tokens.MoveNext())
        {
            Current = tokens.IsStopped ? "" : stops.Push(Shown(TextOf(tokens.Current)));
            return true;
        }

        isFlushed = true;
        Current = stops.Push(Shown(decoder.Flush()) + thoughts?.Flush()) + stops.Flush();
        return true;
    }

    /// <summary>Returns the text that a token completes. A mark that the decoder leaves out flushes it, so bytes before and after it do not combine.</summary>
    private string TextOf(int id) => thoughtMarks?.GetValueOrDefault(id) is { } mark ? decoder.Flush() + mark : decoder.Push(id);

    private string Shown(string text) => thoughts?.Push(text) ?? text;

    public void Dispose() => owned.Dispose();
}
