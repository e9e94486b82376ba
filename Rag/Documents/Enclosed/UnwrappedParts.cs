using Pybo.Data;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>A file taken out of an archive, or opened with its password, begins: the <see cref="BytesPart"/>s that follow are its bytes.</summary>
internal sealed record FilePart(string Name) : DocumentPart;

/// <summary>The next bytes of the file.</summary>
internal sealed record BytesPart(ReadOnlyMemory<byte> Bytes) : DocumentPart;

/// <summary>A file is not taken, with the reason.</summary>
/// <param name="HasBegun">True if its first bytes were sent: they are no file.</param>
internal sealed record RefusedPart(string Name, Notice Reason, bool HasBegun) : DocumentPart;

/// <summary>How many files of systems an archive has.</summary>
internal sealed record IgnoredPart(int Count) : DocumentPart;
