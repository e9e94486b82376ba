using System.Globalization;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>
/// Marks, while an answer streams, the sentences whose numbers, dates, codes or Latin names are neither in the sources they cite nor in the question. A
/// sentence that cites nothing may take them from any source.
/// </summary>
/// <param name="asked">What a sentence may repeat without a source: the question and the earlier ones.</param>
/// <param name="sources">The sources by number.</param>
/// <param name="note">The note after a sentence, with a place for the terms.</param>
internal sealed class SupportCheck(string asked, IReadOnlyList<ChatSource> sources, string note)
{
    /// <summary>The terms named in a note.</summary>
    public const int TermsNamedMax = 3;

    private const string Fence = "```";

    private readonly StringBuilder sentence = new();
    private readonly StringBuilder space = new();
    private bool isCode;

    /// <summary>Takes the next piece, its markers checked, and returns it with the notes. White space waits for the next word.</summary>
    public string Push(string piece)
    {
        var shown = new StringBuilder();
        foreach (var character in piece)
        {
            if (char.IsWhiteSpace(character))
            {
                space.Append(character);
                continue;
            }

            // A marker after the full stop belongs to the sentence before it.
            if (space.Length > 0 && character != '[' && (space.ToString().Contains('\n', StringComparison.Ordinal) || EndsSentence(character)))
            {
                shown.Append(Checked());
            }

            sentence.Append(space).Append(character);
            shown.Append(space).Append(character);
            space.Clear();
        }

        return shown.ToString();
    }

    /// <summary>Ends the answer and returns the rest.</summary>
    public string Flush()
    {
        var rest = Checked() + space;
        space.Clear();
        return rest;
    }

    private bool EndsSentence(char next)
    {
        var text = sentence.ToString().AsSpan().TrimEnd();
        while (text.Length > 0 && text[^1] == ']' && text.LastIndexOf('[') is > 0 and var open)
        {
            text = text[..open].TrimEnd();
        }

        // The points of a date and of a list's number end no sentence.
        return text.Length > 1 && text[^1] is '.' or '?' or '!' or '。' && !(char.IsAsciiDigit(text[^2]) && char.IsAsciiDigit(next)) && text[..^1].Trim().ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Ends a sentence and returns its note, which may be empty.</summary>
    private string Checked()
    {
        var text = sentence.ToString();
        sentence.Clear();
        isCode ^= text.Contains(Fence, StringComparison.Ordinal);
        var scanner = new CitationScanner(sources.Count);
        scanner.Push(text);
        scanner.Flush();
        var cited = scanner.Marks.Select(mark => mark.Number).ToHashSet();
        var read = sources.Where(source => cited.Count == 0 || cited.Contains(source.Number)).Select(source => $"{source.Passage.Title}\n{source.Passage.Heading}\n{source.Passage.Text}");
        var said = string.Concat(scanner.Marks.Reverse().Aggregate(text, (left, mark) => left.Remove(mark.Start, mark.End - mark.Start)));
        var missing = isCode ? [] : StatedTerms.MissingFrom(string.Join('\n', read.Prepend(asked)), said);
        return missing.Count == 0 ? "" : " " + string.Format(CultureInfo.InvariantCulture, note, string.Join(", ", missing.Take(TermsNamedMax)));
    }
}
