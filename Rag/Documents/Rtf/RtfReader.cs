using Pybo.Data;

namespace Pybo.Rag.Documents.Rtf;

/// <summary>Rich Text Format (RTF 1.9.1), as word processors and WordPad write it: ASCII with control words and nested groups.</summary>
public sealed class RtfReader : DocumentReader
{
    /// <summary>Pictures make RTF files large; a text of this size is none that a person wrote.</summary>
    public const int BytesMax = 64_000_000;

    public override DocumentFormat Format { get; } = new("RTF", "application/rtf", [".rtf"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => bytes.StartsWith("{\\rtf"u8);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        if (bytes.Length > BytesMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooLarge, BytesMax / 1_000_000));
        }

        var body = new RtfBody(bytes);
        foreach (var part in body.Parts())
        {
            yield return part;
        }

        if (DocumentTitle.Of(body.Title) is { } title)
        {
            yield return new TitlePart(title);
        }

        if (!body.IsComplete)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.EndMissing));
        }
    }
}
