using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Turns search hits into sources: drops duplicates, joins neighbours, keeps to a budget.</summary>
public static class SourceSelection
{
    /// <summary>The number of passages searched for; some are joined, some are duplicates.</summary>
    public const int HitsMax = 8;

    public const int SourcesMax = 5;

    /// <summary>The limit for all sources together. A generator on a CPU prefills some hundred tokens a second; Korean has about 1.5 characters per token.</summary>
    public const int CharactersMax = 6_000;

    /// <summary>Neighbours are joined only up to this length, so that one long document does not crowd out the others.</summary>
    public const int JoinedCharactersMax = 3_000;

    /// <summary>A remaining budget below this is too small for an answer.</summary>
    public const int SourceCharactersMin = 200;

    /// <summary>The largest gap between neighbouring passages of one source: white space between paragraphs.</summary>
    public const int NeighbourGapCharactersMax = 3;

    /// <summary>The answers of a thread that are read: the first decides, the rest shows what others said.</summary>
    public const int AnswersPerThreadMax = 3;

    /// <summary>The comments of a thread that are read, after its answers.</summary>
    public const int CommentsPerThreadMax = 1;

    /// <summary>Returns the sources of an answer, numbered. Posts are replaced by the answers of their threads, and what comments add to them: a question is no answer.</summary>
    /// <param name="hits">The passages found, best first.</param>
    /// <param name="threads">The threads of the posts among them, best first; other posts are dropped.</param>
    /// <param name="isThreadFirst">True if the best thread comes before the documents.</param>
    /// <param name="addressOf">Builds a source's address.</param>
    public static IReadOnlyList<ChatSource> Select(IReadOnlyList<PassageHit> hits, IReadOnlyList<ThreadMatch> threads, bool isThreadFirst, SourceAddress addressOf)
    {
        var roles = new Dictionary<long, AnswerRole>();
        var left = threads.ToDictionary(match => match.Thread.QuestionId);
        var arranged = isThreadFirst ? Answers(threads[0].Thread.QuestionId) : [];
        arranged.AddRange(hits.SelectMany(hit => hit.QuestionId is { } question ? Answers(question) : [hit]));
        return [.. Select(arranged, addressOf).Select(source => source with { Role = RoleOf(source.Passage) })];

        AnswerRole RoleOf(PassageHit post) => post switch
        {
            { CommentId: not null } => AnswerRole.Comment,
            { AnswerId: { } answer } => roles[answer],
            _ => AnswerRole.None,
        };

        List<PassageHit> Answers(long question)
        {
            if (!left.Remove(question, out var match))
            {
                return [];
            }

            var read = match.Thread.Answers.Take(AnswersPerThreadMax).ToList();
            read.ForEach(answer => roles[answer.Id] = SourceSelection.RoleOf(answer, match.Thread));
            return [.. read.Select(answer => answer.Best), .. match.Comments.Take(CommentsPerThreadMax).Select(comment => comment.Best)];
        }
    }

    internal static AnswerRole RoleOf(ThreadAnswer answer, BoardThread thread) => answer switch
    {
        { IsAccepted: true } => AnswerRole.Accepted,
        { IsCorrection: true } => AnswerRole.Correction,
        _ when answer == thread.Answers[0] => AnswerRole.Best,
        _ => AnswerRole.Other,
    };

    /// <summary>Returns the sources of an answer, numbered in the order of the hits.</summary>
    private static List<ChatSource> Select(IReadOnlyList<PassageHit> hits, SourceAddress addressOf)
    {
        var kept = new List<PassageHit>();
        foreach (var hit in hits.Where(h => !string.IsNullOrWhiteSpace(h.Text)))
        {
            if (kept.Exists(k => Repeats(k, hit)))
            {
                continue;
            }

            var neighbour = kept.FindIndex(k => Joined(k, hit) is not null);
            if (neighbour >= 0)
            {
                kept[neighbour] = Joined(kept[neighbour], hit)!;
            }
            else if (kept.Count < SourcesMax)
            {
                kept.Add(hit);
            }
        }

        return Numbered(kept, addressOf);
    }

