using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>What the stream <c>FileHeader</c> says about the rest of an HWP 5 file.</summary>
/// <param name="IsCompressed">The streams of records are deflated.</param>
/// <param name="IsDistribution">The text lies encrypted in <c>ViewText</c>, with its key.</param>
internal readonly record struct HwpFileHeader(bool IsCompressed, bool IsDistribution)
{
    private const string Path = "FileHeader";
    private const int FlagsOffset = 36;

    private const uint CompressedFlag = 1 << 0;
    private const uint PasswordFlag = 1 << 1;
    private const uint DistributionFlag = 1 << 2;
    private const uint RightsFlag = 1 << 4;
    private const uint CertificateFlags = (1 << 8) | (1 << 10);

    private static ReadOnlySpan<byte> Signature => "HWP Document File"u8;

    /// <exception cref="DocumentUnreadableException">Not an HWP 5 file, or one that is encrypted; the message says what to do.</exception>
    public static HwpFileHeader Read(CompoundFile file)
    {
        var bytes = file.Read(Path);
        if (!bytes.AsSpan().StartsWith(Signature) || bytes.Length < FlagsOffset + sizeof(uint))
        {
            throw new DocumentUnreadableException(OtherKind(file));
        }

        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(FlagsOffset));
        var refusal = flags switch
        {
            _ when (flags & PasswordFlag) != 0 => "암호가 걸린 한글 문서입니다. 한글에서 암호를 풀고 저장한 뒤 다시 올려 주세요.",
            _ when (flags & RightsFlag) != 0 => "DRM으로 보호된 한글 문서입니다. 보호를 풀고 저장한 뒤 다시 올려 주세요.",
            _ when (flags & CertificateFlags) != 0 => "인증서로 암호화된 한글 문서입니다. 한글에서 인증서 암호화를 풀고 저장한 뒤 다시 올려 주세요.",
            _ => null,
        };
        return refusal is null
            ? new((flags & CompressedFlag) != 0, (flags & DistributionFlag) != 0)
            : throw new DocumentUnreadableException(refusal);
    }

    /// <summary>Compound files were the files of Office until 2007, and hold its encrypted ones still.</summary>
    private static string OtherKind(CompoundFile file) => file switch
    {
        _ when file.Contains("WordDocument") => "예전 워드 문서(.doc)는 읽을 수 없습니다. 워드에서 .docx로 저장한 뒤 다시 올려 주세요.",
        _ when file.Contains("Workbook") || file.Contains("Book") => "예전 엑셀 문서(.xls)는 읽을 수 없습니다. 엑셀에서 .xlsx로 저장한 뒤 다시 올려 주세요.",
        _ when file.Contains("PowerPoint Document") => "예전 파워포인트 문서(.ppt)는 읽을 수 없습니다. 파워포인트에서 .pptx로 저장한 뒤 다시 올려 주세요.",
        _ when file.Contains("EncryptedPackage") => "암호가 걸린 오피스 문서입니다. 암호를 풀고 저장한 뒤 다시 올려 주세요.",
        _ when file.Contains(Path) || file.Paths.Any(path => path.StartsWith("BodyText/", StringComparison.OrdinalIgnoreCase)) =>
            "파일이 깨져 있어 읽을 수 없습니다. 한글에서 다시 저장한 뒤 올려 주세요.",
        _ => "한글 문서가 아니거나 깨진 파일이라 읽을 수 없습니다.",
    };
}
