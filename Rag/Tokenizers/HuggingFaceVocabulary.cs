using Microsoft.ML.Tokenizers;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Encodes and decodes text as a Hugging Face <c>tokenizer.json</c> defines: added tokens, normaliser, pre-tokenizer, model, post-processor, decoder.
/// Ids and offsets equal those of the Hugging Face library, including its oddities. It does not pad or encode pairs: <c>truncation</c> and
/// <c>padding</c> of the file are ignored.
/// </summary>
internal sealed class HuggingFaceVocabulary : ModelVocabulary
{
    private readonly TokenizerParts parts;
    private readonly Dictionary<int, AddedToken> addedById;
    private readonly Dictionary<string, int> addedIds;
    private readonly AddedTokenFinder? addedInOriginal;
    private readonly AddedTokenFinder? addedInNormalized;

    /// <summary>The model that never produces a control token, for text that is not ours.</summary>
    private readonly TokenizerModel plainModel;

    public HuggingFaceVocabulary(TokenizerParts parts)
    {
        this.parts = parts;
        addedById = parts.AddedTokens.ToDictionary(t => t.Id);
        addedIds = parts.AddedTokens.ToDictionary(t => t.Content, t => t.Id, StringComparer.Ordinal);
        addedInOriginal = AddedTokenFinder.Create(parts.AddedTokens.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        addedInNormalized = AddedTokenFinder.Create(parts.AddedTokens.Where(t => t.Normalized).Select(t => (Normalize(t.Content), t)));
        plainModel = parts.Model.Without(parts.AddedTokens.Where(t => t.IsControl).Select(t => t.Id).ToHashSet());
        NeedsOffsets = parts.PreTokenizers.Any(p => p.NeedsOffsets);
        Size = Math.Max(parts.Model.VocabularySize, parts.AddedTokens.Select(t => t.Id + 1).DefaultIfEmpty().Max());
    }

    public override int Size { get; }

    /// <summary>True if the ids depend on places in the text, which are then tracked even for plain ids.</summary>
    public bool NeedsOffsets { get; }

    /// <summary>Adds special tokens around a text.</summary>
    public PostProcessor PostProcessor => parts.PostProcessor ?? PostProcessor.None;

    internal override IReadOnlyList<TokenDecoder> Decoders => parts.Decoders;

    public override Tokenizer TokenizerFor(SpecialTokens special) => new HuggingFaceTokenizer(this, special);

    public override int? TokenToId(string token) => addedIds.TryGetValue(token, out var id) ? id : parts.Model.TokenToId(token);

    public override string? IdToToken(int id) => addedById.GetValueOrDefault(id)?.Content ?? parts.Model.IdToToken(id);

    internal override bool IsSpecial(int id) => addedById.GetValueOrDefault(id) is { Special: true };

    internal override bool IsControl(int id) => addedById.GetValueOrDefault(id) is { IsControl: true };

    internal override bool TakesSpaceBefore(int id) => addedById.GetValueOrDefault(id) is { LeftStrip: true };

    internal override bool TakesSpaceAfter(int id) => addedById.GetValueOrDefault(id) is { RightStrip: true };

    /// <summary>Appends a text's tokens to <paramref name="tokens"/>; the caller disposes the returned text.</summary>
    /// <param name="findsControls">False leaves control tokens in the text as ordinary characters.</param>
    /// <param name="settings">Whether to normalise and to pre-tokenise.</param>
    public AlignedText Encode(ReadOnlySpan<char> text, bool tracksOffsets, bool findsControls, in EncodeSettings settings, List<ModelToken> tokens)
    {
        var aligned = new AlignedText(text, tracksOffsets);
        addedInOriginal?.Cut(aligned, findsControls);
        if (settings.ConsiderNormalization)
        {
            Normalize(aligned);
        }
        addedInNormalized?.Cut(aligned, findsControls);
        if (settings.ConsiderPreTokenization)
        {
            foreach (var preTokenizer in parts.PreTokenizers)
            {
                preTokenizer.PreTokenize(aligned);
            }
        }
        var model = findsControls ? parts.Model : plainModel;
        foreach (var split in aligned.Splits)
        {
            if (split.AddedTokenId == TextSplit.IsText)
            {
                model.Encode(aligned.CharsOf(split), split.Start, tokens);
            }
            else
            {
                tokens.Add(new ModelToken(split.AddedTokenId, split.Start, split.End));
            }
        }
        return aligned;
    }

    /// <summary>Returns a token's text: the vocabulary's; for an added token its match; for an unknown of a Unigram vocabulary the text itself
    /// (normalised).</summary>
    public string ValueOf(ModelToken token, AlignedText aligned)
    {
        var isMatchedText = token.Id == parts.Model.UnknownId ? parts.Model.ShowsUnknownText : addedById.ContainsKey(token.Id);
        return (isMatchedText ? null : parts.Model.IdToToken(token.Id)) ?? aligned.CharsAt(token.Start, token.End).ToString();
    }

    /// <summary>Applies only the normalisers to a text.</summary>
    public string Normalize(ReadOnlySpan<char> text)
    {
        using var aligned = new AlignedText(text, tracksOffsets: false);
        Normalize(aligned);
        return string.Concat(aligned.Splits.Select(split => aligned.CharsOf(split).ToString()));
    }

    private void Normalize(AlignedText aligned)
    {
        foreach (var normalizer in parts.Normalizers)
        {
            normalizer.Normalize(aligned);
        }
    }
}

/// <summary>The contents of a tokenizer.json, read and checked.</summary>
internal sealed record TokenizerParts(
    IReadOnlyList<AddedToken> AddedTokens,
    IReadOnlyList<Normalizer> Normalizers,
    IReadOnlyList<PreTokenizer> PreTokenizers,
    TokenizerModel Model,
    PostProcessor? PostProcessor,
    IReadOnlyList<TokenDecoder> Decoders);
