namespace Pybo.Rag.Documents.Hwp;

/// <summary>Reads the definitions of styles, paragraph shapes, numberings and bullets: HWPX's <c>header.xml</c>, HWPML's <c>HEAD</c>.</summary>
internal sealed class HwpXmlStyles(HwpStyles styles)
{
    private readonly List<HwpNumberLevel> levels = [];
    private int numberingId;
    private int shapeId = -1;
    private int characterId = -1;
    private bool isInPattern;

    /// <summary>Returns a number format by its name: <c>HANGUL_SYLLABLE</c> in HWPX, <c>HangulSyllable</c> in HWPML.</summary>
    public static HwpNumberFormat Format(string name) => Named<HwpNumberFormat>(name.Replace("_", "", StringComparison.Ordinal));

    /// <summary>Takes the definition at the reader's current element.</summary>
    public void Take(HwpXml xml)
    {
        if (xml.IsStart)
        {
            Start(xml);
        }
        else if (xml.IsText && isInPattern)
        {
            levels[^1] = levels[^1] with { Pattern = xml.TakeText() };
        }
        else if (xml.IsEnd)
        {
            End(xml);
        }
    }

    private void Start(HwpXml xml)
    {
        switch (xml.Name)
        {
            case "CHARPR" or "CHARSHAPE":
                characterId = xml.Number("id");
                break;
            case "SUPSCRIPT" or "SUPERSCRIPT":
                styles.AddScript(characterId, 1);
                break;
            case "SUBSCRIPT":
                styles.AddScript(characterId, -1);
                break;
            case "PARAPR":
                shapeId = xml.Number("id");
                break;
            case "HEADING" when shapeId >= 0:
                styles.AddShape(shapeId, new(Head(xml.Attribute("type")), xml.Number("level"), xml.Number("idRef")));
                shapeId = -1;
                break;
            case "PARASHAPE":
                styles.AddShape(xml.Number("id"), new(Head(xml.Attribute("headingType")), xml.Number("level"), xml.Number("heading")));
                break;
            case "STYLE":
                styles.AddStyle(xml.Number("id"), xml.Attribute("name"));
                break;
            case "NUMBERING":
                numberingId = xml.Number("id");
                levels.Clear();
                break;
            case "BULLET":
                styles.AddBullet(xml.Number("id"), xml.Attribute("char") is [var bullet, ..] ? bullet : '•');
                break;
            case "PARAHEAD" when numberingId > 0 && levels.Count < HwpNumbering.LevelsMax:
                levels.Add(new("", Format(xml.Attribute("numFormat")), Math.Max(1, xml.Number("start"))));
                isInPattern = true;
                break;
        }
    }

    private void End(HwpXml xml)
    {
        isInPattern &= xml.Name != "PARAHEAD";
        if (xml.Name == "NUMBERING" && numberingId > 0)
        {
            styles.AddNumbering(numberingId, [.. levels]);
            numberingId = 0;
        }
    }

    private static HwpHeadKind Head(string type) => Named<HwpHeadKind>(type);

    /// <summary>Returns the first value if the name is unknown, or is a number.</summary>
    private static T Named<T>(string name)
        where T : struct, Enum => name is [var first, ..] && char.IsAsciiLetter(first) && Enum.TryParse<T>(name, ignoreCase: true, out var value) ? value : default;
}
