using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>The paragraph styles of a text: which of them are headings, and which number their paragraphs.</summary>
internal sealed class DocxStyles
{
    /// <summary>Styles build on one another a few times; a chain may be circular.</summary>
    private const int ChainMax = 16;

    private const int StylesMax = 20_000;

    /// <summary>Outline level 9 is body text.</summary>
    private const int OutlineLevels = 9;

    private readonly Dictionary<string, Style> styles = new(StringComparer.Ordinal);

    public DocxStyles(OfficePackage package, string? part)
    {
        Style? style = null;
        foreach (var xml in package.Elements(part))
        {
            if (xml.Name != "style")
            {
                style?.Take(xml);
            }
            else if (styles.Count < StylesMax)
            {
                style = new();
                styles.TryAdd(xml.Attribute("styleId") ?? "", style);
            }
            else
            {
                style = null;
            }
        }
    }

    /// <summary>Returns 1 to 6 if paragraphs of the style are headings, otherwise 0.</summary>
    public int HeadingLevel(string? id) => Chain(id).Select(s => s.Level).FirstOrDefault(level => level is not null) ?? 0;

    /// <summary>Returns the list that the style assigns to its paragraphs.</summary>
    public (string? List, int Level) Numbering(string? id) =>
        Chain(id).FirstOrDefault(s => s.List is not null) is { } style ? (style.List, style.ListLevel) : (null, 0);

    /// <summary>An outline level counts from 0; the ninth is body text.</summary>
    public static int? LevelOf(string? outline) => int.TryParse(outline, NumberStyles.None, CultureInfo.InvariantCulture, out var level)
        ? level < OutlineLevels ? Math.Min(level + 1, 6) : 0
        : null;

    private IEnumerable<Style> Chain(string? id)
    {
        for (var steps = 0; steps < ChainMax && id is not null && styles.TryGetValue(id, out var style); steps++)
        {
            yield return style;
            id = style.BasedOn;
        }
    }

    private sealed class Style
    {
        public string? BasedOn { get; private set; }

        public int? Level { get; private set; }

        public string? List { get; private set; }

        public int ListLevel { get; private set; }

        public void Take(XmlScanner xml)
        {
            switch (xml.Name)
            {
                case "name":
                    Level ??= LevelOfName(xml.Attribute("val") ?? "");
                    break;
                case "basedOn":
                    BasedOn = xml.Attribute("val");
                    break;
                case "outlineLvl":
                    Level = LevelOf(xml.Attribute("val")) ?? Level;
                    break;
                case "numId":
                    List = xml.Attribute("val");
                    break;
                case "ilvl":
                    ListLevel = int.TryParse(xml.Attribute("val"), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : 0;
                    break;
            }
        }

        /// <summary>Word keeps English names in every language; other programs write the displayed names (개요 is the Hangul processor's name).</summary>
        private static int? LevelOfName(string name)
        {
            if (name.Equals("title", StringComparison.OrdinalIgnoreCase) || name == "제목")
            {
                return 1;
            }

            var space = name.LastIndexOf(' ');
            var isHeading = space > 0 && name[..space].ToUpperInvariant() is "HEADING" or "제목" or "개요";
            return isHeading && int.TryParse(name.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level > 0
                ? Math.Min(level, 6)
                : null;
        }
    }
}
