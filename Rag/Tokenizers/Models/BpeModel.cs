using System.Buffers;
using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>The options of a "model" of type BPE, apart from its vocabulary and merges.</summary>
/// <param name="UnknownId">Replaces a character that has no piece; null omits such characters.</param>
/// <param name="FuseUnknown">Adjacent unknown characters form one token.</param>
/// <param name="ByteFallback">A character without a piece becomes one token "&lt;0xNN&gt;" per UTF-8 byte, if the vocabulary has them all.</param>
/// <param name="IgnoreMerges">A word that is itself a piece becomes that piece, regardless of the merges.</param>
internal sealed record BpeOptions(int? UnknownId, bool FuseUnknown, bool ByteFallback, bool IgnoreMerges);

/// <summary>
/// The "BPE" model: a word starts as its characters; the adjacent pair with the lowest merge rank (the leftmost of equals) is joined until no merge
/// applies. It does not drop merges at random and does not train.
/// </summary>
/// <remarks>Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016), over characters as SentencePiece does.</remarks>
/// <example>Merges "나 무", "▁ 나무": "▁나무" → ▁, 나, 무 → ▁, 나무 → ▁나무.</example>
internal sealed class BpeModel : TokenizerModel
{
    /// <summary>For fewer symbols, scanning all of them is faster than a queue.</summary>
    private const int ScannedSymbolsMax = 48;

    private readonly Vocabulary vocabulary;
    private readonly MergeTable merges;
    private readonly BpeOptions options;

    /// <summary>Null if merges may join pieces that are not adjacent in the text: then nothing can be cut.</summary>
    private readonly JointFilter? joints;

    /// <summary>By UTF-16 unit: the piece for this single character.</summary>
    private readonly int[] characterIds;
    private readonly int[]? byteIds;
    private readonly IReadOnlySet<int>? forbidden;

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
        : this(vocabulary, merges, options, CharacterIds(vocabulary), forbidden: null)
    {
    }

