using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>One answer in the making, piece of text by piece of text.</summary>
/// <remarks>A piece is what a token adds, which may be nothing: half a character, or the beginning of what may become a stop string, waits for the rest, and thoughts are not shown.</remarks>
/// <param name="tokens">The ids as they are chosen.</param>
/// <param name="decoder">Makes text of them.</param>
/// <param name="thoughtMarks">For a model that may think aloud: the marks around its thoughts that the decoder leaves out, by id. Null for other models.</param>
/// <param name="stops">End the answer; they are looked for in what is shown.</param>
/// <param name="owned">What the generation uses; disposed with this.</param>
internal sealed class TextGeneration(IGeneration tokens, StreamingDecoder decoder, IReadOnlyDictionary<int, string>? thoughtMarks, StopStrings stops, IDisposable owned) : IDisposable
{
    private readonly ThinkingFilter? thoughts = thoughtMarks is null ? null : new();
    private bool isFlushed;

    public GenerationFigures Figures => tokens.Figures;

    /// <summary>What the last step added.</summary>
    public string Current { get; private set; } = "";

    /// <summary>True when the answer ended by itself or with a stop string, false when it was cut off.</summary>
    public bool IsStopped => tokens.IsStopped || stops.IsStopped;

    /// <summary>Goes on by one token; false after the last piece.</summary>
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

    /// <summary>What a token makes certain. A mark that the decoder leaves out ends what it holds back: bytes before it are not those behind it.</summary>
    private string TextOf(int id) => thoughtMarks?.GetValueOrDefault(id) is { } mark ? decoder.Flush() + mark : decoder.Push(id);

    private string Shown(string text) => thoughts?.Push(text) ?? text;

    public void Dispose() => owned.Dispose();
}
