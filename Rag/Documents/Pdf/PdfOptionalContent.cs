namespace Pybo.Rag.Documents.Pdf;

/// <summary>Layers that are off when the document is opened (ISO 32000-2, 8.11): what belongs to them is not seen.</summary>
internal sealed class PdfOptionalContent
{
    private const int GroupsMax = 100_000;

    /// <summary>Groups of one membership, which is looked through for every sequence that belongs to it.</summary>
    private const int MembersMax = 256;

    private readonly PdfFile file;
    private readonly HashSet<PdfReference> off = [];

    public PdfOptionalContent(PdfFile file)
    {
        this.file = file;
        if (file.Dictionary(file.Catalog, "OCProperties") is not { } properties || file.Dictionary(properties, "D") is not { } configuration)
        {
            return;
        }

        if (file.Name(configuration, "BaseState") == "OFF")
        {
            off.UnionWith(References(properties, "OCGs"));
            off.ExceptWith(References(configuration, "ON"));
        }

        off.UnionWith(References(configuration, "OFF"));
    }

    /// <param name="membership">A group, or a membership dictionary, as it stands under <c>OC</c> or among the properties.</param>
    public bool IsHidden(PdfObject? membership)
    {
        if (off.Count == 0 || membership is null)
        {
            return false;
        }

        if (membership is PdfReference reference && off.Contains(reference))
        {
            return true;
        }

        if (file.Dictionary(membership) is not { } dictionary || file.Name(dictionary, "Type") != "OCMD")
        {
            return false;
        }

        PdfObject[] groups = dictionary["OCGs"] is PdfReference single && file.Array(single) is null ? [single] : [.. (file.Array(dictionary, "OCGs") ?? []).Take(MembersMax)];
        return groups.Length > 0 && file.Name(dictionary, "P") switch
        {
            "AllOn" => groups.Any(IsOff),
            "AllOff" => !groups.All(IsOff),
            "AnyOff" => !groups.Any(IsOff),
            _ => groups.All(IsOff),
        };
    }

    private bool IsOff(PdfObject group) => group is PdfReference reference && off.Contains(reference);

    private IEnumerable<PdfReference> References(PdfDictionary owner, string name) =>
        (file.Array(owner, name) ?? []).OfType<PdfReference>().Take(GroupsMax);
}
