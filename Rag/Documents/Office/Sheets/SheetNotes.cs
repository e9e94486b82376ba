using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>The comments of a sheet by their cells. A threaded comment has a copy for older editions of Excel under the same cell.</summary>
internal sealed class SheetNotes
{
    private const int CommentsMax = 100_000;

    private readonly Dictionary<(int Row, int Column), List<string>> notes = [];
    private readonly Dictionary<int, List<int>> rows = [];

    public SheetNotes(OfficePackage package, Dictionary<string, Relationship> relationships)
    {
        Add(package, OfficePackage.Related(relationships, "threadedComment"), "threadedComment", []);
        Add(package, OfficePackage.Related(relationships, "comments"), "comment", [.. notes.Keys]);
    }

    /// <summary>Returns the comments on a cell once; null if there are none.</summary>
    public string? Take(int row, int column) => notes.Count > 0 && notes.Remove((row, column), out var texts) ? string.Join(" / ", texts) : null;

    /// <summary>Leaves out the comments of a hidden row.</summary>
    public void LeaveOut(int row) => rows.GetValueOrDefault(row)?.ForEach(column => notes.Remove((row, column)));

    /// <summary>Returns the comments on cells without words.</summary>
    /// <param name="isHidden">Whether a column is hidden.</param>
    public IEnumerable<BlockPart> Rest(Func<int, bool> isHidden) => notes.Where(note => !isHidden(note.Key.Column))
        .Select(note => BlockPart.Paragraph($"{StoredWords.Comment} {SheetArea.NameOf(note.Key.Row, note.Key.Column)}: {string.Join(" / ", note.Value)}"));

    private void Add(OfficePackage package, IEnumerable<string> parts, string element, HashSet<(int Row, int Column)> except)
    {
        foreach (var xml in parts.SelectMany(package.Elements))
        {
            if (xml.Name != element || SheetArea.Parse(xml.Attribute("ref")) is not { } cell || except.Contains((cell.Row, cell.Column)))
            {
                continue;
            }

            if (!notes.TryGetValue((cell.Row, cell.Column), out var texts))
            {
                if (notes.Count == CommentsMax)
                {
                    package.TooMany(ReadingProblem.TooManyComments, CommentsMax);
                    break;
                }

                notes.Add((cell.Row, cell.Column), texts = []);
                rows.TryAdd(cell.Row, []);
                rows[cell.Row].Add(cell.Column);
            }

            texts.Add((element == "comment" ? XlsxStrings.Inside(xml) : XlsxStrings.Unescape(xml.TextInside())).Trim());
        }
    }
}
