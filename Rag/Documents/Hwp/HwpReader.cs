using System.IO.Compression;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// HWP 5, the documents of 한글 (.hwp): a compound file of streams of records, usually deflated. The format's publisher requires this
/// notice: 본 제품은 한글과컴퓨터의 한글 문서 파일(.hwp) 공개 문서를 참고하여 개발하였습니다.
/// </summary>
/// <remarks>Other compound files (Office before 2007) are recognised too, so that they are refused with a reason.</remarks>
public sealed class HwpReader : DocumentReader
{
    /// <summary>The limit of a decoded section; 20 million characters are 40 MB.</summary>
    private const int SectionBytesMax = 64_000_000;

    /// <summary>The limit of all decoded sections.</summary>
    private const long DecodedBytesMax = 300_000_000;

    private const string PreviewPath = "PrvText";

    public override DocumentFormat Format { get; } = new(StoredWords.HwpFormat, "application/x-hwp", [".hwp", ".hwt"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => CompoundFile.IsOne(bytes);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        var file = CompoundFile.Open(bytes);
        var header = HwpFileHeader.Read(file);
        if (DocumentTitle.Of(HwpSummary.Title(file.Read(HwpSummary.Path))) is { } title)
        {
            yield return new TitlePart(title);
        }

        var styles = new HwpStyles();
        HwpDocumentInfo.Read(Decode(file.Read("DocInfo"), header.IsCompressed, out _), styles);
        var flow = new HwpFlow(styles);
        var decodedBytes = 0L;
        var paths = HwpSectionNames.InOrder(file.Paths, header.IsDistribution ? "ViewText/Section" : "BodyText/Section");
        var isDamaged = paths.Count == 0 || file.IsCut;
        foreach (var path in paths.Take(HwpSectionNames.SectionsMax))
        {
            var section = Section(file, path, header, out var isBroken);
            decodedBytes += section.Length;
            var reader = new HwpSection(section, flow, styles);
            flow.Pages.BeginSection();
            while (reader.Read())
            {
                while (flow.TryTake(out var part))
                {
                    yield return part;
                }
            }

            while (flow.TryTake(out var part))
            {
                yield return part;
            }

            isDamaged |= isBroken || (reader.IsCut && section.Length < SectionBytesMax);
            if (section.Length >= SectionBytesMax || decodedBytes >= DecodedBytesMax)
            {
                yield return new TruncatedPart(Notice.Of(ReadingProblem.HwpTooLarge, decodedBytes / 1_000_000));
                break;
            }
        }

        if (paths.Count > HwpSectionNames.SectionsMax)
        {
            yield return HwpSectionNames.TooMany;
        }

        foreach (var part in End(file, flow, isDamaged))
        {
            yield return part;
        }
    }

    /// <summary>Returns the warnings for a document that was read to its end; the preview's text if the body gave none.</summary>
    private static IEnumerable<DocumentPart> End(CompoundFile file, HwpFlow flow, bool isDamaged)
    {
        foreach (var warning in flow.Warnings())
        {
            yield return warning;
        }

        var preview = flow.HasText || !isDamaged ? "" : Encoding.Unicode.GetString(file.Read(PreviewPath));
        if (!string.IsNullOrWhiteSpace(preview))
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.HwpPreviewOnly));
            yield return BlockPart.Paragraph(preview);
        }
        else if (isDamaged && !flow.HasText)
        {
            throw HwpFlow.Broken();
        }
        else if (isDamaged)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.HwpPartBroken));
        }
    }

    private static byte[] Section(CompoundFile file, string path, HwpFileHeader header, out bool isBroken)
    {
        var bytes = file.Read(path);
        var opened = header.IsDistribution ? HwpDistribution.Decrypt(bytes) : bytes;
        if (opened is null)
        {
            isBroken = true;
            return [];
        }

        return Decode(opened, header.IsCompressed, out isBroken);
    }

    /// <summary>Inflates a stream, up to any break and to <see cref="SectionBytesMax"/>.</summary>
    private static byte[] Decode(byte[] bytes, bool isCompressed, out bool isBroken)
    {
        isBroken = false;
        if (!isCompressed)
        {
            return bytes.Length <= SectionBytesMax ? bytes : bytes[..SectionBytesMax];
        }

        using var inflate = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var decoded = new MemoryStream();
        var buffer = new byte[Math.Clamp(bytes.Length * 4L, 4_096, 1 << 16)];
        try
        {
            while (decoded.Length < SectionBytesMax && inflate.Read(buffer) is > 0 and var count)
            {
                decoded.Write(buffer.AsSpan(0, (int)Math.Min(count, SectionBytesMax - decoded.Length)));
            }
        }
        catch (InvalidDataException)
        {
            // The text inflated before the break is read, and the caller reports the break.
            isBroken = true;
        }

        return decoded.ToArray();
    }
}
