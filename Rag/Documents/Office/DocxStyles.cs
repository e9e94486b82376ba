using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// The styles of a text: which of them are headings, which number their paragraphs, which hide or raise their words. Each style is resolved once with those that it
/// builds on (ECMA-376 part 1, 17.7).
/// </summary>
internal sealed class DocxStyles
{
    /// <summary>Styles build on one another a few times; a chain may be circular.</summary>
    private const int ChainMax = 16;

    private const int StylesMax = 20_000;

    /// <summary>Outline level 9 is body text.</summary>
    private const int OutlineLevels = 9;

    private const string Defaults = "docDefaults";

    private readonly Dictionary<string, Style> styles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> ofType = new(StringComparer.Ordinal);
    private readonly Style defaults = new();
    private readonly bool hides;
    private readonly bool raises;

    public DocxStyles(OfficePackage package, string? part)
    {
        Style? style = null;
        foreach (var xml in package.Nodes(part))
        {
            if (xml.IsEnd)
            {
                style?.End(xml.Name);
                continue;
            }

            if (!xml.IsStart)
            {
                continue;
            }

            if (xml.Name == Defaults)
            {
                style = defaults;
            }
            else if (xml.Name != "style")
            {
                style?.Take(xml);
            }
            else if (styles.Count < StylesMax)
            {
                style = Add(xml);
            }
            else
            {
                style = null;
            }
        }

        hides = styles.Values.Append(defaults).Any(one => one.Run.IsHidden == true);
        raises = styles.Values.Append(defaults).Any(one => one.Run.Script is not null);
    }

    /// <summary>Returns 1 to 6 if paragraphs of the style are headings, otherwise 0.</summary>
    public int HeadingLevel(string? id) => Find(id)?.Level ?? 0;

    /// <summary>Returns the list that the style assigns to its paragraphs.</summary>
    public (string? List, int Level) Numbering(string? id) => Find(id) is { List: { } list } style ? (list, style.ListLevel) : (null, 0);

    /// <summary>Returns whether the table style sets off the first row.</summary>
    public bool HasHeaderRow(string? table) => Find(table)?.HasFirstRow == true;

    /// <summary>Returns whether styles hide a run: each of the three that does so switches it (17.7.3), unless the document hides all.</summary>
    public bool IsHidden(string? table, string? paragraph, string? run) =>
        hides && (defaults.Run.IsHidden == true || (IsHidden(table ?? Default("table")) ^ IsHidden(paragraph ?? Default("paragraph")) ^ IsHidden(run)));

    /// <summary>Returns the position that styles give a run.</summary>
    public Script ScriptOf(string? paragraph, string? run) => !raises ? Script.None
        : Find(run)?.Run.Script ?? Find(paragraph ?? Default("paragraph"))?.Run.Script ?? defaults.Run.Script ?? Script.None;

    /// <summary>Returns the size of a paragraph's characters, in half points.</summary>
    public int SizeOf(string? paragraph) => Find(paragraph ?? Default("paragraph"))?.Run.Size ?? defaults.Run.Size ?? DocxRun.OrdinarySize;

    /// <summary>An outline level counts from 0; the ninth is body text.</summary>
    public static int? LevelOf(string? outline) => int.TryParse(outline, NumberStyles.None, CultureInfo.InvariantCulture, out var level)
        ? level < OutlineLevels ? Math.Min(level + 1, 6) : 0
        : null;

    private bool IsHidden(string? id) => Find(id)?.Run.IsHidden == true;

    private string? Default(string type) => ofType.GetValueOrDefault(type);

    private Style Add(XmlScanner xml)
    {
        var (style, id) = (new Style(), xml.Attribute("styleId") ?? "");
        if (styles.TryAdd(id, style) && xml.Attribute("default") is "1" or "true" or "on" && xml.Attribute("type") is { } type)
        {
            ofType.TryAdd(type, id);
        }

        return style;
    }

    private Style? Find(string? id)
    {
        if (id is null || !styles.TryGetValue(id, out var style))
        {
            return null;
        }

        for (var steps = 0; !style.IsResolved && steps < ChainMax && style.BasedOn is { } next; steps++)
        {
            style.Inherit(styles.GetValueOrDefault(next));
        }

        style.IsResolved = true;
        return style;
    }

    private sealed class Style
    {
        private bool isConditional;

        public bool IsResolved { get; set; }

        public string? BasedOn { get; private set; }

        public int? Level { get; private set; }

        public string? List { get; private set; }

        public int ListLevel { get; private set; }

        public bool HasFirstRow { get; private set; }

        public DocxRun Run { get; } = new();

        public void Take(XmlScanner xml)
        {
            switch (xml.Name)
            {
                case "tblStylePr":
                    // The formats of some rows and columns only.
                    isConditional = true;
                    HasFirstRow |= xml.Attribute("type") == "firstRow";
                    break;
                case var _ when isConditional:
                    break;
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
                default:
                    Run.Take(xml);
                    break;
            }
        }

        public void End(string name) => isConditional &= name != "tblStylePr";

        /// <summary>Takes what this style leaves open from the one it builds on, and goes on with the next one of the chain.</summary>
        public void Inherit(Style? style)
        {
            BasedOn = style?.BasedOn;
            if (style is null)
            {
                return;
            }

            Level ??= style.Level;
            (List, ListLevel) = List is null ? (style.List, style.ListLevel) : (List, ListLevel);
            HasFirstRow |= style.HasFirstRow;
            Run.Inherit(style.Run);
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
