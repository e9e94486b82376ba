using System.Xml;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Reads XML element by element, within limits. HWPX and HWPML have the same elements under like names (<c>lineBreak</c>, <c>LINEBREAK</c>), so
/// local names are compared without case and namespaces, of which there are those of 2011 and 2016, not at all.
/// </summary>
internal sealed class HwpXml : IDisposable
{
    /// <summary>A table in a cell is six elements more; <see cref="HwpFlow.NestingMax"/> is reached before.</summary>
    private const int DepthMax = 512;

    /// <summary>A picture in HWPML is text of up to some megabytes, a document of twenty million characters perhaps five times as much in elements.</summary>
    private const long CharactersMax = 150_000_000;

    private const string Broken = "문서의 XML이 깨져 있어 끝까지 읽지 못했습니다. 한글에서 다시 저장한 뒤 올려 주세요.";

    private readonly XmlReader reader;

    public HwpXml(Stream stream) => reader = Guarded(() => XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = CharactersMax,
        CheckCharacters = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    }));

    public string Name => reader.LocalName;

    public int Depth => reader.Depth;

    public bool IsStart => reader.NodeType == XmlNodeType.Element;

    /// <summary>True where the element has no content and no end of its own.</summary>
    public bool IsEmpty => reader.IsEmptyElement;

    public bool IsEnd => reader.NodeType == XmlNodeType.EndElement;

    public bool IsText => reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace;

    public string Text => Guarded(() => reader.Value);

    /// <summary>Moves on; false at the end.</summary>
    /// <exception cref="DocumentUnreadableException">The XML is broken, has a document type, or is nested too deep.</exception>
    public bool Read()
    {
        var hasMore = Guarded(reader.Read);
        return !hasMore || reader.Depth <= DepthMax
            ? hasMore
            : throw new DocumentUnreadableException("문서의 XML이 너무 깊이 겹쳐 있어 끝까지 읽지 못했습니다.");
    }

    public bool Is(string name) => string.Equals(reader.LocalName, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of an attribute; empty where there is none.</summary>
    public string Attribute(string name)
    {
        var value = "";
        for (var isAt = reader.MoveToFirstAttribute(); isAt; isAt = reader.MoveToNextAttribute())
        {
            if (Is(name))
            {
                value = Guarded(() => reader.Value);
                break;
            }
        }

        reader.MoveToElement();
        return value;
    }

    /// <summary>A number of an attribute, 0 where it is none. 한글 writes −1 as 4294967295.</summary>
    public int Number(string name) =>
        long.TryParse(Attribute(name), System.Globalization.CultureInfo.InvariantCulture, out var number) ? unchecked((int)number) : 0;

    public void Dispose() => reader.Dispose();

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is XmlException or ArgumentException or FormatException or IOException)
        {
            // ArgumentException and FormatException: an encoding or an escaped character that .NET does not know.
            throw new DocumentUnreadableException(Broken, broken);
        }
    }
}
