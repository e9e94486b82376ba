using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.Tokenizers;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Adapts a <see cref="HuggingFaceVocabulary"/> to the package's tokenizer, with one rule for special tokens. Offsets and indexes are UTF-16 units of
/// the given text, so no normalised text is returned with them; <see cref="Normalizer"/> produces it.
/// </summary>
internal sealed class HuggingFaceTokenizer : Tokenizer
{
    /// <summary>Maximum length of a text in UTF-16 units; documents are split long before.</summary>
    public const int TextLengthMax = 1 << 24;

    private static readonly Range Nowhere = 0..0;

    private readonly HuggingFaceVocabulary vocabulary;
    private readonly bool findsControls;
    private readonly PostProcessor around;

    public HuggingFaceTokenizer(HuggingFaceVocabulary vocabulary, SpecialTokens special)
    {
        this.vocabulary = vocabulary;
        findsControls = special.HasFlag(SpecialTokens.Found);
        around = special.HasFlag(SpecialTokens.Added) ? vocabulary.PostProcessor : vocabulary.PostProcessor with { Before = [], After = [] };
        Normalizer = new VocabularyNormalizer(vocabulary);
    }

    /// <summary>The normalisers of the file in sequence. They treat added tokens, which the tokenizer keeps unchanged, as text.</summary>
    public override Microsoft.ML.Tokenizers.Normalizer Normalizer { get; }

    private int AroundCount => around.Before.Count + around.After.Count;

    /// <summary>Decodes ids without special tokens. Ids outside the vocabulary are omitted.</summary>
    public override string Decode(IEnumerable<int> ids) => vocabulary.Decode(ids);

    /// <summary>Decodes ids completely or not at all: a character's bytes may be spread over several tokens.</summary>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        int[] all = [.. ids];
        var text = vocabulary.Decode(all);
        if (!text.TryCopyTo(destination))
        {
            (idsConsumed, charsWritten) = (0, 0);
            return OperationStatus.DestinationTooSmall;
        }
        (idsConsumed, charsWritten) = (all.Length, text.Length);
        return OperationStatus.Done;
    }

    /// <summary>Returns a text's ids, special tokens included. At a token limit it encodes as many characters as fit and keeps the special tokens.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="TextLengthMax"/>, or the special tokens alone exceed the limit.</exception>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var chars = text is null ? textSpan : text;
        var tokens = new List<ModelToken>();
        using var aligned = Encode(chars, vocabulary.NeedsOffsets || settings.MaxTokenCount != int.MaxValue, settings, tokens);
        var kept = Fitting(tokens, aligned, settings.MaxTokenCount, fromEnd: false);
        var ids = new int[around.Before.Count + kept + around.After.Count];
        var i = 0;
        foreach (var special in around.Before)
        {
            ids[i++] = special.Id;
        }
        foreach (var token in CollectionsMarshal.AsSpan(tokens)[..kept])
        {
            ids[i++] = token.Id;
        }
        foreach (var special in around.After)
        {
            ids[i++] = special.Id;
        }
        return new() { Tokens = ids, CharsConsumed = EndOf(kept, tokens, aligned, chars) };
    }

    /// <summary>Returns a text's tokens with their offsets; 0..0 for a special token that is not in the text.</summary>
    /// <exception cref="ArgumentException">As for <c>EncodeToIds</c>.</exception>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var chars = text is null ? textSpan : text;
        var tokens = new List<ModelToken>();
        using var aligned = Encode(chars, tracksOffsets: true, settings, tokens);
        var kept = Fitting(tokens, aligned, settings.MaxTokenCount, fromEnd: false);
        var encoded = new List<EncodedToken>(kept + AroundCount);
        encoded.AddRange(around.Before.Select(s => new EncodedToken(s.Id, s.Value, Nowhere)));
        foreach (var token in CollectionsMarshal.AsSpan(tokens)[..kept])
        {
            var place = aligned.OriginalRange(token.Start, token.End);
            encoded.Add(new EncodedToken(token.Id, vocabulary.ValueOf(token, aligned), around.TrimsOffsets ? Trim(chars, place) : place));
        }
        encoded.AddRange(around.After.Select(s => new EncodedToken(s.Id, s.Value, Nowhere)));
        return new() { Tokens = encoded, CharsConsumed = EndOf(kept, tokens, aligned, chars) };
    }

    /// <summary>Counts a text's ids without creating them.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="TextLengthMax"/>.</exception>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var tokens = new List<ModelToken>();
        using var aligned = Encode(text is null ? textSpan : text, vocabulary.NeedsOffsets, settings, tokens);
        return Math.Min(tokens.Count + AroundCount, settings.MaxTokenCount);
    }

    /// <summary>Finds where to cut the text so that the kept part, special tokens included, is within the token limit. Never cuts inside a character.</summary>
    /// <returns>The index after the kept part; when cutting from the end, the index where it begins.</returns>
    /// <exception cref="ArgumentException">As for <c>EncodeToIds</c>.</exception>
    protected override int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        var chars = text is null ? textSpan : text;
        var tokens = new List<ModelToken>();
        using var aligned = Encode(chars, tracksOffsets: true, settings, tokens);
        var kept = Fitting(tokens, aligned, settings.MaxTokenCount, fromEnd);
        (normalizedText, tokenCount) = (null, kept + AroundCount);
        return !fromEnd ? EndOf(kept, tokens, aligned, chars)
            : kept == tokens.Count ? 0
            : kept == 0 ? chars.Length
            : PlaceOf(tokens[^kept], aligned).Start.Value;
    }

    private AlignedText Encode(ReadOnlySpan<char> text, bool tracksOffsets, in EncodeSettings settings, List<ModelToken> tokens) => text.Length <= TextLengthMax
        ? vocabulary.Encode(text, tracksOffsets, findsControls, settings, tokens)
        : throw new ArgumentException($"The text has {text.Length} characters; at most {TextLengthMax} are tokenised at once.", nameof(text));

    /// <summary>Counts the tokens that fit in addition to the special ones, from the start or from the end. Tokens that share a character stay together.</summary>
    private int Fitting(List<ModelToken> tokens, AlignedText aligned, int tokensMax, bool fromEnd)
    {
        var room = tokensMax - AroundCount;
        if (tokens.Count <= room)
        {
            return tokens.Count;
        }
        ArgumentOutOfRangeException.ThrowIfNegative(room, nameof(tokensMax));
        for (var kept = room; kept > 0; kept--)
        {
            var next = fromEnd ? tokens.Count - kept : kept;
            if (PlaceOf(tokens[next - 1], aligned).End.Value <= PlaceOf(tokens[next], aligned).Start.Value)
            {
                return kept;
            }
        }
        return 0;
    }

    private static int EndOf(int kept, List<ModelToken> tokens, AlignedText aligned, ReadOnlySpan<char> text) =>
        kept == tokens.Count ? text.Length : kept == 0 ? 0 : PlaceOf(tokens[kept - 1], aligned).End.Value;

    private static Range PlaceOf(ModelToken token, AlignedText aligned) => aligned.OriginalRange(token.Start, token.End);

    private static Range Trim(ReadOnlySpan<char> text, Range place)
    {
        var start = place.End.Value - text[place].TrimStart().Length;
        return start..(start + text[start..place.End.Value].TrimEnd().Length);
    }

    private sealed class VocabularyNormalizer(HuggingFaceVocabulary vocabulary) : Microsoft.ML.Tokenizers.Normalizer
    {
        public override string Normalize(string original) => vocabulary.Normalize(original);

        public override string Normalize(ReadOnlySpan<char> original) => vocabulary.Normalize(original);
    }
}
