using System.Text;
using System.Xml;
using Pybo.Data;

namespace Pybo.Rag.Documents.Zip;

/// <summary>
/// Reads an XML part forwards, within limits: no DTD, no entities, no external resources. Elements are known by their local names, whatever
/// their namespace's edition; an empty element also has an end. A broken part ends at the break and sets <see cref="Fault"/>.
/// </summary>
internal sealed class XmlScanner : IDisposable
{
    /// <summary>No document that a person wrote is deeper; the parser keeps an object for each level.</summary>
    public const int DepthMax = 2_000;

    /// <summary>A sheet of a million rows and ten columns has about this many.</summary>
    public const int ElementsMax = 20_000_000;

    /// <summary>A longer text node is cut; no real cell, run or paragraph is nearly as long.</summary>
    public const int TextCharactersMax = 4_000_000;

    /// <summary>The warning for a document whose text was cut inside a paragraph or a cell.</summary>
    public static readonly Notice CutReason = Notice.Of(ReadingProblem.TextCut);

    /// <summary>The fault of a part that stops being XML at some point.</summary>
    public static readonly Notice BrokenReason = Notice.Of(ReadingProblem.PartBroken);

    /// <summary>Relationship attributes are in this namespace, or in its strict edition, which has the same ending.</summary>
    private const string RelationshipsSuffix = "/relationships";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
        CloseInput = true,
        MaxCharactersInDocument = ZipPackage.EntryBytesMax,
    };

    private readonly XmlReader reader;
    private readonly char[] buffer = new char[4_096];
    private bool isEmpty;
    private int elements;

    /// <param name="stream">Owned by the scanner.</param>
    public XmlScanner(Stream stream)
    {
        try
        {
            reader = XmlReader.Create(new TagGuard(stream), Settings); // reads the first bytes to find the encoding
        }
        catch (Exception broken) when (broken is XmlException or DocumentUnreadableException)
        {
            reader = XmlReader.Create(Stream.Null, Settings);
            Fault = Reason(broken);
        }
    }

    /// <summary>The reason why the part ended early; null if it did not.</summary>
    public Notice? Fault { get; private set; }

    public bool IsStart { get; private set; }

    public bool IsEnd { get; private set; }

    /// <summary>The local name of the element that starts or ends here; empty for text.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The text of a text node; empty for an element.</summary>
    public string Text { get; private set; } = "";

    /// <summary>True if <see cref="Text"/> is only the beginning of its node; a caller that needs the text reports it with <see cref="Cut"/>.</summary>
    public bool IsTextCut { get; private set; }

    /// <summary>True once a needed text had to be cut.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Elements around this node.</summary>
    public int Depth => reader.Depth;

    /// <summary>Moves to the next start, end or text; returns false at the end of the part, or if it is broken.</summary>
    public bool Read()
    {
        if (isEmpty)
        {
            (isEmpty, IsStart, IsEnd) = (false, false, true);
            return true;
        }

        try
        {
            return Fault is null && Next();
        }
        catch (Exception broken) when (broken is XmlException or DocumentUnreadableException)
        {
            return Fail(Reason(broken));
        }
    }

    /// <summary>Returns an attribute's value by its local name, in no namespace or in the element's own; null if there is none.</summary>
    public string? Attribute(string name) => Attribute(name, isRelationship: false);

    /// <summary>Returns the value of <c>r:id</c> and the like; null if there is none.</summary>
    public string? RelationshipId(string name = "id") => Attribute(name, isRelationship: true);

    /// <summary>Remembers that a text of this part was cut.</summary>
    public void Cut() => IsCut = true;

    /// <summary>Moves to the end of the element that starts here, past everything inside it.</summary>
    public void Skip()
    {
        var depth = Depth;
        while (Read() && !(IsEnd && Depth == depth))
        {
        }
    }

    /// <summary>Returns all text inside the element that starts here, and moves to its end.</summary>
    public string TextInside()
    {
        var depth = Depth;
        StringBuilder? more = null;
        var text = "";
        while (Read() && !(IsEnd && Depth == depth))
        {
            IsCut |= IsTextCut;
            if (text.Length == 0)
            {
                text = Text;
            }
            else
            {
                IsCut |= !BoundedText.Add(more ??= new(text), Text, TextCharactersMax);
            }
        }

        return more?.ToString() ?? text;
    }

    public void Dispose() => reader.Dispose();

    private bool Next()
    {
        (IsStart, IsEnd, Text, IsTextCut) = (false, false, "", false);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.Depth >= DepthMax:
                    return Fail(Notice.Of(ReadingProblem.PartTooDeep));
                case XmlNodeType.Element when ++elements > ElementsMax:
                    return Fail(Notice.Of(ReadingProblem.PartTooLarge));
                case XmlNodeType.Element:
                    (IsStart, Name, isEmpty) = (true, reader.LocalName, reader.IsEmptyElement);
                    return true;
                case XmlNodeType.EndElement:
                    (IsEnd, Name) = (true, reader.LocalName);
                    return true;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    (Name, Text) = ("", Value());
                    return true;
            }
        }

        return false;
    }

    /// <summary>Reads a text node in pieces up to the limit, because the parser would hold it as a whole.</summary>
    private string Value()
    {
        var count = reader.ReadValueChunk(buffer, 0, buffer.Length);
        if (count < buffer.Length)
        {
            var start = new string(buffer, 0, count);
            count = reader.ReadValueChunk(buffer, 0, buffer.Length);
            return count == 0 ? start : Rest(new StringBuilder(start), count);
        }

        return Rest(new StringBuilder(), count);
    }

    private string Rest(StringBuilder text, int count)
    {
        for (; count > 0 && text.Length < TextCharactersMax; count = reader.ReadValueChunk(buffer, 0, buffer.Length))
        {
            text.Append(buffer, 0, count);
        }

        IsTextCut = count > 0;
        return text.ToString();
    }

    private string? Attribute(string name, bool isRelationship)
    {
        string? value = null;
        if (!IsStart)
        {
            return null;
        }

        for (var more = reader.MoveToFirstAttribute(); more && value is null; more = reader.MoveToNextAttribute())
        {
            if (reader.LocalName == name && reader.NamespaceURI.EndsWith(RelationshipsSuffix, StringComparison.Ordinal) == isRelationship)
            {
                value = reader.Value;
            }
        }

        reader.MoveToElement();
        return value;
    }

    private static Notice Reason(Exception broken) => broken is DocumentUnreadableException unreadable ? unreadable.Notice : BrokenReason;

    private bool Fail(Notice reason)
    {
        (IsStart, IsEnd, isEmpty, Name, Text) = (false, false, false, "", "");
        Fault = reason;
        return false;
    }

    /// <summary>
    /// Guards the parser, which holds a tag with its attributes, a comment or a section as a whole. Tags and text contain no <c>&lt;</c>: a stretch of
    /// <see cref="StretchBytesMax"/> bytes without one is not a document.
    /// </summary>
    private sealed class TagGuard(Stream inner) : ForwardStream(inner)
    {
        private const int StretchBytesMax = 32_000_000;

        private long stretchBytes;

        public override int Read(Span<byte> buffer)
        {
            var count = Inner.Read(buffer);
            var last = buffer[..count].LastIndexOf((byte)'<');
            stretchBytes = last < 0 ? stretchBytes + count : count - last;
            return stretchBytes <= StretchBytesMax ? count : throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PartTooLong));
        }
    }
}
