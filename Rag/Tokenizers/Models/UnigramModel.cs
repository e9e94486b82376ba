using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The "Unigram" model: of all segmentations of a word into pieces it takes the one with the highest sum of scores (log probabilities), found from
/// left to right in one pass (Viterbi). It does not sample and does not train.
/// </summary>
/// <remarks>
/// A character without a single-character piece may be taken as unknown at (lowest score − 10). Adjacent unknowns become one token; with byte
/// fallback they become one token "&lt;0xNN&gt;" per byte, if the vocabulary has them all. The first of equal sums wins. Source: Kudo, "Subword
/// Regularization" (2018), and SentencePiece's unigram model.
/// </remarks>
/// <example>a 0, b 0, c 0, d 0, cd 1, ab 2, abc 5, abcd 10: "abcdacd" → abcd, a, cd (11), not abc, d, a, cd (6).</example>
internal sealed class UnigramModel : TokenizerModel
{
    private const double UnknownPenalty = 10;
    private const int StackNodesMax = 64;
    private const int Unreached = -1;

    /// <summary>The score of a piece that must not be used.</summary>
    private const double Forbidden = double.NegativeInfinity;

    private readonly string[] pieces;
    private readonly double[] scores;
    private readonly PieceTrie trie;
    private readonly int unknownId;
    private readonly double unknownScore;

    /// <summary>The ids of "&lt;0x00&gt;" … "&lt;0xFF&gt;" (each possibly <see cref="PieceTrie.NoPiece"/>), null without byte fallback.</summary>
    private readonly int[]? byteIds;

    /// <param name="pieces">By id.</param>
    /// <param name="scores">By id: natural logarithms of probabilities.</param>
    /// <exception cref="InvalidDataException"><paramref name="unknownId"/> is not an id of the vocabulary.</exception>
    public UnigramModel(string[] pieces, double[] scores, int unknownId, bool byteFallback)
    {
        if (unknownId < 0 || unknownId >= pieces.Length)
        {
            throw new InvalidDataException($"unk_id {unknownId} of the Unigram model is not among its {pieces.Length} pieces");
        }
        (this.pieces, this.scores, this.unknownId) = (pieces, scores, unknownId);
        trie = PieceTrie.Build(pieces);
        unknownScore = scores.Min() - UnknownPenalty;
        byteIds = byteFallback ? [.. Enumerable.Range(0, 256).Select(b => trie.Find($"<0x{b:X2}>"))] : null;
    }

    private UnigramModel(UnigramModel other, double[] scores)
    {
        (pieces, this.scores, unknownId) = (other.pieces, scores, other.unknownId);
        (trie, unknownScore, byteIds) = (other.trie, other.unknownScore, other.byteIds);
    }

    public override int VocabularySize => pieces.Length;

    public override int? UnknownId => unknownId;

    public override bool ShowsUnknownText => true;

    public override int? TokenToId(ReadOnlySpan<char> token) => trie.Find(token) is var id && id != PieceTrie.NoPiece ? id : null;

    public override string? IdToToken(int id) => (uint)id < (uint)pieces.Length ? pieces[id] : null;

    public override TokenizerModel Without(IReadOnlySet<int> ids) =>
        new UnigramModel(this, [.. scores.Select((score, id) => ids.Contains(id) ? Forbidden : score)]);

    [SkipLocalsInit]
    public override void Encode(ReadOnlySpan<char> word, int start, List<ModelToken> tokens)
    {
        if (word.IsEmpty)
        {
            return;
        }
        PathNode[]? rented = null;
        var nodes = word.Length < StackNodesMax
            ? stackalloc PathNode[StackNodesMax]
            : (rented = ArrayPool<PathNode>.Shared.Rent(word.Length + 1));
        nodes = nodes[..(word.Length + 1)];
        FindBestPath(word, nodes);
        AppendPath(word, nodes, start, tokens);
        if (rented is not null)
        {
            ArrayPool<PathNode>.Shared.Return(rented);
        }
    }

    /// <summary>Fills nodes[i] with the best last piece of a segmentation of word[..i].</summary>
    private void FindBestPath(ReadOnlySpan<char> word, Span<PathNode> nodes)
    {
        nodes.Fill(new PathNode(0, Unreached, 0));
        for (int begin = 0, length; begin < word.Length; begin += length)
        {
            length = char.IsHighSurrogate(word[begin]) && begin + 1 < word.Length ? 2 : 1;
            var score = nodes[begin].Score;
            var spelt = false;
            var walk = trie.Start();
            for (var end = begin; end < word.Length && walk.Step(word[end]);)
            {
                end++;
                if (walk.Piece != PieceTrie.NoPiece && scores[walk.Piece] != Forbidden)
                {
                    nodes[end].Offer(score + scores[walk.Piece], begin, walk.Piece);
                    spelt |= end - begin == length;
                }
            }
            if (!spelt)
            {
                nodes[begin + length].Offer(score + unknownScore, begin, unknownId);
            }
        }
    }

    /// <summary>Follows the path from the end of the word and appends its pieces in reading order, adjacent unknowns as one.</summary>
    private void AppendPath(ReadOnlySpan<char> word, ReadOnlySpan<PathNode> nodes, int start, List<ModelToken> tokens)
    {
        var from = tokens.Count;
        for (var end = word.Length; end > 0;)
        {
            var begin = nodes[end].Begin;
            var id = nodes[end].Id;
            if (id != unknownId)
            {
                tokens.Add(new ModelToken(id, start + begin, start + end));
            }
            else
            {
                while (begin > 0 && nodes[begin].Id == unknownId)
                {
                    begin = nodes[begin].Begin;
                }
                AppendUnknown(word[begin..end], start + begin, tokens);
            }
            end = begin;
        }
        tokens.Reverse(from, tokens.Count - from);
    }

    /// <summary>Appends the tokens of an unknown span, last token first.</summary>
    private void AppendUnknown(ReadOnlySpan<char> text, int start, List<ModelToken> tokens)
    {
        var known = trie.Find(text) is var id && id != PieceTrie.NoPiece && scores[id] != Forbidden ? id : PieceTrie.NoPiece;
        if (known != PieceTrie.NoPiece || byteIds is null || !TryAppendBytes(byteIds, text, start, tokens))
        {
            tokens.Add(new ModelToken(known != PieceTrie.NoPiece ? known : unknownId, start, start + text.Length));
        }
    }

    private static bool TryAppendBytes(int[] byteIds, ReadOnlySpan<char> text, int start, List<ModelToken> tokens)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        if (bytes.Any(b => byteIds[b] == PieceTrie.NoPiece))
        {
            return false;
        }
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            tokens.Add(new ModelToken(byteIds[bytes[i]], start, start + text.Length));
        }
        return true;
    }

    /// <summary>The best known last step to a place in the word: piece Id, starting at Begin.</summary>
    private struct PathNode(double score, int begin, int id)
    {
        public double Score = score;
        public int Begin = begin;
        public int Id = id;

        public void Offer(double score, int begin, int id)
        {
            if (Begin == Unreached || score > Score)
            {
                (Score, Begin, Id) = (score, begin, id);
            }
        }
    }
}
