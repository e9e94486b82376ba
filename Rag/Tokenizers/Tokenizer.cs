using System.Runtime.InteropServices;

namespace Pybo.Rag.Tokenizers;

/// <summary>A token of an encoded text.</summary>
/// <param name="Id">Its place in the vocabulary.</param>
/// <param name="Value">Its text: the vocabulary's; for an added token what it matched, for what a Unigram vocabulary cannot spell that stretch (normalised).</param>
/// <param name="Offset">Where it comes from in the text as given, in UTF-16 units; 0..0 for a special token that no text stands for.</param>
public readonly record struct EncodedToken(int Id, string Value, Range Offset);

/// <summary>
/// Text to ids and back, as a Hugging Face <c>tokenizer.json</c> says: added tokens, normaliser, pre-tokenizer, model,
/// post-processor, decoder. Ids and offsets equal those of the Hugging Face library, whose oddities are kept on purpose.
/// It does not cut to a length, pad, or encode pairs: <c>truncation</c> and <c>padding</c> of the file are ignored.
/// Immutable: use one from any number of threads.
/// </summary>
/// <example><code>
/// var tokenizer = Tokenizer.Load("models/embedded/tokenizer.json");
/// tokenizer.EncodeToIds("query: ");            // 0 40 864 12 2, that is &lt;s&gt; ▁qu ery : &lt;/s&gt;
/// tokenizer.Decode([0, 40, 864, 12, 2]);       // "query:"
/// </code></example>
public sealed class Tokenizer
{
    /// <summary>No text is longer, in UTF-16 units; documents are cut up long before.</summary>
    public const int TextLengthMax = 1 << 24;

    private static readonly Range Nowhere = 0..0;

    private readonly TokenizerParts parts;
    private readonly Dictionary<int, AddedToken> addedById;
    private readonly Dictionary<string, int> addedIds;
    private readonly AddedTokenFinder? addedInOriginal;
    private readonly AddedTokenFinder? addedInNormalized;
    private readonly bool needsOffsets;

    /// <summary>The model that spells no control token, for text that is not ours.</summary>
    private readonly TokenizerModel plainModel;

