using System.Text;
using System.Text.RegularExpressions;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Layout;
using Pybo.Rag.Documents.Pdf.Source;
using Pybo.Rag.Documents.Pdf.Visibility;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>Our reader's result for a file, in the shapes that are compared.</summary>
/// <param name="Text">The document's text.</param>
/// <param name="Lines">
/// The same, line by line as on the pages; hyphenated words are whole on the first line, as pdftotext writes them. The header of a table is there once, as on the
/// page, and not in each of its rows; addresses of links and the signs of check boxes, which pdftotext does not read, are left out.
/// </param>
/// <param name="Repeated">Values that rows of tables have from the row above or the cell on the left: a merged cell is on its page once.</param>
/// <param name="RunningText">Running headers, footers and page numbers that the reader left out.</param>
internal sealed partial record PdfReading(string Text, string Lines, string Repeated, string RunningText, int Pages)
{
    public static PdfReading Of(byte[] bytes, string fileName)
    {
        List<DocumentPart> parts = [];
        try
        {
            parts.AddRange(new PdfReader().Read(bytes, fileName));
        }
        catch (DocumentUnreadableException)
        {
            return new("", "", "", "", 0);
        }

        return new(DocumentBuilder.Collect(parts, fileName).Text, LinesOf(parts), RepeatedOf(parts), Running(bytes), parts.OfType<PagePart>().Count());
    }

    private static string LinesOf(List<DocumentPart> parts)
    {
        var lines = new StringBuilder();
        foreach (var block in parts.OfType<BlockPart>())
        {
            EndLine(lines, block.Break is BlockBreak.None);
            if (IsTable(block))
            {
                lines.Append(Table(block));
                continue;
            }

            for (var at = 0; at < block.Lines.Count; at++)
            {
                lines.Append(block.Lines[at].Text);
                EndLine(lines, at + 1 < block.Lines.Count && IsCut(block.Lines[at].Text));
            }
        }

        return Unread().Replace(Whole().Replace(lines.ToString(), "$1\n"), "");
    }

    private static bool IsTable(BlockPart block) => block.Level == 0 && block.Lines.Count > 0 && block.Lines.All(line => line.Text.EndsWith('\n'));

    private static string RepeatedOf(List<DocumentPart> parts)
    {
        var repeated = new StringBuilder();
        foreach (var block in parts.OfType<BlockPart>().Where(IsTable))
        {
            List<TableField> above = [];
            foreach (var row in block.Lines.Select(line => TableRow.Fields(line.Text.TrimEnd('\n'))))
            {
                for (var at = 0; at < row.Count; at++)
                {
                    var field = row[at];
                    if ((at > 0 && row[at - 1].Value == field.Value) || above.Exists(other => other.Header == field.Header && other.Value == field.Value))
                    {
                        repeated.Append(field.Value).Append('\n');
                    }
                }

                above = row;
            }
        }

        return repeated.ToString();
    }

    /// <summary>The names of the columns, then the values of each row.</summary>
    private static string Table(BlockPart block)
    {
        var rows = block.Lines.Select(line => TableRow.Fields(line.Text.TrimEnd('\n'))).ToList();
        var isHeaded = rows.Count > 1 && rows.GroupBy(row => string.Join('\t', row.Select(field => field.Header))).Any(group => group.Count() > 1 && group.Key.Trim().Length > 0);
        var names = rows.SelectMany(row => row).Select(field => field.Header).Where(name => name.Length > 0).Distinct();
        return isHeaded
            ? string.Join('\t', names) + "\n" + string.Join('\n', rows.Select(row => string.Join('\t', row.Select(field => field.Value))))
            : string.Concat(block.Lines.Select(line => line.Text.Replace(TableRow.CellSeparator, "\t", StringComparison.Ordinal)));
    }

    /// <summary>True if the word continues on the next line and a hyphen showed it; pdftotext does not join Korean and Chinese lines.</summary>
    private static bool IsCut(string line) => !char.IsWhiteSpace(line[^1]) && line[^1] < '\u1100';

    /// <param name="goesOn">The word continues on the next line.</param>
    private static void EndLine(StringBuilder lines, bool goesOn) => lines.Append(goesOn ? '\u0001' : '\n');

    [GeneratedRegex(@" \((?:https?|ftp)://[^\s()]+\)| \([^\s()@]+@[^\s()]+\)|[☑☐]\s?")]
    private static partial Regex Unread();

    [GeneratedRegex(@"\u0001(\S*)\s?")]
    private static partial Regex Whole();

    private static string Running(byte[] bytes)
    {
        using var file = PdfFile.Open(bytes);
        var pages = new List<PdfPageLines>();
        for (var number = 1; number <= Math.Min(file.PageCount, DocumentBuilder.PagesMax); number++)
        {
            var glyphs = file.Read(number);
            pages.Add(new(number, glyphs.Width, glyphs.Height, PdfLayout.Lines(glyphs)));
        }

        var kept = new PdfRunningLines().Without(pages, settled: 0);
        return string.Join('\n', pages.Zip(kept, (page, rest) => page.Lines.Select(l => l.Text).Except(rest.Lines.Select(l => l.Text), StringComparer.Ordinal)).SelectMany(texts => texts));
    }
}
