using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>The words of parts that are drawn rather than written: charts, SmartArt, the shapes on a sheet, comments.</summary>
internal static class DrawingText
{
    /// <summary>A chart's names, or a diagram's entries, are no book.</summary>
    private const int ParagraphsMax = 10_000;

    /// <summary>The paragraphs of a part, each on a line of its own; of a chart also its cached names, not its numbers.</summary>
    public static IEnumerable<string> Paragraphs(OfficePackage package, string? part)
    {
        var alternates = new AlternateContent();
        var text = new StringBuilder();
        var (inside, paragraphs) = ("", 0);
        foreach (var xml in package.Nodes(part))
        {
            if (alternates.Skips(xml))
            {
                continue;
            }

            if (xml.IsStart && IsUnread(xml.Name))
            {
                xml.Skip();
            }

            if (xml.IsStart || xml.IsEnd)
            {
                // SmartArt keeps whole paragraphs in an element of the same name as their text's.
                inside = xml.IsStart ? xml.Name : "";
                text.Append(xml.IsStart && xml.Name == "br" ? "\n" : "");
            }
            else if (inside is "t" or "v" or "text")
            {
                Append(text, xml);
            }

            var isEnd = xml.IsEnd && xml.Name is "p" or "pt" or "text" or "comment" or "cm";
            if (isEnd && text.Length > 0)
            {
                if (paragraphs++ == ParagraphsMax)
                {
                    package.TooMany(ReadingProblem.TooManyShapes, ParagraphsMax);
                    yield break;
                }

                yield return text.ToString();
                text.Clear();
            }
        }
    }

    private static void Append(StringBuilder text, XmlScanner xml)
    {
        if (!BoundedText.Add(text, xml.Text, XmlScanner.TextCharactersMax) || xml.IsTextCut)
        {
            xml.Cut();
        }
    }

    /// <summary>The numbers of a chart, the formulas that name their cells, readings above a text.</summary>
    private static bool IsUnread(string name) => name is "numCache" or "numLit" or "numRef" or "f" or "rPh";

    /// <summary>Paragraphs as one block, a line each; nothing where there are none.</summary>
    public static IEnumerable<DocumentPart> Block(IEnumerable<string> paragraphs)
    {
        var lines = paragraphs.Where(p => !string.IsNullOrWhiteSpace(p)).Select(p => new TextLine(p + "\n")).ToList();
        return lines.Count > 0 ? [new BlockPart(0, lines)] : [];
    }
}
