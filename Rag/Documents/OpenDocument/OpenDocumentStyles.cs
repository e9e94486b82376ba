using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.OpenDocument;

/// <summary>What the styles of a document say about its text: raised or lowered, hidden.</summary>
internal sealed class OpenDocumentStyles
{
    /// <summary>A document has at most some thousands.</summary>
    private const int StylesMax = 100_000;

    /// <summary>A style inherits through no more others than this.</summary>
    private const int ParentsMax = 32;

    private readonly Dictionary<string, Style> styles = [];
    private Style current = new(null);
    private string? name;

    /// <summary>Reads all styles of a part.</summary>
    public void Read(XmlScanner xml)
    {
        while (xml.Read())
        {
            Take(xml);
        }
    }

    /// <summary>Takes in a node if it belongs to a style: <c>style:style</c> and the properties inside it (ODF 1.3 part 3, 16 and 20).</summary>
    public void Take(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "style" when xml.IsStart:
                name = xml.Attribute("name");
                current = new(xml.Attribute("parent-style-name"));
                break;
            case "style" when xml.IsEnd && name is not null:
                if (styles.Count < StylesMax)
                {
                    styles[name] = current;
                }

                name = null;
                break;
            case "text-properties" when xml.IsStart && name is not null:
                current = current with { Position = xml.Attribute("text-position") ?? current.Position, Display = xml.Attribute("display") ?? current.Display };
                break;
            case "table-properties" when xml.IsStart && name is not null:
                current = current with { IsShown = xml.Attribute("display") is "false" ? false : current.IsShown };
                break;
            case "drawing-page-properties" when xml.IsStart && name is not null:
                current = current with { IsShown = xml.Attribute("visibility") is "hidden" ? false : current.IsShown };
                break;
        }
    }

    /// <summary>True if the text of this style is hidden.</summary>
    public bool IsHidden(string? style) => Of(style, found => found.Display) == "none";

    /// <summary>True if the sheet or slide of this style is hidden.</summary>
    public bool IsLeftOut(string? style) => Of(style, found => found.IsShown is false ? "" : null) is not null;

    /// <summary>Returns the text as its style places it: <c>super 58%</c>, <c>-20% 58%</c>.</summary>
    public string Placed(string? style, string text) => Of(style, found => found.Position) switch
    {
        null => text,
        ['s', 'u', 'p', ..] => ScriptText.Raised(text),
        ['s', 'u', 'b', ..] or ['-', ..] => ScriptText.Lowered(text),
        [>= '1' and <= '9', ..] => ScriptText.Raised(text),
        _ => text,
    };

    private string? Of(string? style, Func<Style, string?> value)
    {
        for (var depth = 0; style is not null && depth < ParentsMax && styles.TryGetValue(style, out var found); depth++)
        {
            if (value(found) is { } own)
            {
                return own;
            }

            style = found.Parent;
        }

        return null;
    }

    private sealed record Style(string? Parent)
    {
        public string? Position { get; init; }

        public string? Display { get; init; }

        public bool? IsShown { get; init; }
    }
}
