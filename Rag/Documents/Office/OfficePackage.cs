using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>A part's reference to another.</summary>
/// <param name="Type">The last segment of its type, the same in the transitional and the strict edition: <c>slide</c>, <c>styles</c>.</param>
/// <param name="Target">The other part's name in the package.</param>
internal readonly record struct Relationship(string Type, string Target);

/// <summary>The parts of an Office Open XML file (ECMA-376 part 2), found by their relationships and never by fixed names.</summary>
internal sealed class OfficePackage
{
    /// <summary>A presentation has at most a few thousand.</summary>
    private const int RelationshipsMax = 20_000;

    private static readonly Dictionary<string, Relationship> None = [];

    private readonly ZipPackage zip;

    private OfficePackage(ZipPackage zip, string main) => (this.zip, Main) = (zip, main);

    /// <summary>The name of the document, workbook or presentation.</summary>
    public string Main { get; }

    /// <summary>The reasons why something in the document was not read.</summary>
    public List<Notice> Faults { get; } = [];

    public bool IsDamaged => zip.IsDamaged;

    /// <exception cref="DocumentUnreadableException">The bytes are not a ZIP file, or have no main part.</exception>
    public static OfficePackage Open(ReadOnlyMemory<byte> bytes)
    {
        var zip = ZipPackage.Open(bytes);
        var root = new OfficePackage(zip, "");
        var main = root.Relationships("").Values.FirstOrDefault(r => r.Type == "officeDocument").Target;
        // A truncated file, or one without that relationship, still has its main part in the usual place.
        main = main is not null && zip.Contains(main) ? main
            : Array.Find(["word/document.xml", "ppt/presentation.xml", "xl/workbook.xml", "xl/workbook.bin"], zip.Contains);
        return main is null && zip.HasEncryptedEntries
            ? throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Encrypted))
            : new(zip, main ?? throw new DocumentUnreadableException(Notice.Of(ReadingProblem.NoMainPart)));
    }

    /// <summary>Returns the relationships of a part by their id, without those that lead out of the package; an empty name returns the package's own.</summary>
    public Dictionary<string, Relationship> Relationships(string part)
    {
        var folder = part.LastIndexOf('/') + 1;
        var found = new Dictionary<string, Relationship>(StringComparer.Ordinal);
        foreach (var xml in RelationshipElements(part))
        {
            if (xml.Attribute("TargetMode") != "External" && xml.Attribute("Id") is { } id
                && xml.Attribute("Type") is { } type && xml.Attribute("Target") is { } target)
            {
                if (found.Count == RelationshipsMax)
                {
                    TooMany(ReadingProblem.TooManyLinks, RelationshipsMax);
                    break;
                }

                found.TryAdd(id, new(type[(type.LastIndexOf('/') + 1)..], ZipPackage.Resolve(part[..folder], target)));
            }
        }

        return found.Count > 0 ? found : None;
    }

    /// <summary>Returns the targets of a part's links that lead out of the package, by their ids.</summary>
    public Dictionary<string, string> Addresses(string part)
    {
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var xml in RelationshipElements(part))
        {
            if (xml.Attribute("TargetMode") == "External" && addresses.Count < RelationshipsMax && xml.Attribute("Type")?.EndsWith("/hyperlink", StringComparison.Ordinal) == true
                && xml.Attribute("Id") is { } id && xml.Attribute("Target") is { } target)
            {
                addresses.TryAdd(id, target);
            }
        }

        return addresses;
    }

    /// <summary>Returns the parts of one type that a part refers to, each once, in the order of the file.</summary>
    public IEnumerable<string> Related(string part, string type) => Related(Relationships(part), type);

    public static IEnumerable<string> Related(Dictionary<string, Relationship> relationships, string type) =>
        relationships.Values.Where(r => r.Type == type).Select(r => r.Target).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns every node of a part, with the scanner on it; nothing for a missing part. A fault is kept.</summary>
    public IEnumerable<XmlScanner> Nodes(string? part)
    {
        if (part is null || !zip.Contains(part))
        {
            yield break;
        }

        using var xml = Open(part);
        try
        {
            while (xml is not null && xml.Read())
            {
                yield return xml;
            }
        }
        finally
        {
            // A caller may stop before the end.
            Faults.AddRange(((Notice?[])[xml?.Fault, xml?.IsCut == true ? XmlScanner.CutReason : null]).OfType<Notice>());
        }
    }

    /// <summary>Opens a part that is read once more, to know its end before its beginning; null if it cannot be. Its faults are kept when it is read.</summary>
    public Stream? Peek(string part)
    {
        try
        {
            return zip.Contains(part) ? zip.Peek(part) : null;
        }
        catch (DocumentUnreadableException)
        {
            return null;
        }
    }

    /// <summary>True if the file contains pictures.</summary>
    public bool HasPictures => zip.Names.Any(name => name.Contains("/media/", StringComparison.OrdinalIgnoreCase));

    /// <summary>Records a fault if only the first of many items were read.</summary>
    public void TooMany(ReadingProblem what, int countMax) => Faults.Add(Notice.Of(what, countMax));

    /// <summary>Records a fault if a part that the document requires is missing.</summary>
    public void Require(string part)
    {
        if (!zip.Contains(part))
        {
            Faults.Add(ZipPackage.Missing(part));
        }
    }

    /// <summary>Returns every start of an element of a part.</summary>
    public IEnumerable<XmlScanner> Elements(string? part) => Nodes(part).Where(xml => xml.IsStart);

    /// <summary>Returns the title from the core properties.</summary>
    public string? Title()
    {
        foreach (var xml in Elements(Related("", "core-properties").FirstOrDefault()))
        {
            if (xml.Name == "title")
            {
                return xml.TextInside();
            }
        }

        return null;
    }

    private IEnumerable<XmlScanner> RelationshipElements(string part)
    {
        var folder = part.LastIndexOf('/') + 1;
        return Elements($"{part[..folder]}_rels/{part[folder..]}.rels").Where(xml => xml.Name == "Relationship");
    }

    private XmlScanner? Open(string part)
    {
        try
        {
            return new(zip.Open(part));
        }
        catch (DocumentUnreadableException broken)
        {
            Faults.Add(broken.Notice);
            return null;
        }
    }
}
