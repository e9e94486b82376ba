using System.Globalization;
using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Finds running headers, footers and page numbers: the same text, or text in which a number counts the pages, at the same position in the margins of
/// several pages. The first such page keeps it, so that text found only there (a document's number, a department) stays searchable; on the
/// others it would cut paragraphs in two and repeat itself in every passage.
/// </summary>
internal sealed partial class PdfRunningLines
{
    /// <summary>Fewer matching pages prove nothing.</summary>
    private const int PagesMin = 3;

    /// <summary>The share of matching pages between the first and the last match: right and left pages may have their own.</summary>
    private const float PagesShareMin = 0.4f;

    /// <summary>Running lines are within this share of the page's height at its top and bottom.</summary>
    private const float MarginShare = 0.13f;

    /// <summary>Lines examined at each end of a page.</summary>
    private const int LinesMax = 4;

    /// <summary>Numbers in a line that are tried as the page number.</summary>
    private const int NumbersMax = 4;

    /// <summary>Lines at the same position differ by less than this, in points.</summary>
    private const float PlacePoints = 8;

    private const int CharactersMax = 200;

    /// <summary>Rows of a table are at most this far apart, in sizes.</summary>
    private const float RowPitchMax = 3.5f;

    /// <summary>The most keys remembered: a document of 5,000 pages has some dozens.</summary>
    private const int KnownMax = 10_000;

    private readonly HashSet<string> known = [];

    /// <summary>Returns the lines of each page without those repeated from an earlier page.</summary>
    /// <param name="pages">A stretch of the document's pages in order.</param>
    /// <param name="settled">Pages up to this number were in the previous stretch: their lines stay.</param>
    public List<PdfPageLines> Without(IReadOnlyList<PdfPageLines> pages, int settled)
    {
        var candidates = pages.Select(Candidates).ToList();
        var running = Running(candidates.SelectMany(page => page));
        var kept = new List<PdfPageLines>();
        for (var at = 0; at < pages.Count; at++)
        {
            var changed = new Dictionary<PdfLine, PdfLine?>(ReferenceEqualityComparer.Instance);
            foreach (var candidate in candidates[at].Where(c => c.Page > settled))
            {
                var keys = candidate.Keys.FindAll(k => known.Contains(k) || running.Contains(k));
                if (keys.Count > 0)
                {
                    changed[candidate.Line] = keys.Exists(known.Contains) ? null : candidate.Line with { IsRunning = true };
                    known.UnionWith(keys.Take(KnownMax - known.Count));
                }
            }

            kept.Add(changed.Count == 0 ? pages[at] : pages[at] with { Lines = [.. Changed(pages[at].Lines, changed)] });
        }

        return kept;
    }

    private static IEnumerable<PdfLine> Changed(List<PdfLine> lines, Dictionary<PdfLine, PdfLine?> changed)
    {
        foreach (var line in lines)
        {
            if (!changed.TryGetValue(line, out var kept))
            {
                yield return line;
            }
            else if (kept is not null)
            {
                yield return kept;
            }
        }
    }

    private static HashSet<string> Running(IEnumerable<Candidate> candidates)
    {
        var votes = new Dictionary<string, (int Pages, int First, int Last)>(StringComparer.Ordinal);
        foreach (var candidate in candidates)
        {
            foreach (var key in candidate.Keys)
            {
                votes[key] = votes.TryGetValue(key, out var vote)
                    ? (vote.Last == candidate.Page ? vote.Pages : vote.Pages + 1, vote.First, candidate.Page)
                    : (1, candidate.Page, candidate.Page);
            }
        }

        return [.. votes.Where(v => v.Value.Pages >= PagesMin && v.Value.Pages >= PagesShareMin * (v.Value.Last - v.Value.First + 1)).Select(v => v.Key)];
    }

    private static List<Candidate> Candidates(PdfPageLines page)
    {
        var (topEnd, bottomStart) = (MarginShare * page.Height, (1 - MarginShare) * page.Height);
        var rows = TableRows(page.Lines, line => line.Box.Y + line.Box.Height > topEnd && line.Box.Y < bottomStart);
        var byPlace = page.Lines.Where(l => l.Text.Length <= CharactersMax && !rows.Contains(l)).OrderBy(l => l.Box.Y).ToList();
        var top = byPlace.Where(l => l.Box.Y + l.Box.Height <= topEnd).Take(LinesMax);
        var bottom = byPlace.Where(l => l.Box.Y >= bottomStart).TakeLast(LinesMax);
        return [.. top.Concat(bottom).Select(line => new Candidate(page.Number, line, Keys(page.Number, line)))];
    }

    /// <summary>Returns the rows of tables that reach into the page's text: a table's header is on every page too, and stays.</summary>
    private static HashSet<PdfLine> TableRows(List<PdfLine> lines, Func<PdfLine, bool> isInside)
    {
        var rows = new HashSet<PdfLine>(ReferenceEqualityComparer.Instance);
        for (var (first, at) = (0, 1); at <= lines.Count; at++)
        {
            if (at < lines.Count && lines[first].HasCells && lines[at].HasCells && lines[at].Column == lines[first].Column && IsNextRow(lines[at - 1], lines[at]))
            {
                continue;
            }

            if (at - first > 1 && lines.GetRange(first, at - first).Exists(line => isInside(line)))
            {
                rows.UnionWith(lines.GetRange(first, at - first));
            }

            first = at;
        }

        return rows;
    }

    private static bool IsNextRow(PdfLine last, PdfLine next) =>
        (next.Grid is not null && next.Grid == last.Grid) || (next.Baseline > last.Baseline && next.Baseline - last.Baseline <= RowPitchMax * next.Size);

    /// <summary>Returns a key for the text, and one for each number in it that may be the page's: pages match on its offset from their own number.</summary>
    private static List<string> Keys(int page, PdfLine line)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Round(line.Baseline / PlacePoints)} {line.Frame.Angle} ");
        var keys = new List<string> { place + line.Text };
        foreach (var number in Number().EnumerateMatches(line.Text))
        {
            if (keys.Count > NumbersMax)
            {
                break;
            }

            var value = int.Parse(line.Text.AsSpan(number.Index, number.Length), CultureInfo.InvariantCulture);
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"{place}{line.Text.AsSpan(0, number.Index)}\n{value - page}\n{line.Text.AsSpan(number.Index + number.Length)}"));
        }

        return keys;
    }

    [GeneratedRegex("[0-9]{1,5}", RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    private sealed record Candidate(int Page, PdfLine Line, List<string> Keys);
}
