namespace Pybo.Rag.Documents.Office;

/// <summary>The charts and diagrams that a part refers to, each read once.</summary>
/// <param name="package">The file.</param>
/// <param name="relationships">Of the part.</param>
internal sealed class DrawnParts(OfficePackage package, Dictionary<string, Relationship> relationships)
{
    /// <summary>More drawn parts than this are not read.</summary>
    private const int PartsMax = 1_000;

    private readonly HashSet<string> read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the words and numbers of a drawn part, by its relationship's id; nothing for one that was read before.</summary>
    public IEnumerable<DocumentPart> Read(string id)
    {
        if (!relationships.TryGetValue(id, out var part) || read.Contains(part.Target))
        {
            return [];
        }

        if (read.Count == PartsMax)
        {
            package.TooMany(ReadingProblem.TooManySideTexts, PartsMax);
            return [];
        }

        read.Add(part.Target);
        return part.Type switch
        {
            "chart" or "chartEx" => ChartText.Read(package, part.Target),
            _ => DrawingText.Block(DrawingText.Paragraphs(package, part.Target)),
        };
    }
}
