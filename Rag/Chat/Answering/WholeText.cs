using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Chat;

/// <summary>Reads a document or a collection as a whole: the beginning of each part is a source, and its central sentence speaks for it.</summary>
/// <remarks>A part is a stretch under one heading; without headings, a passage. A sentence is central if its terms occur in many sentences of the text.</remarks>
internal static class WholeText
{
    /// <summary>The parts read; of more, an even selection that begins with the first.</summary>
    public const int PartsMax = 6;

    /// <summary>The parts that a generator reads one by one.</summary>
    public const int ReadPartsMax = 8;

    /// <summary>How much of each of those it reads.</summary>
    public const int ReadPartCharactersMax = 2_000;

    /// <summary>The sentences quoted from a text of few parts.</summary>
    public const int QuotesMin = 3;

    /// <summary>Shorter sentences say little about a whole.</summary>
    private const int SentenceCharactersMin = 12;

    /// <summary>Returns the sources, numbered in the order of the text, and the number of all parts.</summary>
    /// <param name="passages">The whole text.</param>
    /// <param name="addressOf">Builds the sources' addresses.</param>
    /// <param name="isReadInParts">A generator reads them one by one, so that they may be more and longer than what fits one prompt.</param>
    public static (IReadOnlyList<ChatSource> Sources, int PartsCount) Sources(IReadOnlyList<PassageHit> passages, SourceAddress addressOf, bool isReadInParts = false)
    {
        if (isReadInParts && passages.Count is > 1 and <= ReadPartsMax && passages.Sum(passage => passage.Text.Length) > SourceSelection.CharactersMax)
        {
            return (Numbered(passages.Select(passage => SourceSelection.CutAtSentences(passage, ReadPartCharactersMax)), addressOf), passages.Count);
        }

        var parts = new List<PassageHit>();
        foreach (var passage in passages)
        {
            if (parts.Count == 0 || passage.Heading is null || (parts[^1].DocumentId, parts[^1].Heading) != (passage.DocumentId, passage.Heading))
            {
                parts.Add(passage);
            }
        }

        var count = Math.Min(parts.Count, isReadInParts ? ReadPartsMax : PartsMax);
        var chosen = Enumerable.Range(0, count).Select(at => parts[at * parts.Count / count]).Select(part => SourceSelection.CutAtSentences(part, isReadInParts ? ReadPartCharactersMax : SourceSelection.CharactersMax / count));
        return (Numbered(chosen, addressOf), parts.Count);
    }

    private static List<ChatSource> Numbered(IEnumerable<PassageHit> parts, SourceAddress addressOf) =>
        [.. parts.Select((part, at) => new ChatSource(at + 1, part, addressOf(part), part.Path ?? addressOf(part)))];

    /// <summary>Returns the central sentences of the sources in the order of the text: one of each, or more if there are few sources.</summary>
    /// <param name="sources">The sources of the whole.</param>
    /// <param name="count">How many sentences the reader asked for, or null.</param>
    public static IReadOnlyList<(ChatSource Source, string Text)> Central(IReadOnlyList<ChatSource> sources, int? count)
    {
        var sentences = sources.SelectMany(source => Ranges(source).Select(range => (Source: source, Range: range, Text: source.Passage.Text.Substring(range.Start, range.Length))))
            .Select(s => (s.Source, s.Range, s.Text, Terms: KoreanText.Terms(s.Text).ToHashSet(StringComparer.Ordinal))).ToList();
        var held = sentences.SelectMany(s => s.Terms).CountBy(term => term).ToDictionary();
        var ranked = sentences.OrderByDescending(s => s.Terms.Sum(term => held[term] - 1) / Math.Sqrt(Math.Max(1, s.Terms.Count))).ToList();
        var quotes = Math.Min(count ?? Math.Max(QuotesMin, sources.Count), PartsMax);
        // The best of each source first, then the next best of each.
        return [.. ranked.GroupBy(s => s.Source).SelectMany(own => own.Select((sentence, place) => (sentence, place)))
            .OrderBy(s => s.place).Select(s => s.sentence).Take(quotes).OrderBy(s => s.Source.Number).ThenBy(s => s.Range.Start).Select(s => (s.Source, s.Text))];
    }

    private static List<TextRange> Ranges(ChatSource source)
    {
        var all = QuotableSentences.Of(source.Passage.Text, source.Passage.Title, source.Passage.Heading);
        var telling = all.FindAll(range => range.Length >= SentenceCharactersMin);
        return telling.Count > 0 ? telling : all;
    }
}
