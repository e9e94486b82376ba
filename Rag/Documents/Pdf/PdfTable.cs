namespace Pybo.Rag.Documents.Pdf;

/// <summary>The tables of names and figures that lie in the assembly as text: <c>[Section]</c> lines, words between them, <c>#</c> before comments.</summary>
internal static class PdfTable
{
    /// <summary>The words of each section in order.</summary>
    /// <param name="file">The name of the embedded file.</param>
    public static IReadOnlyDictionary<string, string[]> Read(string file)
    {
        using var stream = typeof(PdfTable).Assembly.GetManifestResourceStream($"Pybo.Rag.Documents.{file}")
            ?? throw new InvalidOperationException($"The assembly carries no {file}.");
        using var reader = new StreamReader(stream);
        var sections = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var words = new List<string>();
        var section = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                sections[section] = [.. words];
                section = line[1..^1];
                words.Clear();
            }
            else if (!line.StartsWith('#'))
            {
                words.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        sections[section] = [.. words];
        return sections;
    }
}
