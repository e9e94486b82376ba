using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Chat;

/// <summary>
/// Finds what documents list of the kind that a question asks for: items and rows below a heading, a label or a column of that name, and sentences about one of
/// its members.
/// </summary>
internal static class ListedParts
{
    /// <summary>Fewer parts are no list: the question is answered like any other.</summary>
    public const int PartsMin = 3;

    /// <summary>The parts quoted; the answer says so if there are more.</summary>
    public const int PartsMax = 8;

    /// <summary>Returns all parts in the order of the sources; empty if the question asks for no list or there are too few.</summary>
    public static IReadOnlyList<(ChatSource Source, TextRange Range)> Of(string question, IEnumerable<ChatSource> sources)
    {
        if (ListQuestion.KindOf(question) is not { } kind)
        {
            return [];
        }

        var parts = sources.Where(source => kind.IsPlaced($"{source.Passage.Title}\n{source.Passage.Heading}\n{source.Passage.Text}"))
            .SelectMany(source => Parts(kind, source).Select(part => (part.Name, source, part.Range))).DistinctBy(part => part.Name).ToList();
        return parts.Count < PartsMin ? [] : parts.ConvertAll(part => (part.source, part.Range));
    }

    /// <summary>Returns the parts of one source; two with one name say something of the same thing.</summary>
    private static IEnumerable<(string Name, TextRange Range)> Parts(AskedKind kind, ChatSource source)
    {
        var text = source.Passage.Text;
        var quotable = QuotableSentences.Of(text, source.Passage.Title, source.Passage.Heading).ToHashSet();
        var isBelowHeading = kind.IsHeading(source.Passage.Heading?.Split(Passage.HeadingSeparator)[^1] ?? source.Passage.Title);
        var (isInList, isListed) = (false, false);
        (TextRange Range, string Text)? above = null;
        foreach (var range in SentenceSplitter.Split(text))
        {
            var line = text.Substring(range.Start, range.Length);
            var isEntry = QuotableSentences.IsItem(line) || QuotableSentences.IsRow(line);
            if (isEntry && !isInList)
            {
                isListed = Announces(above?.Text) || (!quotable.Contains(range) && QuotableSentences.IsRow(line) && QuotableSentences.Cells(line).Any(kind.IsHeading));
            }

            // An item of several sentences does not end its list.
            isInList = isEntry || (isInList && !IsName(line) && QuotableSentences.Adjoin(text, above!.Value.Range, range));
            above = (range, line);
            // A name alone is no statement, but it is what a list has to say.
            var isQuotable = quotable.Contains(range) || (isListed && QuotableSentences.IsItem(line) && !QuotableSentences.IsLabel(line) && !AskingSentence.Is(line));
            if (isQuotable && NameOf(line, isEntry) is { } name)
            {
                yield return (name, range);
            }
        }

        bool Announces(string? lead) => lead is not null && (kind.IsIntroduced(lead) || IsName(lead)) ? kind.IsIntroduced(lead) : isBelowHeading;

        string? NameOf(string line, bool isEntry)
        {
            var fields = QuotableSentences.IsRow(line) ? TableRow.Fields(line) : [];
            return fields.Exists(field => SummaryWords.Of(field.Value) != RowSummary.None) ? null
                : fields.Find(field => kind.IsHeading(field.Header)) is { Value.Length: > 0 } own ? own.Value
                : !isEntry ? kind.MemberOf(line) : isListed ? line : kind.MemberOf(QuotableSentences.Cells(line)[0]);
        }
    }

    private static bool IsName(string line) => QuotableSentences.IsLabel(line) || QuotableSentences.IsHeading(line);
}
