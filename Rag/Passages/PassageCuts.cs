using Pybo.Rag.Documents;

namespace Pybo.Rag.Passages;

/// <summary>A sentence, a table's row or a part of a long one: what is never cut.</summary>
internal readonly record struct Piece(TextRange Range, int Tokens, bool StartsParagraph);

/// <summary>Where a section too long for one passage is cut: between the paragraphs that bring passages nearest to equal shares.</summary>
internal static class PassageCuts
{
    /// <summary>The passages as ranges of pieces, in order, without gap; none for no pieces.</summary>
    /// <param name="pieces">Of one section.</param>
    /// <param name="tokensTarget">What a passage of several paragraphs comes near to.</param>
    public static List<(int First, int End)> Of(List<Piece> pieces, int tokensTarget)
    {
        var passages = new List<(int First, int End)>();
        var total = Tokens(pieces, 0, pieces.Count);
        if (total <= Chunker.PassageTokensMax)
        {
            return pieces.Count == 0 ? [] : [(0, pieces.Count)];
        }

        // Equal shares, so that the last passage is not what happens to be left.
        var share = total / Math.Max(2, (total + (tokensTarget / 2)) / tokensTarget);
        var (first, tokens) = (0, 0);
        for (var at = 0; at < pieces.Count;)
        {
            var end = ParagraphEnd(pieces, at);
            var grown = tokens + Tokens(pieces, at, end);
            total -= grown - tokens;
            var isNearer = Math.Abs(grown - share) < Math.Abs(tokens - share) && grown <= Chunker.PassageTokensMax;
            // A rest too short to stand alone comes along where it fits, or where there will be cuts anyway.
            var isRest = grown - tokens + total < Chunker.PassageTokensMin && (grown + total <= Chunker.PassageTokensMax || tokens > Chunker.PassageTokensMax);
            if (tokens >= Chunker.PassageTokensMin && !isNearer && !isRest)
            {
                AddEven(passages, pieces, first, at);
                (first, grown) = (at, grown - tokens);
            }

            (at, tokens) = (end, grown);
        }

        AddEven(passages, pieces, first, pieces.Count);
        return passages;
    }

    private static int ParagraphEnd(List<Piece> pieces, int first)
    {
        var end = first + 1;
        while (end < pieces.Count && !pieces[end].StartsParagraph)
        {
            end++;
        }

        return end;
    }

    /// <summary>Cuts a paragraph that is too long, with what is too short to stand before it, between the pieces nearest to equal parts.</summary>
    private static void AddEven(List<(int First, int End)> passages, List<Piece> pieces, int first, int end)
    {
        var total = Tokens(pieces, first, end);
        // Either end of a part may be half a piece away from where it should be.
        const int shareMax = Chunker.PassageTokensMax - Chunker.ChunkTokensMax;
        var parts = total <= Chunker.PassageTokensMax ? 1 : (total + shareMax - 1) / shareMax;
        var (part, tokens) = (1, 0);
        for (var at = first; at < end; at++)
        {
            if (at > first && part < parts && (tokens + (pieces[at].Tokens / 2)) * (long)parts > (long)total * part)
            {
                passages.Add((first, at));
                (first, part) = (at, part + 1);
            }

            tokens += pieces[at].Tokens;
        }

        passages.Add((first, end));
    }

    private static int Tokens(List<Piece> pieces, int first, int end)
    {
        var tokens = 0;
        for (var at = first; at < end; at++)
        {
            tokens += pieces[at].Tokens;
        }

        return tokens;
    }
}
