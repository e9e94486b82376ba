using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Retrieval;

/// <summary>Decides whether a comment can answer: most ask back, thank, or say that their writer has the same question.</summary>
internal static class CommentText
{
    /// <summary>With fewer terms of its own, a comment only repeats the title or agrees.</summary>
    private const int OwnTermsMin = 3;

    /// <summary>True for a comment that says something and asks nothing. What the asker adds to the question is part of it, unless it tells the solution.</summary>
    public static bool CanAnswer(ThreadComment comment, string title)
    {
        var sentences = comment.Passages.SelectMany(p => SentenceSplitter.Split(p.Text).Select(range => p.Text.Substring(range.Start, range.Length))).ToList();
        var isUnsolved = !sentences.Exists(Courtesy.TellsSolution) && (comment.IsSupplement || sentences.Exists(AskingSentence.IsEcho));
        return !isUnsolved && !sentences.Exists(AskingSentence.IsInTalk) && !sentences.TrueForAll(s => Courtesy.IsThanks(s)) && OwnTerms(comment, title) >= OwnTermsMin;
    }

    private static int OwnTerms(ThreadComment comment, string title)
    {
        var held = KoreanText.Terms(title).ToHashSet(StringComparer.Ordinal);
        return KoreanText.Terms(comment.Text).Distinct(StringComparer.Ordinal).Count(term => !held.Contains(term));
    }
}