    private BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options, int[] characterIds, IReadOnlySet<int>? forbidden)
    {
        (this.vocabulary, this.merges, this.options, this.characterIds, this.forbidden) = (vocabulary, merges, options, characterIds, forbidden);
        byteIds = options.ByteFallback ? vocabulary.ByteIds() : null;
        joints = Joints();
    }

    public override int VocabularySize => vocabulary.Size;

    public override int? UnknownId => options.UnknownId;

    public override int? TokenToId(ReadOnlySpan<char> token) => vocabulary.Find(token) is var id && id != Vocabulary.NoPiece ? id : null;

    public override string? IdToToken(int id) => vocabulary.Text(id);

    public override TokenizerModel Without(IReadOnlySet<int> ids) => CanSpell(ids)
        ? new BpeModel(vocabulary, new MergeTable(merges, id => !ids.Contains(id)), options, [.. characterIds.Select(id => ids.Contains(id) ? Vocabulary.NoPiece : id)], ids)
        : this; // usually: control tokens are not results of merges

    public override void Encode(ReadOnlySpan<char> word, int start, List<ModelToken> tokens)
    {
        if (options.IgnoreMerges && vocabulary.Find(word) is var whole && whole != Vocabulary.NoPiece && forbidden?.Contains(whole) != true)
        {
            tokens.Add(new ModelToken(whole, start, start + word.Length));
            return;
        }
        var first = tokens.Count;
        for (int begin = 0, end; begin < word.Length; begin = end)
        {
            end = begin + 1;
            while (end < word.Length && (joints is null || joints.MayJoin(word[end - 1], word[end]) || char.IsLowSurrogate(word[end])))
            {
                end++;
            }
            EncodeUncuttable(word[begin..end], start + begin, first, tokens);
        }
    }

    private bool CanSpell(IReadOnlySet<int> ids)
    {
        foreach (var (_, _, rank) in merges)
        {
            if (ids.Contains(merges.IdOf(rank)))
            {
                return true;
            }
        }
        return options.IgnoreMerges || characterIds.Any(ids.Contains);
    }

    private void EncodeUncuttable(ReadOnlySpan<char> text, int start, int first, List<ModelToken> tokens)
    {
        if (text.Length == 1 && characterIds[text[0]] is var id && id != Vocabulary.NoPiece)
        {
            tokens.Add(new ModelToken(id, start, start + 1));
            return;
        }
        const int symbolsPerUnitMax = 3; // the UTF-8 bytes of a character
        BpeSymbol[]? rented = null;
        var symbols = text.Length <= ScannedSymbolsMax / symbolsPerUnitMax
            ? stackalloc BpeSymbol[ScannedSymbolsMax]
            : (rented = ArrayPool<BpeSymbol>.Shared.Rent(byteIds is null ? text.Length : Encoding.UTF8.GetByteCount(text)));
        symbols = symbols[..ReadSymbols(text, symbols)];
        symbols = symbols.Length <= ScannedSymbolsMax ? BpeMerging.Scan(symbols, merges) : BpeMerging.Queue(symbols, merges);
        foreach (ref readonly var symbol in symbols)
        {
            Append(new ModelToken(symbol.Id, start + symbol.Start, start + symbol.End), first, tokens);
        }
        if (rented is not null)
        {
            ArrayPool<BpeSymbol>.Shared.Return(rented);
        }
    }

    /// <summary>Writes the text's initial symbols and returns their number.</summary>
    private int ReadSymbols(ReadOnlySpan<char> text, Span<BpeSymbol> symbols)
    {
        var count = 0;
        for (int begin = 0, end; begin < text.Length; begin = end)
        {
            end = begin + (char.IsHighSurrogate(text[begin]) && begin + 1 < text.Length ? 2 : 1);
            var character = text[begin..end];
            var id = character.Length == 1 ? characterIds[character[0]] : vocabulary.Find(character);
            if (id != Vocabulary.NoPiece && forbidden?.Contains(id) != true)
            {
                symbols[count++] = new BpeSymbol(id, begin, end);
            }
            else if (byteIds is null || !TryReadBytes(byteIds, character, begin, symbols, ref count))
            {
                if (options.UnknownId is { } unknown)
                {
                    symbols[count++] = new BpeSymbol(unknown, begin, end);
                }
            }
        }
        return count;
    }

    private static bool TryReadBytes(int[] byteIds, ReadOnlySpan<char> character, int begin, Span<BpeSymbol> symbols, ref int count)
    {
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..Encoding.UTF8.GetBytes(character, utf8)];
        foreach (var b in utf8)
        {
            if (byteIds[b] == Vocabulary.NoPiece)
            {
                return false;
            }
        }
        foreach (var b in utf8)
        {
            symbols[count++] = new BpeSymbol(byteIds[b], begin, begin + character.Length);
        }
        return true;
    }

    private void Append(ModelToken token, int first, List<ModelToken> tokens)
    {
        if (options.FuseUnknown && token.Id == options.UnknownId && tokens.Count > first && tokens[^1] is var last && last.Id == token.Id && last.End == token.Start)
        {
            tokens[^1] = last with { End = token.End };
        }
        else
        {
            tokens.Add(token);
        }
    }

    private static int[] CharacterIds(Vocabulary vocabulary)
    {
        var ids = new int[char.MaxValue + 1];
        Array.Fill(ids, Vocabulary.NoPiece);
        Span<char> text = stackalloc char[2];
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.Utf8(id) is { IsEmpty: false, Length: <= 3 } utf8 && Encoding.UTF8.GetCharCount(utf8) == 1)
            {
                Encoding.UTF8.GetChars(utf8, text);
                ids[text[0]] = id;
            }
        }
        return ids;
    }

    private JointFilter? Joints()
    {
        if (options.UnknownId is null && byteIds?.Contains(Vocabulary.NoPiece) != false)
        {
            return null; // characters between others may be omitted
        }
        var edges = new (char First, char Last)[vocabulary.Size];
        for (var id = 0; id < edges.Length; id++)
        {
            edges[id] = Edges(vocabulary.Utf8(id));
        }
        // Tokens that replace a character but are not its text.
        HashSet<int> noText = [.. byteIds ?? [], options.UnknownId ?? Vocabulary.NoPiece];
        var filter = new JointFilter(merges.Count);
        foreach (var (left, right, _) in merges)
        {
            if (noText.Contains(left) || noText.Contains(right))
            {
                return null;
            }
            filter.Add(edges[left].Last, edges[right].First);
        }
        return filter;
    }

    /// <summary>The first and the last UTF-16 unit.</summary>
    private static (char First, char Last) Edges(ReadOnlySpan<byte> text)
    {
        Span<char> units = stackalloc char[2];
        Rune.DecodeFromUtf8(text, out var first, out _);
        Rune.DecodeLastFromUtf8(text, out var last, out _);
        first.EncodeToUtf16(units);
        var firstUnit = units[0];
        return (firstUnit, units[last.EncodeToUtf16(units) - 1]);
    }
}
