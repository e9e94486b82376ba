using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents;

/// <summary>The kinds of file that people try and no reader reads, with how to convert each: by signature where the kind has one, otherwise by extension.</summary>
public static class OtherKinds
{
    /// <summary>Pages, Numbers and Keynote since 2013 keep their content here.</summary>
    private const string AppleFolder = "Index/";

    private const string AppleExtension = ".iwa";

    private static readonly Dictionary<string, ReadingProblem> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".doc"] = ReadingProblem.OldWord,
        [".dot"] = ReadingProblem.OldWord,
        [".xls"] = ReadingProblem.OldExcel,
        [".xlt"] = ReadingProblem.OldExcel,
        [".xlsb"] = ReadingProblem.Xlsb,
        [".ppt"] = ReadingProblem.OldPowerPoint,
        [".pps"] = ReadingProblem.OldPowerPoint,
        [".pages"] = ReadingProblem.AppleDocument,
        [".numbers"] = ReadingProblem.AppleDocument,
        [".key"] = ReadingProblem.AppleDocument,
        [".cell"] = ReadingProblem.HancomSheet,
        [".nxl"] = ReadingProblem.HancomSheet,
        [".show"] = ReadingProblem.HancomSlides,
        [".hpt"] = ReadingProblem.HancomSlides,
        [".msg"] = ReadingProblem.OutlookMessage,
        [".7z"] = ReadingProblem.OtherArchive,
        [".alz"] = ReadingProblem.OtherArchive,
        [".egg"] = ReadingProblem.OtherArchive,
        [".gz"] = ReadingProblem.OtherArchive,
        [".rar"] = ReadingProblem.OtherArchive,
        [".tar"] = ReadingProblem.OtherArchive,
        [".tgz"] = ReadingProblem.OtherArchive,
    };

    private static readonly string Unknown = Notice.Of(ReadingProblem.UnknownKind).Code;

    private static readonly HashSet<string> Codes =
        [.. ByExtension.Values.Concat([ReadingProblem.Hwp3, ReadingProblem.KindNotRead, ReadingProblem.ArchiveInArchive]).Select(problem => Notice.Of(problem).Code)];

    /// <summary>Returns whether a refusal is about the kind of file, not about this file.</summary>
    public static bool IsReason(Notice refusal) => Codes.Contains(refusal.Code);

    /// <summary>Returns why a file with this name is not read and how to convert it; null if the extension says nothing.</summary>
    public static Notice? OfName(string fileName) =>
        ByExtension.TryGetValue(Path.GetExtension(fileName), out var problem) ? Notice.Of(problem) : null;

    /// <summary>Says that files of this name's kind are not read.</summary>
    public static Notice NotRead(string fileName) => Notice.Of(ReadingProblem.KindNotRead, Path.GetExtension(fileName).ToLowerInvariant());

    /// <summary>Says the same of a file among others, where the list of all readable kinds would be repeated.</summary>
    public static Notice Brief(Notice refusal, string fileName) => refusal.Code == Unknown ? NotRead(fileName) : refusal;

    /// <summary>Returns why a file that begins like this is not read and how to convert it; null if the signature says nothing.</summary>
    public static Notice? OfBytes(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith("HWP Document File V"u8) => Notice.Of(ReadingProblem.Hwp3),
        _ when IsArchive(bytes) => Notice.Of(ReadingProblem.OtherArchive),
        _ when ZipDirectory.HasSignature(bytes) && ZipDirectory.FirstNames(bytes).Any(IsAppleEntry) => Notice.Of(ReadingProblem.AppleDocument),
        _ => null,
    };

    /// <summary>RAR, 7z, ALZ, EGG and gzip.</summary>
    private static bool IsArchive(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("Rar!\x1A\x07"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])
        || bytes.StartsWith("ALZ\x01"u8) || bytes.StartsWith("EGGA"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]);

    private static bool IsAppleEntry(string name) =>
        name.StartsWith(AppleFolder, StringComparison.Ordinal) && name.EndsWith(AppleExtension, StringComparison.Ordinal);
}
