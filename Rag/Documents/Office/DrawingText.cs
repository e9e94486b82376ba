using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Reads the words of SmartArt and of comments.</summary>
internal static class DrawingText
{
    /// <summary>A diagram's entries need no more than this.</summary>
    private const int ParagraphsMax = 10_000;

    /// <summary>Returns the paragraphs of a part, each on its own line.</summary>
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

            if (xml.IsStart || xml.IsEnd)
            {
                // SmartArt gives a whole paragraph's element the same name as its text's element.
                inside = xml.IsStart ? xml.Name : "";
                text.Append(xml.IsStart && xml.Name == "br" ? "\n" : "");
            }
            else if (inside is "t" or "text")
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

    /// <summary>Returns paragraphs as one block, one line each; nothing if there are none.</summary>
    public static IEnumerable<DocumentPart> Block(IEnumerable<string> paragraphs)
    {
        var lines = paragraphs.Where(p => !string.IsNullOrWhiteSpace(p)).Select(p => new TextLine(p + "\n")).ToList();
        return lines.Count > 0 ? [new BlockPart(0, lines)] : [];
    }
}
