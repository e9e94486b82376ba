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

    /// <summary>Deeper fields are written as their text.</summary>
    private const int FieldsMax = 8;

    private readonly List<Piece> pieces = [];
    private bool isFinished;
    private readonly StringBuilder pending = new();
    private Piece? current;

    public int ShapeId => shapeId;

    public int StyleId => styleId;

    public bool StartsPage => startsPage;

    /// <summary>The lines of the last layout: where each begins in the paragraph, and how far down it is on its page.</summary>
    public List<(int Position, int Vertical)> Lines { get; } = [];

    /// <summary>The position of the next character.</summary>
    public int Position { get; private set; }

    /// <summary>Where raised (1), lowered (-1) and ordinary (0) text begins.</summary>
    public List<(int Position, int Script)> Scripts { get; } = [];

    /// <summary>The text and the objects in order, once the paragraph is complete.</summary>
    public IReadOnlyList<Piece> Pieces
    {
        get
        {
            EndText();
            if (!isFinished)
            {
                isFinished = true;
                SplitScripts();
                ApplyFields();
            }

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

    /// <summary>Ends the field that began last and is still open.</summary>
    public void EndField()
    {
        EndText();
        pieces.Add(new(Position, isObject: true) { EndsField = true });
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
            pieces.Add(new(Position - pending.Length, isObject: false, pending.Length) { Text = pending.ToString() });
            pending.Clear();
        }
    }

    /// <summary>Cuts pieces of text where raised or lowered text begins or ends.</summary>
    private void SplitScripts()
    {
        if (!Scripts.Exists(change => change.Script != 0))
        {
            return;
        }

        var whole = pieces.ToList();
        pieces.Clear();
        var next = 0;
        var script = 0;
        foreach (var piece in whole)
        {
            if (piece.IsObject)
            {
                pieces.Add(piece);
                continue;
            }

            for (var start = 0; start < piece.Text.Length;)
            {
                for (; next < Scripts.Count && Scripts[next].Position <= piece.Position + start; next++)
                {
                    script = Scripts[next].Script;
                }

                var end = next < Scripts.Count ? Math.Min(piece.Text.Length, Scripts[next].Position - piece.Position) : piece.Text.Length;
                pieces.Add(new(piece.Position + start, isObject: false, end - start) { Text = piece.Text[start..end], Script = script });
                start = end;
            }
        }
    }

    /// <summary>Writes where links lead, and removes the prompts of fields that were not filled in.</summary>
    private void ApplyFields()
    {
        var open = new Stack<int>();
        for (var at = 0; at < pieces.Count; at++)
        {
            if (pieces[at].Field is not null && open.Count < FieldsMax)
            {
                open.Push(at);
            }
            else if (pieces[at].EndsField && open.TryPop(out var begin))
            {
                Apply(pieces[begin].Field!, pieces[at], pieces[(begin + 1)..at]);
            }
        }
    }

    private static void Apply(HwpField field, Piece end, List<Piece> inside)
    {
        var shown = field.Target.Length + field.Prompt.Length > 0 ? string.Concat(inside.Select(piece => piece.Text)) : "";
        if (field.IsEmpty(shown))
        {
            inside.ForEach(piece => piece.Text = "");
        }
        else if (field.Target.Length > 0)
        {
            end.Text = LinkText.After(shown, field.Target);
        }
    }

    /// <summary>A piece of text, or an object with its words in the line and its separate blocks.</summary>
    /// <param name="length">Positions that the text takes.</param>
    internal sealed class Piece(int position, bool isObject, int length = ObjectPositions)
    {
        public int Position => position;

        /// <summary>True if the words do not count one position each.</summary>
        public bool IsObject => isObject;

        /// <summary>The position of the next piece.</summary>
        public int End => position + length;

        /// <summary>1 for raised text, -1 for lowered text, otherwise 0.</summary>
        public int Script { get; init; }

        /// <summary>The field that begins here.</summary>
        public HwpField? Field { get; set; }

        public bool EndsField { get; init; }

        public string Text { get; set; } = "";

        public List<BlockPart> Blocks { get; } = [];
    }
}
