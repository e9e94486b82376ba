namespace Pybo.Rag.Documents.Hwp;

/// <summary>The kind of label before a paragraph.</summary>
internal enum HwpHeadKind
{
    None,

    /// <summary>The number of the document's outline (개요): the paragraph is a heading.</summary>
    Outline,
    Number,
    Bullet,
}

/// <summary>The part of a paragraph's shape that is read: its numbering.</summary>
/// <param name="Level">From 0.</param>
/// <param name="ListId">The id of its numbering or bullet.</param>
internal readonly record struct HwpParagraphShape(HwpHeadKind Head, int Level, int ListId);

/// <summary>The shapes, styles, numberings and bullets that a document defines; they determine a paragraph's heading level and label.</summary>
internal sealed class HwpStyles
{
    /// <summary>A document with more definitions of a kind than a shape can refer to (16 bits) is broken.</summary>
    public const int DefinitionsMax = 65_536;

    private readonly Dictionary<int, HwpParagraphShape> shapes = [];
    private readonly Dictionary<int, int> styleLevels = [];
    private readonly Dictionary<int, HwpNumbering> numberings = [];
    private readonly Dictionary<int, string> bullets = [];
    private readonly Dictionary<int, int> scripts = [];

    /// <summary>The outline's numbering, which each section names.</summary>
    public int OutlineId { get; set; }

    public void AddShape(int id, HwpParagraphShape shape) => Add(shapes, id, shape);

    /// <summary>Adds a style; <c>개요 1</c> to <c>개요 10</c> are heading styles.</summary>
    public void AddStyle(int id, string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["개요" or "Outline", var number] && int.TryParse(number, out var level) && level is >= 1 and <= HwpNumbering.LevelsMax)
        {
            Add(styleLevels, id, level);
        }
    }

    public void AddNumbering(int id, IReadOnlyList<HwpNumberLevel> levels) => Add(numberings, id, new(levels));

    /// <summary>Adds a bullet. Symbol fonts' own characters (private use) are drawn as dots, squares and arrows; a dot replaces them all.</summary>
    public void AddBullet(int id, char bullet) => Add(bullets, id, bullet is >= '\uE000' and <= '\uF8FF' ? "•" : bullet.ToString());

    /// <summary>Adds a character shape that raises (1) or lowers (-1) its text.</summary>
    public void AddScript(int id, int script) => Add(scripts, id, script);

    /// <summary>Returns 1 for a character shape of raised text, -1 for lowered text, otherwise 0.</summary>
    public int ScriptOf(int id) => scripts.GetValueOrDefault(id);

    /// <summary>Counts the next paragraph of this shape and style; returns its label and its level as a heading, 0 for none.</summary>
    public (int HeadingLevel, string Label) Next(int shapeId, int styleId)
    {
        var shape = shapes.GetValueOrDefault(shapeId);
        var headingLevel = shape.Head == HwpHeadKind.Outline ? shape.Level + 1 : styleLevels.GetValueOrDefault(styleId);
        var label = shape.Head switch
        {
            HwpHeadKind.Outline => Number(OutlineId, shape.Level),
            HwpHeadKind.Number => Number(shape.ListId, shape.Level),
            HwpHeadKind.Bullet => bullets.GetValueOrDefault(shape.ListId) ?? "",
            _ => "",
        };
        return (headingLevel, label);
    }

    private string Number(int id, int level) => numberings.TryGetValue(id, out var numbering) ? numbering.Next(level) : "";

    private static void Add<T>(Dictionary<int, T> definitions, int id, T definition)
    {
        if (definitions.Count < DefinitionsMax)
        {
            definitions[id] = definition;
        }
    }
}
