using System.Runtime.InteropServices;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>HWPML 2, 한글's documents as one XML file (.hml, and some that are named .hwp).</summary>
public sealed class HwpmlReader : DocumentReader
{
    /// <summary>Covers the text before the root element: the XML declaration, a style sheet, a comment.</summary>
    private const int BeginningBytes = 1_024;

    public override DocumentFormat Format { get; } = new(StoredWords.HwpmlFormat, "application/xml", [".hml"]);

    private static ReadOnlySpan<byte> Root => "<HWPML"u8;

    /// <summary>Byte order marks and white space, in UTF-8 or UTF-16.</summary>
    private static ReadOnlySpan<byte> Space => [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0];

    /// <summary>Recognises XML, in UTF-8 or UTF-16, whose root element is <c>HWPML</c>; a text that only mentions it does not begin with a tag.</summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName)
    {
        var beginning = bytes[..Math.Min(bytes.Length, BeginningBytes)].TrimStart(Space);
        return beginning is [(byte)'<', ..] && (beginning.IndexOf(Root) >= 0 || beginning.IndexOf(Encoding.Unicode.GetBytes("<HWPML")) >= 0);
    }

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        using var scanner = new XmlScanner(AsStream(bytes));
        var xml = new HwpXml(scanner, isHwpml: true);
        var styles = new HwpStyles();
        if (DocumentTitle.Of(Head(xml, scanner, styles) ?? "") is { } title)
        {
            yield return new TitlePart(title);
        }

        var flow = new HwpFlow(styles);
        foreach (var part in HwpXmlBody.Parts(xml, flow, styles))
        {
            yield return part;
        }

        if (scanner.Fault is { } fault && !flow.HasText)
        {
            throw HwpFlow.Unreadable(fault);
        }

        foreach (var warning in flow.Warnings())
        {
            yield return warning;
        }
    }

    /// <summary>Reads the definitions, up to the beginning of the body; returns the title.</summary>
    private static string? Head(HwpXml xml, XmlScanner scanner, HwpStyles styles)
    {
        string? title = null;
        var reader = new HwpXmlStyles(styles);
        while (xml.Read() && !(xml.IsStart && xml.Name == "BODY"))
        {
            if (xml.IsStart && xml.Name == "TITLE")
            {
                title ??= scanner.TextInside();
            }
            else
            {
                reader.Take(xml);
            }
        }

        return title;
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array) && array.Array is { } all
        ? new(all, array.Offset, array.Count, writable: false)
        : new(bytes.ToArray(), writable: false);
}
