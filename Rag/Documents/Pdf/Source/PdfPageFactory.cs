using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Geometry;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Logging;
using UglyToad.PdfPig.Outline.Destinations;
using UglyToad.PdfPig.Parser;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Has PdfPig run a page's content on a <see cref="PdfContentProcessor"/>, with what it would refuse or leave out of the page's dictionary mended.</summary>
internal sealed class PdfPageFactory(
    IPdfTokenScanner pdfScanner, IResourceStore resourceStore, ILookupFilterProvider filterProvider, IPageContentParser pageContentParser, ParsingOptions parsingOptions)
    : BasePageFactory<PdfGlyphPage>(pdfScanner, new PdfResources(resourceStore, pdfScanner, filterProvider), filterProvider, new BoundedParser(pageContentParser, ((PdfParsingOptions)parsingOptions).Document), parsingOptions),
        IPageFactory<PdfGlyphPage>
{
    /// <summary>What a page takes from the nodes above it (ISO 32000-2, 7.7.3.4).</summary>
    public static readonly IReadOnlyList<string> Inheritable = ["Resources", "MediaBox", "CropBox", "Rotate"];

    /// <summary>A larger or smaller page is a mistake; the largest that the standard knows is 14,400 points.</summary>
    private const double PointsMax = 1_000_000;

    /// <summary>Nodes above a page.</summary>
    private const int ParentsMax = 64;

    PdfGlyphPage IPageFactory<PdfGlyphPage>.Create(int number, DictionaryToken dictionary, PageTreeMembers pageTreeMembers, NamedDestinations namedDestinations)
    {
        var resources = (PdfResources)ResourceStore;
        var depth = resources.Depth;
        try
        {
            return Create(number, Mended(dictionary), pageTreeMembers, namedDestinations);
        }
        finally
        {
            resources.UnloadTo(depth);
        }
    }

    protected override PdfGlyphPage ProcessPage(
        int pageNumber, DictionaryToken dictionary, NamedDestinations namedDestinations, MediaBox mediaBox, CropBox cropBox,
        UserSpaceUnit userSpaceUnit, PageRotationDegrees rotation, TransformationMatrix initialMatrix, IReadOnlyList<IGraphicsStateOperation> operations)
    {
        var document = ((PdfParsingOptions)ParsingOptions).Document;
        var processor = new PdfContentProcessor(
            pageNumber, dictionary, document, (PdfResources)ResourceStore, PdfScanner, PageContentParser, FilterProvider, cropBox, userSpaceUnit, rotation, initialMatrix, ParsingOptions, operations.Count);
        return processor.Process(pageNumber, operations);
    }

    // PdfPig inherits no crop box, throws at contents that are missing, and takes any number for a side.
    private DictionaryToken Mended(DictionaryToken page)
    {
        var mended = page;
        foreach (var name in Inheritable)
        {
            var value = Inherited(page, name);
            var isGood = name switch
            {
                "Resources" => PdfScanner.Find<DictionaryToken>(value) is not null,
                "Rotate" => PdfScanner.Number(value) is { } turn && turn % 90 == 0,
                _ => IsBox(value),
            };
            mended = isGood ? mended.With(name, name == "Rotate" ? new NumericToken(((PdfScanner.Number(value)!.Value % 360) + 360) % 360) : value!) : mended.Without(name);
        }

        var contents = page.Entry("Contents");
        if (PdfScanner.Find<ArrayToken>(contents) is { } parts)
        {
            contents = new ArrayToken([.. parts.Data.Take(PdfLimits.ContentStreamsMax).Where(part => part is IndirectReferenceToken && PdfScanner.Find<StreamToken>(part) is not null)]);
            return mended.With("Contents", contents);
        }

        return PdfScanner.Find<StreamToken>(contents) is null ? mended.Without("Contents") : mended;
    }

    private IToken? Inherited(DictionaryToken page, string name)
    {
        var node = page;
        for (var parents = 0; node is not null && parents < ParentsMax; parents++)
        {
            if (node.Entry(name) is { } value and not NullToken)
            {
                return value;
            }

            node = PdfScanner.Find<DictionaryToken>(node, "Parent");
        }

        return null;
    }

    private bool IsBox(IToken? value)
    {
        if (PdfScanner.Find<ArrayToken>(value) is not { Length: 4 } corners || corners.Data.Any(corner => PdfScanner.Number(corner) is not (> -PointsMax and < PointsMax)))
        {
            return false;
        }

        var box = PdfTokens.Box([.. corners.Data.Select(corner => PdfScanner.Number(corner)!.Value)]);
        return box.Width > 0 && box.Height > 0;
    }

    /// <summary>PdfPig reads all operators of a content before the first is run, at some hundred bytes each.</summary>
    private sealed class BoundedParser(IPageContentParser parser, PdfFile file) : IPageContentParser
    {
        public IReadOnlyList<IGraphicsStateOperation> Parse(int pageNumber, IInputBytes inputBytes, ILog log)
        {
            if (inputBytes.Length > PdfLimits.ContentBytesMax)
            {
                var start = new byte[PdfLimits.ContentBytesMax];
                inputBytes.Read(start);
                inputBytes = new MemoryInputBytes(start);
                file.Cut(pageNumber);
            }

            return parser.Parse(pageNumber, inputBytes, log);
        }
    }
}

/// <summary>What PdfPig's options cannot hand to a page factory: the file.</summary>
internal sealed class PdfParsingOptions : ParsingOptions
{
    public required PdfFile Document { get; init; }
}