    internal Tokenizer(TokenizerParts parts)
    {
        this.parts = parts;
        addedById = parts.AddedTokens.ToDictionary(t => t.Id);
        addedIds = parts.AddedTokens.ToDictionary(t => t.Content, t => t.Id, StringComparer.Ordinal);
        addedInOriginal = AddedTokenFinder.Create(parts.AddedTokens.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        addedInNormalized = AddedTokenFinder.Create(parts.AddedTokens.Where(t => t.Normalized).Select(t => (Normalize(t.Content), t)));
        plainModel = parts.Model.Without(parts.AddedTokens.Where(t => t.IsControl).Select(t => t.Id).ToHashSet());
        needsOffsets = parts.PreTokenizers.Any(p => p.NeedsOffsets);
        VocabularySize = Math.Max(parts.Model.VocabularySize, parts.AddedTokens.Select(t => t.Id + 1).DefaultIfEmpty().Max());
    }

    /// <summary>One more than the highest id, added tokens included.</summary>
    public int VocabularySize { get; }

    /// <summary>Reads a <c>tokenizer.json</c>, a BERT <c>vocab.txt</c> with the settings beside it, or of a folder whichever it has, the former first.</summary>
    /// <exception cref="InvalidDataException">It is missing, not JSON, or not a tokenizer this program knows; the message names the file, the part and what to do.</exception>
    public static Tokenizer Load(string path) => new(TokenizerFile.Read(path));

    /// <summary>Reads a <c>tokenizer.json</c> to the end of the stream; the caller closes it.</summary>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    public static Tokenizer Load(Stream stream) => new(TokenizerFile.Read(stream));

    internal IReadOnlyList<TokenDecoder> Decoders => parts.Decoders;

    /// <summary>The ids of a text.</summary>
    /// <param name="addSpecialTokens">Puts the special tokens of the post-processor around it.</param>
    /// <param name="matchSpecialTokens">
    /// False for text that others wrote: a control token written out in it is ordinary characters then, and no such id comes out,
    /// whatever the text. Control tokens are the special ones and what looks like one (&lt;unused7&gt;, [multimodal]); added tokens
    /// that are text (runs of line feeds, HTML tags) are found all the same.
    /// </param>
    /// <exception cref="ArgumentException">The text is longer than <see cref="TextLengthMax"/>.</exception>
    public int[] EncodeToIds(string text, bool addSpecialTokens = true, bool matchSpecialTokens = true)
    {
        var tokens = new List<ModelToken>();
        using var aligned = Encode(text, needsOffsets, matchSpecialTokens, tokens);
        var (before, after) = Around(addSpecialTokens);
        var ids = new int[before.Count + tokens.Count + after.Count];
        var i = 0;
        foreach (var special in before)
        {
            ids[i++] = special.Id;
        }
        foreach (var token in CollectionsMarshal.AsSpan(tokens))
        {
            ids[i++] = token.Id;
        }
        foreach (var special in after)
        {
            ids[i++] = special.Id;
        }
        return ids;
    }

    /// <summary>The tokens of a text with the places they come from.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="TextLengthMax"/>.</exception>
    public IReadOnlyList<EncodedToken> EncodeToTokens(string text, bool addSpecialTokens = true, bool matchSpecialTokens = true)
    {
        var tokens = new List<ModelToken>();
        using var aligned = Encode(text, tracksOffsets: true, matchSpecialTokens, tokens);
        var (before, after) = Around(addSpecialTokens);
        var encoded = new List<EncodedToken>(before.Count + tokens.Count + after.Count);
        encoded.AddRange(before.Select(s => new EncodedToken(s.Id, s.Value, Nowhere)));
        foreach (var (id, start, end) in tokens)
        {
            var isMatchedText = id == parts.Model.UnknownId ? parts.Model.ShowsUnknownText : addedById.ContainsKey(id);
            var value = (isMatchedText ? null : parts.Model.IdToToken(id)) ?? aligned.CharsAt(start, end).ToString();
            var place = aligned.OriginalRange(start, end);
            encoded.Add(new EncodedToken(id, value, parts.PostProcessor is { TrimsOffsets: true } ? Trim(text, place) : place));
        }
        encoded.AddRange(after.Select(s => new EncodedToken(s.Id, s.Value, Nowhere)));
        return encoded;
    }

    /// <summary>How many ids <see cref="EncodeToIds"/> would give, without making them.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="TextLengthMax"/>.</exception>
    public int CountTokens(string text, bool addSpecialTokens = true, bool matchSpecialTokens = true)
    {
        var tokens = new List<ModelToken>();
        using var aligned = Encode(text, needsOffsets, matchSpecialTokens, tokens);
        var (before, after) = Around(addSpecialTokens);
        return before.Count + tokens.Count + after.Count;
    }

    /// <summary>The text of ids. Ids outside the vocabulary are left out.</summary>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => new StreamingDecoder(this, skipSpecialTokens).DecodeAll(ids);

    public int? TokenToId(string token) => addedIds.TryGetValue(token, out var id) ? id : parts.Model.TokenToId(token);

    public string? IdToToken(int id) => addedById.GetValueOrDefault(id)?.Content ?? parts.Model.IdToToken(id);

    internal bool IsSpecial(int id) => addedById.GetValueOrDefault(id) is { Special: true };

    private AlignedText Encode(string text, bool tracksOffsets, bool matchSpecialTokens, List<ModelToken> tokens)
    {
        if (text.Length > TextLengthMax)
        {
            throw new ArgumentException($"The text has {text.Length} characters; at most {TextLengthMax} are tokenised at once.", nameof(text));
        }
        var aligned = new AlignedText(text, tracksOffsets);
        addedInOriginal?.Cut(aligned, matchSpecialTokens);
        foreach (var normalizer in parts.Normalizers)
        {
            normalizer.Normalize(aligned);
        }
        addedInNormalized?.Cut(aligned, matchSpecialTokens);
        foreach (var preTokenizer in parts.PreTokenizers)
        {
            preTokenizer.PreTokenize(aligned);
        }
        var model = matchSpecialTokens ? parts.Model : plainModel;
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

    private static Range Trim(string text, Range place)
    {
        var start = place.End.Value - text.AsSpan()[place].TrimStart().Length;
        return start..(start + text.AsSpan(start, place.End.Value - start).TrimEnd().Length);
    }

    private string Normalize(string text)
    {
        using var aligned = new AlignedText(text, tracksOffsets: false);
        foreach (var normalizer in parts.Normalizers)
        {
            normalizer.Normalize(aligned);
        }
        return string.Concat(aligned.Splits.Select(split => aligned.CharsOf(split).ToString()));
    }

    private (IReadOnlyList<SpecialToken> Before, IReadOnlyList<SpecialToken> After) Around(bool addSpecialTokens) =>
        addSpecialTokens && parts.PostProcessor is { } template ? (template.Before, template.After) : ([], []);
}

/// <summary>What a tokenizer.json says, read and checked.</summary>
internal sealed record TokenizerParts(
    IReadOnlyList<AddedToken> AddedTokens,
    IReadOnlyList<Normalizer> Normalizers,
    IReadOnlyList<PreTokenizer> PreTokenizers,
    TokenizerModel Model,
    PostProcessor? PostProcessor,
    IReadOnlyList<TokenDecoder> Decoders);
