using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Chat;

/// <summary>Summarises a thread by its own sentences: what is asked, the central sentences of its first answer, and what the other answers say besides.</summary>
internal static class ThreadSummary
{
    /// <summary>The answers that are read, the accepted one first.</summary>
    public const int AnswersMax = 5;

    /// <summary>The central sentences of the first answer.</summary>
    public const int SentencesMax = 2;

    /// <summary>The other answers of which a sentence is quoted.</summary>
    public const int OthersMax = 3;

    /// <summary>With fewer terms of its own a sentence says what the first answer says.</summary>
    private const int OwnTermsMin = 3;

    /// <summary>Returns the sources: the question first, then the answers, each by its beginning.</summary>
    public static IReadOnlyList<ChatSource> Sources(BoardThread thread, SourceAddress addressOf)
    {
        var posts = thread.Answers.Take(AnswersMax).Select(answer => (Passage: answer.Passages[0], Role: SourceSelection.RoleOf(answer, thread))).Prepend((Passage: thread.Question[0], Role: AnswerRole.None)).ToList();
        return [.. posts.Select((post, at) => new ChatSource(at + 1, SourceSelection.CutAtSentences(post.Passage, SourceSelection.CharactersMax / posts.Count), addressOf(post.Passage), addressOf(post.Passage), post.Role))];
    }

    /// <summary>Returns the summary and the sentences that it quotes.</summary>
    public static (string Text, IReadOnlyList<(ChatSource Source, string Text)> Quoted) Of(string question, IReadOnlyList<ChatSource> sources)
    {
        var quoted = new List<(ChatSource Source, string Text)>();
        var lines = new List<string> { Line(nameof(PromptWords.ThreadQuestion), [(sources[0], Asked(sources[0].Passage))]) };
        if (sources.Count == 1)
        {
            lines.Add(PromptBuilder.Words(nameof(PromptWords.UnansweredNote), question));
            return (string.Join("\n\n", lines), quoted);
        }

        lines.Add(Line(sources[1].Role == AnswerRole.Accepted ? nameof(PromptWords.Accepted) : nameof(PromptWords.Best), WholeText.Central([sources[1]], SentencesMax) is { Count: > 0 } central ? central : [(sources[1], sources[1].Passage.Text.Cut(Quotes.QuoteCharactersMax))]));
        foreach (var other in sources.Skip(2).Select(source => (Source: source, Text: DifferenceOf(source, sources[1]))).Where(other => other.Text is not null).Take(OthersMax))
        {
            lines.Add(Line(other.Source.Role == AnswerRole.Correction ? nameof(PromptWords.Correction) : nameof(PromptWords.Other), [(other.Source, other.Text!)]));
        }

        return (string.Join("\n\n", lines), quoted);

        string Line(string role, IReadOnlyList<(ChatSource Source, string Text)> said)
        {
            var sentences = said.Select(s => (s.Source, Text: string.Join(' ', s.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))).ToList();
            quoted.AddRange(sentences);
            return $"{PromptBuilder.Words(role, question)}: {string.Join(' ', sentences.Select(s => $"“{s.Text}” [{s.Source.Number}]"))}";
        }
    }

    /// <summary>Returns the sentence that asks; the title if no sentence does.</summary>
    private static string Asked(PassageHit post) => Sentences(post.Text).FirstOrDefault(AskingSentence.Is) ?? post.Title;

    /// <summary>Returns the sentence of an answer that says most of what the first answer does not; null if none does.</summary>
    private static string? DifferenceOf(ChatSource other, ChatSource first)
    {
        var said = KoreanText.Terms(first.Passage.Text).ToHashSet(StringComparer.Ordinal);
        return Sentences(other.Passage.Text).Where(sentence => !Courtesy.IsThanks(sentence) && !AskingSentence.Is(sentence))
            .Select(sentence => (Text: sentence, Own: KoreanText.Terms(sentence).Distinct(StringComparer.Ordinal).Count(term => !said.Contains(term))))
            .Where(sentence => sentence.Own >= OwnTermsMin).OrderByDescending(sentence => sentence.Own).Select(sentence => sentence.Text).FirstOrDefault();
    }

    private static IEnumerable<string> Sentences(string text) => SentenceSplitter.Split(text).Select(range => text.Substring(range.Start, range.Length)).Where(sentence => sentence.Any(char.IsLetterOrDigit));
}
