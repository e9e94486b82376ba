namespace Pybo.Rag.Models;

/// <summary>A model cannot be had, kept or removed; the message says in Korean why, and what to do.</summary>
/// <param name="message">For the reader.</param>
/// <param name="link">Where it can be mended, such as the page on which a licence is accepted.</param>
/// <param name="inner">The cause.</param>
public class ModelException(string message, Uri? link = null, Exception? inner = null) : Exception(message, inner)
{
    public Uri? Link => link;
}
