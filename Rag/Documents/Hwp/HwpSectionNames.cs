using System.Globalization;
using Pybo.Data;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>Finds a document's sections, which have numbered names, in numeric order.</summary>
internal static class HwpSectionNames
{
    /// <summary>A book has one section per chapter.</summary>
    public const int SectionsMax = 1_000;

    /// <summary>Reported at the end if there are more.</summary>
    public static TruncatedPart TooMany => new(Notice.Of(ReadingProblem.TooManySections, SectionsMax));

    public static List<string> InOrder(IEnumerable<string> names, string prefix, string suffix = "")
    {
        var sections = new List<(int Number, string Name)>();
        foreach (var name in names)
        {
            if (name.Length > prefix.Length + suffix.Length
                && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(name.AsSpan()[prefix.Length..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                sections.Add((number, name));
            }
        }

        return [.. sections.OrderBy(section => section.Number).Select(section => section.Name)];
    }
}
