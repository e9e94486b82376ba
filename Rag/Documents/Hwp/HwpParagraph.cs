using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// A paragraph while it is read: pieces of text and places of objects (tables, notes, pictures), in order. Positions are counted as in the
/// format: in UTF-16 characters, with eight for an object or a tab.
/// </summary>
/// <param name="startsPage">The author began a page here.</param>
internal sealed class HwpParagraph(int shapeId, int styleId, bool startsPage)
{
    /// <summary>The number of positions that a tab or an object takes.</summary>
    public const int ObjectPositions = 8;

    private readonly List<Piece> pieces = [];
    private readonly StringBuilder pending = new();
    private Piece? current;

    public int ShapeId => shapeId;

    public int StyleId => styleId;

    public bool StartsPage => startsPage;

    /// <summary>The lines of the last layout: where each begins in the paragraph, and how far down it is on its page.</summary>
    public List<(int Position, int Vertical)> Lines { get; } = [];

    /// <summary>The position of the next character.</summary>
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

    /// <summary>Appends text whose characters count one position each.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        pending.Append(text);
        Position += text.Length;
    }

    /// <summary>Appends a tab, which counts as much as an object.</summary>
    public void AppendTab()
    {
        EndText();
        pieces.Add(new(Position, isObject: true) { Text = "\t" });
        Position += ObjectPositions;
    }

    /// <summary>Skips a control that shows nothing.</summary>
    public void Skip()
    {
        EndText();
        Position += ObjectPositions;
    }

    /// <summary>Adds the place of an object, which becomes the current one.</summary>
    public Piece AddObject()
    {
        EndText();
        current = new(Position, isObject: true);
        pieces.Add(current);
        Position += ObjectPositions;
        return current;
    }

    /// <summary>The object that is being read; if there is none, a new one at the end.</summary>
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

    /// <summary>A piece of text, or an object with its words in the line and its separate blocks.</summary>
    internal sealed class Piece(int position, bool isObject)
    {
        public int Position => position;

        /// <summary>True if the words do not count one position each.</summary>
        public bool IsObject => isObject;

        /// <summary>The position of the next piece.</summary>
        public int End => position + (isObject ? ObjectPositions : Text.Length);

        public string Text { get; set; } = "";

        public List<BlockPart> Blocks { get; } = [];
    }
}