    private static List<ChatSource> Numbered(List<PassageHit> kept, SourceAddress addressOf)
    {
        var sources = new List<ChatSource>();
        var left = CharactersMax;
        foreach (var hit in kept.TakeWhile(_ => left >= SourceCharactersMin))
        {
            var fitting = Cut(hit, left);
            left -= fitting.Text.Length;
            var url = addressOf(hit);
            sources.Add(new(sources.Count + 1, fitting, url, hit.Path ?? url));
        }

        return sources;
    }

    private static bool Repeats(PassageHit kept, PassageHit hit) =>
        kept.Id == hit.Id || string.Equals(kept.Text.Trim(), hit.Text.Trim(), StringComparison.Ordinal);

    /// <summary>Returns the better passage with its neighbour's text; null if they are not neighbours or would be too long.</summary>
    private static PassageHit? Joined(PassageHit better, PassageHit other)
    {
        var isSameSource = better.Kind == other.Kind && better.QuestionId == other.QuestionId && better.AnswerId == other.AnswerId && better.CommentId == other.CommentId
            && better.DocumentId == other.DocumentId && better.Heading == other.Heading;
        if (!isSameSource || better.Text.Length + other.Text.Length > JoinedCharactersMax)
        {
            return null;
        }

        var (first, second) = better.Start <= other.Start ? (better, other) : (other, better);
        if (Continuation(first, second) is not { } continuation)
        {
            return null;
        }

        var text = first.Text + continuation;
        var shift = better.Start <= other.Start ? 0 : text.Length - better.Text.Length;
        return better with { Text = text, Start = first.Start, BestStart = better.BestStart + shift };
    }

    /// <summary>Returns the continuation of the first passage: the second without the overlap.</summary>
    private static string? Continuation(PassageHit first, PassageHit second)
    {
        var gap = second.Start - (first.Start + first.Text.Length);
        return gap switch
        {
            > NeighbourGapCharactersMax => null,
            >= 0 => (gap > 0 ? "\n" : "") + second.Text,
            _ when -gap < second.Text.Length && first.Text.EndsWith(second.Text[..-gap], StringComparison.Ordinal) => second.Text[-gap..],
            _ => null,
        };
    }

    /// <summary>Returns the whole sentences around the best chunk, at most this many characters in all; a longer sentence is cut.</summary>
    public static PassageHit CutAtSentences(PassageHit hit, int charactersMax)
    {
        var (start, end) = Window(hit, charactersMax);
        var whole = SentenceSplitter.Split(hit.Text).Where(s => s.Start >= start && s.End <= end).ToList();
        return whole.Count > 0 ? Stretch(hit, whole[0].Start, whole[^1].End) : Stretch(hit, start, end);
    }

    private static PassageHit Cut(PassageHit hit, int charactersMax)
    {
        var (start, end) = Window(hit, charactersMax);
        return Stretch(hit, start, end);
    }

    /// <summary>Returns the range of at most this many characters around the best chunk.</summary>
    private static (int Start, int End) Window(PassageHit hit, int charactersMax)
    {
        if (hit.Text.Length <= charactersMax)
        {
            return (0, hit.Text.Length);
        }

        var middle = (hit.BestStart ?? 0) + ((hit.BestLength ?? 0) / 2);
        var start = Math.Clamp(middle - (charactersMax / 2), 0, hit.Text.Length - charactersMax);
        if (start > 0 && char.IsLowSurrogate(hit.Text[start]))
        {
            start++;
        }

        var end = Math.Min(start + charactersMax, hit.Text.Length);
        return (start, char.IsHighSurrogate(hit.Text[end - 1]) ? end - 1 : end);
    }

    private static PassageHit Stretch(PassageHit hit, int start, int end)
    {
        var best = hit.BestStart - start;
        var isBestInside = best >= 0 && best + hit.BestLength <= end - start;
        return hit with
        {
            Text = hit.Text[start..end],
            Start = hit.Start + start,
            BestStart = isBestInside ? best : null,
            BestLength = isBestInside ? hit.BestLength : null,
        };
    }
}
