namespace Pybo.Rag.Tokenizers;

// The stages of a tokenizer.json, in the order text passes through them; a post-processor stands between model and decoders. Every
// kind of component is one sealed class below one of these; TokenizerComponents switches on "type" and makes them. A "Sequence" is no class: it is flattened there.
// All are immutable after loading and may be used from any thread.

/// <summary>Changes characters before anything is cut, e.g. Unicode compatibility forms.</summary>
internal abstract class Normalizer
{
    public abstract void Normalize(AlignedText text);
}

/// <summary>Cuts the normalised text into the stretches (mostly words) that the model sees one by one.</summary>
internal abstract class PreTokenizer
{
    /// <summary>True where the cut depends on places in the original, so that they are tracked even for plain ids.</summary>
    public virtual bool NeedsOffsets => false;

    public abstract void PreTokenize(AlignedText text);
}

/// <summary>A token found by the model: its id and the stretch [Start, End) of the worked-on text that it covers.</summary>
internal readonly record struct ModelToken(int Id, int Start, int End);

/// <summary>The vocabulary, and the algorithm that covers one stretch of text with its tokens.</summary>
internal abstract class TokenizerModel
{
    public abstract int VocabularySize { get; }

    /// <summary>The id given to what the vocabulary cannot spell; null where there is none.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>True where a token for the unknown is shown as the text it stands for; otherwise as its piece.</summary>
    public virtual bool ShowsUnknownText => false;

    public abstract int? TokenToId(ReadOnlySpan<char> token);

    public abstract string? IdToToken(int id);

    /// <summary>Appends the tokens of <paramref name="word"/>, which starts at <paramref name="start"/> of the worked-on text. Linear in its length.</summary>
    public abstract void Encode(ReadOnlySpan<char> word, int start, List<ModelToken> tokens);

    /// <summary>The same model, which never spells a text with these ids. The id for the unknown still stands for the unknown.</summary>
    public abstract TokenizerModel Without(IReadOnlySet<int> ids);
}

/// <summary>Turns the tokens of an answer back into text. What comes out of the last decoder is joined without anything between.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Begins one text; what is pushed goes on to <paramref name="next"/>, decoded, at once or when it is flushed.</summary>
    public abstract DecodingStep Start(DecodingStep next);
}

/// <summary>A decoder at work on one text: it may remember what came before. Not for several threads.</summary>
internal abstract class DecodingStep
{
    public abstract void Push(string token);

    /// <summary>Hands on what is held back, and begins anew.</summary>
    public abstract void Flush();
}

/// <summary>A decoder that looks at one token at a time.</summary>
internal abstract class SingleTokenDecoder : TokenDecoder
{
    /// <param name="index">The token's place among those decoded, from 0.</param>
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
