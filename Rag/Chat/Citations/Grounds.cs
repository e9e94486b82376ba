namespace Pybo.Rag.Chat;

/// <summary>
/// Where an answer's words come from. A generator may repeat a source without marking it, or what it said before: such an answer goes with that source,
/// and with that earlier answer, as one that quotes them does.
/// </summary>
internal static class Grounds
{
    /// <summary>Letters and digits in a row that two texts share by more than chance. Names and phrases of the question do not count.</summary>
    private const int RunCharacters = 6;

    /// <summary>Numbers of the sources that the answer quotes or repeats; null, which is all of them, where it quotes none.</summary>
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

    /// <summary>Whether the answer says again what an earlier one said, beyond what its own sources hold.</summary>
    public static bool Repeats(string answer, string question, IReadOnlyList<ChatCitation> citations, IReadOnlyList<ChatExchange> history)
    {
        var own = Own(answer, question, citations);
        return history.Any(h => own.Overlaps(Runs(h.Answer)));
    }

    /// <summary>The answer's runs that are neither the question's nor those of a source that it quotes.</summary>
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
