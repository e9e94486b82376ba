using System.Globalization;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// One vocabulary for HWPX and HWPML, which have the same elements and attributes under similar names: <c>lineBreak</c> and <c>LINEBREAK</c>,
/// <c>colAddr</c> and <c>ColAddr</c>.
/// </summary>
/// <param name="scanner">Reads the XML; owned by the caller.</param>
/// <param name="isHwpml">Attributes begin with a capital.</param>
internal sealed class HwpXml(XmlScanner scanner, bool isHwpml)
{
    /// <summary>The formats have some hundreds of names; further ones are not cached.</summary>
    private const int NamesMax = 1_000;

    private readonly Dictionary<string, string> names = [];

    /// <summary>The element's name in capitals; empty for text.</summary>
    public string Name { get; private set; } = "";

    public bool IsStart => scanner.IsStart;

    public bool IsEnd => scanner.IsEnd;

    public bool IsText => !IsStart && !IsEnd;

    /// <summary>Returns the text of a text node that is needed, and remembers if it was cut.</summary>
    public string TakeText()
    {
        if (scanner.IsTextCut)
        {
            scanner.Cut();
        }

        return scanner.Text;
    }

    /// <summary>The reason, as a Korean sentence, why the XML ended early; null if it did not.</summary>
    public Notice? Fault => scanner.Fault;

    /// <summary>True once a needed text had to be cut.</summary>
    public bool IsCut => scanner.IsCut;

    /// <summary>Moves to the next start, end or text; every start has an end. Returns false at the end, or if the XML is broken.</summary>
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

    /// <summary>Returns an attribute's value by its HWPX name; empty if there is none.</summary>
    public string Attribute(string name) => scanner.Attribute(isHwpml ? char.ToUpperInvariant(name[0]) + name[1..] : name) ?? "";

    /// <summary>Returns the value of an attribute whose names differ.</summary>
    public string Attribute(string hwpx, string hwpml) => scanner.Attribute(isHwpml ? hwpml : hwpx) ?? "";

    /// <summary>Returns an attribute's number, 0 if it is not a number. 한글 writes −1 as 4294967295.</summary>
    public int Number(string name) => Parsed(Attribute(name));

    /// <inheritdoc cref="Number(string)"/>
    public int Number(string hwpx, string hwpml) => Parsed(Attribute(hwpx, hwpml));

    private static int Parsed(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? unchecked((int)number) : 0;
}
