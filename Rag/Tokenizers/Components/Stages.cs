namespace Pybo.Rag.Tokenizers;

// The stages of a tokenizer.json, in the order text passes through them; a post-processor runs between model and decoders. Every kind of component is one
// sealed class derived from one of these; TokenizerComponents switches on "type" and creates them. A "Sequence" has no class: it is flattened there. All are
// immutable after loading and safe for any thread.

/// <summary>Changes characters before anything is cut, e.g. Unicode compatibility forms.</summary>
internal abstract class Normalizer
{
    public abstract void Normalize(AlignedText text);
}

/// <summary>Cuts the normalised text into the spans (mostly words) that the model sees one by one.</summary>
internal abstract class PreTokenizer
{
    /// <summary>True if the cut depends on places in the original, which are then tracked even for plain ids.</summary>
    public virtual bool NeedsOffsets => false;

    public abstract void PreTokenize(AlignedText text);
}

/// <summary>A token found by the model: its id and the span [Start, End) of the processed text that it covers.</summary>
internal readonly record struct ModelToken(int Id, int Start, int End);

/// <summary>The vocabulary, and the algorithm that encodes one span of text with it.</summary>
internal abstract class TokenizerModel
{
    public abstract int VocabularySize { get; }

    /// <summary>The id for text that the vocabulary cannot encode; null if there is none.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>True if an unknown token is shown as its original text; otherwise as its piece.</summary>
    public virtual bool ShowsUnknownText => false;

    public abstract int? TokenToId(ReadOnlySpan<char> token);

    public abstract string? IdToToken(int id);

    /// <summary>Appends the tokens of <paramref name="word"/>, which starts at <paramref name="start"/> of the processed text. Linear in its length.</summary>
    public abstract void Encode(ReadOnlySpan<char> word, int start, List<ModelToken> tokens);

    /// <summary>Returns the same model, which never encodes a text with these ids. The id for the unknown keeps its role.</summary>
    public abstract TokenizerModel Without(IReadOnlySet<int> ids);
}

/// <summary>Turns the tokens of an answer back into text. The last decoder's output is concatenated without separators.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Starts one text; passes each pushed token, decoded, to <paramref name="next"/>, at once or on flush.</summary>
    public abstract DecodingStep Start(DecodingStep next);
}

/// <summary>A decoder's state for one text: it may remember earlier tokens. For one thread.</summary>
internal abstract class DecodingStep
{
    public abstract void Push(string token);

    /// <summary>Passes on the text held back, and resets.</summary>
    public abstract void Flush();
}

/// <summary>A decoder that looks at one token at a time.</summary>
internal abstract class SingleTokenDecoder : TokenDecoder
{
    /// <param name="index">The token's index among those decoded, from 0.</param>
    public abstract string Decode(string token, int index);

    public override DecodingStep Start(DecodingStep next) => new Step(this, next);

    private sealed class Step(SingleTokenDecoder decoder, DecodingStep next) : DecodingStep
    {
        private int index;

        public override void Push(string token) => next.Push(decoder.Decode(token, index++));

        public override void Flush()
        {
            index = 0;
            next.Flush();
        }
    }
}
