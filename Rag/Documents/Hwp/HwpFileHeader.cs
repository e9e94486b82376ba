using System.Buffers.Binary;
using Pybo.Data;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>The description of the rest of an HWP 5 file from the stream <c>FileHeader</c>.</summary>
/// <param name="IsCompressed">The streams of records are deflated.</param>
/// <param name="IsDistribution">The text is encrypted in <c>ViewText</c>, with its key.</param>
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

    /// <exception cref="DocumentUnreadableException">Not an HWP 5 file, or an encrypted one; the message says what to do.</exception>
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
            _ when (flags & PasswordFlag) != 0 => Notice.Of(ReadingProblem.HwpEncrypted),
            _ when (flags & RightsFlag) != 0 => Notice.Of(ReadingProblem.HwpRights),
            _ when (flags & CertificateFlags) != 0 => Notice.Of(ReadingProblem.HwpCertificate),
            _ => null,
        };
        return refusal is null
            ? new((flags & CompressedFlag) != 0, (flags & DistributionFlag) != 0)
            : throw new DocumentUnreadableException(refusal);
    }

    /// <summary>Compound files were Office's format until 2007, and still contain its encrypted files.</summary>
    private static Notice OtherKind(CompoundFile file) => file switch
    {
        _ when file.Contains("WordDocument") => Notice.Of(ReadingProblem.OldWord),
        _ when file.Contains("Workbook") || file.Contains("Book") => Notice.Of(ReadingProblem.OldExcel),
        _ when file.Contains("PowerPoint Document") => Notice.Of(ReadingProblem.OldPowerPoint),
        _ when file.Contains("__properties_version1.0") => Notice.Of(ReadingProblem.OutlookMessage),
        _ when file.Contains("EncryptedPackage") => Notice.Of(ReadingProblem.OfficeEncrypted),
        _ when file.Contains(Path) || file.Paths.Any(path => path.StartsWith("BodyText/", StringComparison.OrdinalIgnoreCase)) =>
            Notice.Of(ReadingProblem.HwpBroken),
        _ => Notice.Of(ReadingProblem.NotHwp),
    };
}
