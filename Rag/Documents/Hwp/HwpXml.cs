using System.Globalization;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// One vocabulary for HWPX and HWPML, which have the same elements and attributes under like names: <c>lineBreak</c> and <c>LINEBREAK</c>,
/// <c>colAddr</c> and <c>ColAddr</c>.
/// </summary>
/// <param name="scanner">Reads the XML; belongs to its caller.</param>
/// <param name="isHwpml">Attributes begin with a capital.</param>
internal sealed class HwpXml(XmlScanner scanner, bool isHwpml)
{
    /// <summary>The formats have some hundreds of names; others are not worth keeping.</summary>
    private const int NamesMax = 1_000;

    private readonly Dictionary<string, string> names = [];

    /// <summary>The element's name in capitals; empty for text.</summary>
    public string Name { get; private set; } = "";

    public bool IsStart => scanner.IsStart;

    public bool IsEnd => scanner.IsEnd;

    public bool IsText => !IsStart && !IsEnd;

    /// <summary>The text of a text node, because it is wanted: that it had to be cut is remembered.</summary>
    public string TakeText()
    {
        if (scanner.IsTextCut)
        {
            scanner.Cut();
        }

        return scanner.Text;
    }

    /// <summary>Why the XML ended early, as a Korean sentence; null where it did not.</summary>
    public Notice? Fault => scanner.Fault;

    /// <summary>True once a text that was wanted had to be cut.</summary>
    public bool IsCut => scanner.IsCut;

    /// <summary>Goes to the next start, end or text; every start has an end. False at the end, or where the XML is broken.</summary>
    public bool Read()
    {
        if (!scanner.Read())
        {
            return false;
        }

        if (!names.TryGetValue(scanner.Name, out var name))
        {
            name = scanner.Name.ToUpperInvariant();
            if (names.Count < NamesMax)
            {
                names.Add(scanner.Name, name);
            }
        }

        Name = name;
        return true;
    }

    /// <summary>The value of an attribute by its name in HWPX; empty where there is none.</summary>
    public string Attribute(string name) => scanner.Attribute(isHwpml ? char.ToUpperInvariant(name[0]) + name[1..] : name) ?? "";

    /// <summary>The value of an attribute whose names differ.</summary>
    public string Attribute(string hwpx, string hwpml) => scanner.Attribute(isHwpml ? hwpml : hwpx) ?? "";

    /// <summary>A number of an attribute, 0 where it is none. 한글 writes −1 as 4294967295.</summary>
    public int Number(string name) => Parsed(Attribute(name));

    /// <inheritdoc cref="Number(string)"/>
    public int Number(string hwpx, string hwpml) => Parsed(Attribute(hwpx, hwpml));

    private static int Parsed(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? unchecked((int)number) : 0;
}
