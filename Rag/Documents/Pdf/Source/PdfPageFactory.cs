using Pybo.Rag.Documents.Pdf.Visibility;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Geometry;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Outline.Destinations;
using UglyToad.PdfPig.Parser;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Lets PdfPig run a page's content on a <see cref="PdfVisiblePage"/>, after repairing entries of the page's dictionary that it would refuse or skip.</summary>
internal sealed class PdfPageFactory(
    IPdfTokenScanner pdfScanner, IResourceStore resourceStore, ILookupFilterProvider filterProvider, IPageContentParser pageContentParser, ParsingOptions parsingOptions)
    : BasePageFactory<PdfGlyphPage>(pdfScanner, resourceStore, filterProvider, pageContentParser, parsingOptions),
        IPageFactory<PdfGlyphPage>
{
    /// <summary>Entries that a page inherits from its parent nodes, in addition to its resources (ISO 32000-2, 7.7.3.4).</summary>
    private static readonly string[] Inheritable = ["MediaBox", "CropBox", "Rotate"];

    /// <summary>A larger or smaller page is a mistake; the standard's maximum is 14,400 points.</summary>
    private const double PointsMax = 1_000_000;

    /// <summary>The most nodes above a page.</summary>
    private const int ParentsMax = 64;

    private readonly PdfResources resources = new(resourceStore, pdfScanner);

    PdfGlyphPage IPageFactory<PdfGlyphPage>.Create(int number, DictionaryToken dictionary, PageTreeMembers pageTreeMembers, NamedDestinations namedDestinations)
    {
        resources.Load(PdfScanner.Find<DictionaryToken>(Inherited(dictionary, "Resources")) ?? pageTreeMembers.ParentResources.LastOrDefault() ?? DictionaryToken.Empty);
        pageTreeMembers.ParentResources.Clear();
        try
        {
            return Create(number, Mended(dictionary), pageTreeMembers, namedDestinations);
        }
        finally
        {
            resources.Unload();
        }
    }

    protected override PdfGlyphPage ProcessPage(
        int pageNumber, DictionaryToken dictionary, NamedDestinations namedDestinations, MediaBox mediaBox, CropBox cropBox,
        UserSpaceUnit userSpaceUnit, PageRotationDegrees rotation, TransformationMatrix initialMatrix, IReadOnlyList<IGraphicsStateOperation> operations) =>
        new PdfVisiblePage(new(
            pageNumber, dictionary, ((PdfParsingOptions)ParsingOptions).Document, resources, ResourceStore, PdfScanner, PageContentParser, FilterProvider, cropBox, userSpaceUnit, rotation, initialMatrix,
            ParsingOptions)).Process(pageNumber, operations);

    // PdfPig inherits no crop box, throws on missing contents, and accepts any number for a side.
    private DictionaryToken Mended(DictionaryToken page)
    {
        var mended = page.Without("Resources");
        foreach (var name in Inheritable)
        {
            var value = Inherited(page, name);
            var isGood = name == "Rotate" ? PdfScanner.Number(value) % 90 == 0 : IsBox(value);
            mended = isGood ? mended.With(name, value!) : mended.Without(name);
        }

        var contents = page.Entry("Contents");
        IToken[] parts = PdfScanner.Find<ArrayToken>(contents) is { } array ? [.. array.Data] : contents is null ? [] : [contents];
        return mended.With("Contents", new ArrayToken([.. parts.Where(part => part is IndirectReferenceToken && PdfScanner.Find<StreamToken>(part) is not null)]));
    }

    private IToken? Inherited(DictionaryToken? node, string name, int parents = ParentsMax) =>
        node.Entry(name) is { } value and not NullToken ? value
        : node is null || parents == 0 ? null
        : Inherited(PdfScanner.Find<DictionaryToken>(node, "Parent"), name, parents - 1);

    private bool IsBox(IToken? value) =>
        PdfScanner.Find<ArrayToken>(value) is { Length: 4 } corners && corners.Data.All(corner => PdfScanner.Number(corner) is > -PointsMax and < PointsMax)
        && PdfTokens.Box([.. corners.Data.Select(corner => PdfScanner.Number(corner)!.Value)]) is { Width: > 0, Height: > 0 };
}

/// <summary>The inputs for processing a page.</summary>
internal sealed record PdfPageContent(
    int Number, DictionaryToken Dictionary, PdfFile File, PdfResources Resources, IResourceStore Store, IPdfTokenScanner Scanner, IPageContentParser Parser, ILookupFilterProvider Filters, CropBox CropBox,
    UserSpaceUnit Unit, PageRotationDegrees Rotation, TransformationMatrix Initial, ParsingOptions Options);

/// <summary>Carries the file to the page factory, which PdfPig's options cannot do.</summary>
internal sealed class PdfParsingOptions : ParsingOptions
{
    public required PdfFile Document { get; init; }
}
