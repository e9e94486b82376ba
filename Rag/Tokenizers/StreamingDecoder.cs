using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Decodes ids while they are generated: each push returns the text that is certain by then, never half a character. All output, the flush included,
/// equals <see cref="ModelVocabulary.Decode"/> of all ids. Use one instance per text, on one thread.
/// </summary>
/// <example><code>
/// var decoder = new StreamingDecoder(vocabulary);
/// decoder.Push(237);     // "", the first of the three bytes of a character
/// decoder.Flush();       // the rest; then the next text may begin
/// </code></example>
public sealed class StreamingDecoder
{
    private readonly ModelVocabulary vocabulary;
    private readonly bool skipSpecialTokens;
    private readonly Output output;
    private readonly DecodingStep first;

    /// <param name="skipSpecialTokens">Omits the tokens that the file calls special, such as the end of a turn.</param>
    public StreamingDecoder(ModelVocabulary vocabulary, bool skipSpecialTokens = true)
    {
        (this.vocabulary, this.skipSpecialTokens) = (vocabulary, skipSpecialTokens);
        output = new Output(vocabulary.Decoders.Count == 0 ? " " : string.Empty);
        first = vocabulary.Decoders.Reverse().Aggregate((DecodingStep)output, (next, decoder) => decoder.Start(next));
    }

    /// <summary>Returns the text that this id completes; often empty. An id outside the vocabulary is ignored.</summary>
    public string Push(int id)
    {
        Add(id);
        return output.Take();
    }

    /// <summary>Returns the text that was still held back, and resets the decoder.</summary>
    public string Flush()
    {
        first.Flush();
        return output.Take();
    }

    internal string DecodeAll(IEnumerable<int> ids)
    {
        foreach (var id in ids)
        {
            Add(id);
        }
        return Flush();
    }

    private void Add(int id)
    {
        if (!(skipSpecialTokens && vocabulary.IsSpecial(id)) && vocabulary.IdToToken(id) is { } token)
        {
            first.Push(token);
        }
    }

    private sealed class Output(string separator) : DecodingStep
    {
        private readonly StringBuilder text = new();
        private bool isFirst = true;

        public override void Push(string token)
        {
            text.Append(isFirst ? string.Empty : separator).Append(token);
            isFirst = false;
        }

        public override void Flush() => isFirst = true;

        public string Take()
        {
            var taken = text.ToString();
            text.Clear();
            return taken;
        }
    }
}
