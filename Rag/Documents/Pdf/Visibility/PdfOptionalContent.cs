using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>Finds layers that are off when the document is opened (ISO 32000-2, 8.11): their content is hidden. PdfPig reads them, but leaves nothing out.</summary>
internal sealed class PdfOptionalContent
{
    /// <summary>The most groups of one membership, which is scanned for every sequence that belongs to it.</summary>
    private const int MembersMax = 256;

    private readonly IPdfTokenScanner scanner;
    private readonly HashSet<IndirectReference> off = [];

    public PdfOptionalContent(IPdfTokenScanner scanner, DictionaryToken catalog)
    {
        this.scanner = scanner;
        var properties = scanner.Find<DictionaryToken>(catalog, "OCProperties");
        var configuration = scanner.Find<DictionaryToken>(properties, "D");
        if (scanner.Name(configuration, "BaseState") == "OFF")
        {
            off.UnionWith(References(properties, "OCGs"));
            off.ExceptWith(References(configuration, "ON"));
        }

        off.UnionWith(References(configuration, "OFF"));
    }

    /// <param name="membership">A group, or a membership dictionary, unresolved from <c>OC</c> or the properties.</param>
    public bool IsHidden(IToken? membership)
    {
        if (off.Count == 0 || membership is null)
        {
            return false;
        }

        if (IsOff(membership))
        {
            return true;
        }

        if (scanner.Find<DictionaryToken>(membership) is not { } dictionary || scanner.Name(dictionary, "Type") != "OCMD")
        {
            return false;
        }

        var value = dictionary.Entry("OCGs");
        IToken[] groups = value is IndirectReferenceToken && scanner.Find<ArrayToken>(value) is null ? [value] : [.. (scanner.Find<ArrayToken>(value)?.Data ?? []).Take(MembersMax)];
        return groups.Length > 0 && scanner.Name(dictionary, "P") switch
        {
            "AllOn" => groups.Any(IsOff),
            "AllOff" => !groups.All(IsOff),
            "AnyOff" => !groups.Any(IsOff),
            _ => groups.All(IsOff),
        };
    }

    private bool IsOff(IToken group) => group is IndirectReferenceToken reference && off.Contains(reference.Data);

    private IEnumerable<IndirectReference> References(DictionaryToken? owner, string name) =>
        (scanner.Find<ArrayToken>(owner, name)?.Data ?? []).OfType<IndirectReferenceToken>().Select(reference => reference.Data);
}
