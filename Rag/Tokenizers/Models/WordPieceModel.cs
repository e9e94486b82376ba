using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The "WordPiece" model: takes the longest piece that starts a word, then repeatedly the longest that continues it (written with a prefix). A word
/// that cannot be encoded this way, or is too long, is unknown as a whole.
/// </summary>
/// <remarks>Source: Schuster and Nakajima (2012), and the tokenization of BERT.</remarks>
/// <example>질문, ##과, ##을: "질문과" → 질문, ##과; "질문에" → [UNK].</example>
internal sealed class WordPieceModel : TokenizerModel
{
    private readonly Vocabulary vocabulary;
    private readonly PieceTrie trie;
    private readonly PieceTrie.Walk continuing;
    private readonly bool canContinue;
    private readonly int unknownId;
    private readonly int wordCharactersMax;
    private readonly IReadOnlySet<int>? forbidden;

    /// <param name="continuingPrefix">The prefix of pieces within a word, usually "##".</param>
    /// <param name="wordCharactersMax">A longer word, in code points, is unknown.</param>
    public WordPieceModel(Vocabulary vocabulary, int unknownId, string continuingPrefix, int wordCharactersMax)
    {
        (this.vocabulary, this.unknownId, this.wordCharactersMax) = (vocabulary, unknownId, wordCharactersMax);
        trie = PieceTrie.Build([.. Enumerable.Range(0, vocabulary.Size).Select(id => vocabulary.Text(id) ?? string.Empty)]);
        var walk = trie.Start();
        canContinue = continuingPrefix.All(c => walk.Step(c));
        continuing = walk;
    }

    private WordPieceModel(WordPieceModel other, IReadOnlySet<int> forbidden)
    {
        (vocabulary, trie, continuing, canContinue) = (other.vocabulary, other.trie, other.continuing, other.canContinue);
        (unknownId, wordCharactersMax, this.forbidden) = (other.unknownId, other.wordCharactersMax, forbidden);
    }

    public override int VocabularySize => vocabulary.Size;

    public override int? UnknownId => unknownId;

    public override int? TokenToId(ReadOnlySpan<char> token) => vocabulary.Find(token) is var id && id != Vocabulary.NoPiece ? id : null;

    public override string? IdToToken(int id) => vocabulary.Text(id);

    public override TokenizerModel Without(IReadOnlySet<int> ids) => new WordPieceModel(this, ids);

    public override void Encode(ReadOnlySpan<char> word, int start, List<ModelToken> tokens)
    {
        var first = tokens.Count;
        if (!IsTooLong(word))
        {
            var begin = 0;
            while (begin < word.Length && LongestAt(word, begin) is var (id, end) && id != Vocabulary.NoPiece)
            {
                tokens.Add(new ModelToken(id, start + begin, start + end));
                begin = end;
            }
            if (begin == word.Length)
            {
                return;
            }
        }
        tokens.RemoveRange(first, tokens.Count - first);
        tokens.Add(new ModelToken(unknownId, start, start + word.Length));
    }

    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        var characters = word.Length;
        if (characters > wordCharactersMax)
        {
            foreach (var c in word)
            {
                characters -= char.IsLowSurrogate(c) ? 1 : 0;
            }
        }
        return characters > wordCharactersMax;
    }

    private (int Id, int End) LongestAt(ReadOnlySpan<char> word, int begin)
    {
        var longest = (Vocabulary.NoPiece, begin);
        var walk = begin == 0 ? trie.Start() : continuing;
        if (begin > 0 && !canContinue)
        {
            return longest;
        }
        for (var end = begin; end < word.Length && walk.Step(word[end]);)
        {
            end++;
            if (walk.Piece != PieceTrie.NoPiece && forbidden?.Contains(walk.Piece) != true)
            {
                longest = (walk.Piece, end);
            }
        }
        return longest;
    }
}

/// <summary>The "WordPiece" decoder: separates words by blanks, joins pieces within a word, and removes blanks before punctuation.</summary>
/// <example>"질문", "##과", "답변", "." → "질문", "과", " 답변", ".".</example>
internal sealed class WordPieceDecoder(string continuingPrefix, bool cleansUp) : SingleTokenDecoder
{
    /// <summary>In the order of the reference implementation: English contractions and punctuation.</summary>
    private static readonly (string Found, string Written)[] CleanUps =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public override string Decode(string token, int index)
    {
        var text = index == 0 ? token : token.StartsWith(continuingPrefix, StringComparison.Ordinal) ? token[continuingPrefix.Length..] : " " + token;
        return cleansUp ? CleanUps.Aggregate(text, (cleaned, pair) => cleaned.Replace(pair.Found, pair.Written, StringComparison.Ordinal)) : text;
    }
}
