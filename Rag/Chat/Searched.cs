using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>What was searched for a question, and the terms by which what was found is judged.</summary>
/// <param name="Text">The question with those it follows up on.</param>
/// <param name="Terms">Of <see cref="TermShare.Terms"/>.</param>
/// <param name="Statistics">Counts of those terms.</param>
public sealed record Searched(string Text, IReadOnlyList<string> Terms, TermStatistics Statistics)
{
    /// <summary>Whether the sources can answer at all.</summary>
    public bool IsAnsweredBy(IEnumerable<ChatSource> sources) => Relevance.Of(sources.Select(s => s.Passage), Terms, Statistics).Fits;
}
