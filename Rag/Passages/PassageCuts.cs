using Pybo.Rag.Documents;

namespace Pybo.Rag.Passages;

/// <summary>A sentence, a table row or a part of a long one: the unit that is never cut.</summary>
internal readonly record struct Piece(TextRange Range, int Tokens, bool StartsParagraph);

/// <summary>Cuts a section that is too long for one passage between paragraphs, so that passages are as near to equal shares as possible.</summary>
internal static class PassageCuts
{
    /// <summary>Returns the passages as ranges of pieces, in order, without gaps; empty if there are no pieces.</summary>
    /// <param name="pieces">The pieces of one section.</param>
    /// <param name="tokensTarget">The target length of a passage with several paragraphs.</param>
    public static List<(int First, int End)> Of(List<Piece> pieces, int tokensTarget)
    {
        var passages = new List<(int First, int End)>();
        var total = Tokens(pieces, 0, pieces.Count);
        if (total <= Chunker.PassageTokensMax)
        {
            return pieces.Count == 0 ? [] : [(0, pieces.Count)];
        }

        // Equal shares, so that the last passage is not a random remainder.
        var share = total / Math.Max(2, (total + (tokensTarget / 2)) / tokensTarget);
        var (first, tokens) = (0, 0);
        for (var at = 0; at < pieces.Count;)
        {
            var end = ParagraphEnd(pieces, at);
            var grown = tokens + Tokens(pieces, at, end);
            total -= grown - tokens;
            var isNearer = Math.Abs(grown - share) < Math.Abs(tokens - share) && grown <= Chunker.PassageTokensMax;
            // A remainder too short for its own passage is added if it fits, or if there will be cuts anyway.
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

    /// <summary>Cuts an overlong paragraph, with any too-short text before it, between the pieces nearest to equal parts.</summary>
    private static void AddEven(List<(int First, int End)> passages, List<Piece> pieces, int first, int end)
    {
        var total = Tokens(pieces, first, end);
        // Either end of a part may be half a piece off its ideal position.
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
