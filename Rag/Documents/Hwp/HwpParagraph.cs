using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// A paragraph while it is read: pieces of text and places of objects (tables, notes, pictures), in their order. Positions are counted as the
/// format counts them: in UTF-16 characters, eight for an object or a tab.
/// </summary>
/// <param name="startsPage">The author began a page here.</param>
internal sealed class HwpParagraph(int shapeId, int styleId, bool startsPage)
{
    /// <summary>What a tab or an object counts in positions.</summary>
    public const int ObjectPositions = 8;

    private readonly List<Piece> pieces = [];
    private readonly StringBuilder pending = new();
    private Piece? current;

    public int ShapeId => shapeId;

    public int StyleId => styleId;

    public bool StartsPage => startsPage;

    /// <summary>The lines as they were laid out last: where each begins in the paragraph, and how far down on its page.</summary>
    public List<(int Position, int Vertical)> Lines { get; } = [];

    /// <summary>Where the next character stands.</summary>
    public int Position { get; private set; }

    /// <summary>The text and the objects in order.</summary>
    public IReadOnlyList<Piece> Pieces
    {
        get
        {
            EndText();
            return pieces;
        }
    }

    /// <summary>Text whose characters count one position each.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        pending.Append(text);
        Position += text.Length;
    }

    /// <summary>A tab, which counts as much as an object.</summary>
    public void AppendTab()
    {
        EndText();
        pieces.Add(new(Position, isObject: true) { Text = "\t" });
        Position += ObjectPositions;
    }

    /// <summary>A control that shows nothing.</summary>
    public void Skip()
    {
        EndText();
        Position += ObjectPositions;
    }

    /// <summary>The place of an object; what is said next of an object is said of this one.</summary>
    public Piece AddObject()
    {
        EndText();
        current = new(Position, isObject: true);
        pieces.Add(current);
        Position += ObjectPositions;
        return current;
    }

    /// <summary>The object that is being read; a place at the end where there is none.</summary>
    public Piece CurrentObject() => current ?? AddObject();

    public void Select(Piece piece) => current = piece;

    private void EndText()
    {
        if (pending.Length > 0)
        {
            pieces.Add(new(Position - pending.Length, isObject: false) { Text = pending.ToString() });
            pending.Clear();
        }
    }

    /// <summary>A piece of text, or an object with the words that stand in the line and the blocks that stand by themselves.</summary>
    internal sealed class Piece(int position, bool isObject)
    {
        public int Position => position;

        /// <summary>True where the words do not count one position each.</summary>
        public bool IsObject => isObject;

        /// <summary>Where the next piece stands.</summary>
        public int End => position + (isObject ? ObjectPositions : Text.Length);

        public string Text { get; set; } = "";

        public List<BlockPart> Blocks { get; } = [];
    }
}
