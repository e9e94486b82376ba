namespace Pybo.Rag.Chat;

/// <summary>
/// Finds where an answer's words come from. A generator may repeat a source, or its own earlier answer, without marking it; such an answer is removed
/// with that source or earlier answer, like one that quotes them.
/// </summary>
internal static class Grounds
{
    /// <summary>Letters and digits in a row that two texts share by more than chance. Names and phrases from the question do not count.</summary>
    private const int RunCharacters = 6;

    /// <summary>Returns the numbers of the sources that the answer quotes or repeats; null, meaning all of them, if it quotes no source.</summary>
    public static IReadOnlyCollection<int>? Of(string answer, string question, IReadOnlyList<ChatCitation> citations, IReadOnlyList<ChatSource> sources)
    {
        if (citations.Count == 0)
        {
            return null;
        }

        var quoted = citations.Select(c => c.Source.Number).ToHashSet();
        var own = Own(answer, question, citations);
        return [.. sources.Where(s => quoted.Contains(s.Number) || own.Overlaps(Runs(s.Passage.Text))).Select(s => s.Number)];
    }

    /// <summary>Returns whether the answer repeats an earlier one, beyond what its own sources contain.</summary>
    public static bool Repeats(string answer, string question, IReadOnlyList<ChatCitation> citations, IReadOnlyList<ChatExchange> history)
    {
        var own = Own(answer, question, citations);
        return history.Any(h => own.Overlaps(Runs(h.Answer)));
    }

    /// <summary>Returns the answer's runs that occur neither in the question nor in a source it quotes.</summary>
    private static HashSet<string> Own(string answer, string question, IReadOnlyList<ChatCitation> citations)
    {
        var runs = Runs(answer).ToHashSet(StringComparer.Ordinal);
        runs.ExceptWith(Runs(question));
        foreach (var citation in citations)
        {
            runs.ExceptWith(Runs(citation.Source.Passage.Text));
        }

        return runs;
    }

    private static IEnumerable<string> Runs(string text)
    {
        var folded = string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        for (var at = 0; at + RunCharacters <= folded.Length; at++)
        {
            yield return folded.Substring(at, RunCharacters);
        }
    }
}
