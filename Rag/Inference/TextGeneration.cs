using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>One answer in the making, piece of text by piece of text.</summary>
/// <remarks>A piece is what a token adds, which may be nothing: half a character, or the beginning of what may become a stop string, waits for the rest.</remarks>
/// <param name="tokens">What is chosen.</param>
/// <param name="decoder">Makes text of it.</param>
/// <param name="stops">End it.</param>
/// <param name="owned">What the generation uses; disposed with this.</param>
internal sealed class TextGeneration(IGeneration tokens, StreamingDecoder decoder, StopStrings stops, IDisposable owned) : IDisposable
{
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
            Current = tokens.IsStopped ? "" : stops.Push(decoder.Push(tokens.Current));
            return true;
        }

        isFlushed = true;
        Current = stops.Push(decoder.Flush()) + stops.Flush();
        return true;
    }

    public void Dispose() => owned.Dispose();
}
