namespace Pybo.Rag.Documents.Pdf;

/// <summary>An embedded font program; all null where there is none.</summary>
/// <param name="Type1">A Type 1 program's bytes.</param>
internal sealed record PdfFontProgram(TrueTypeFont? TrueType, CffFont? Cff, ReadOnlyMemory<byte>? Type1)
{
    public static PdfFontProgram None { get; } = new(null, null, null);
}

/// <summary>The font programs of a file, each unpacked once however many fonts name it.</summary>
internal sealed class PdfFontPrograms(PdfFile file)
{
    private readonly Dictionary<PdfStream, PdfFontProgram> programs = [];

    /// <summary>The program that a descriptor names. The bytes decide, not the key: programs stand under the wrong one in many files.</summary>
    public PdfFontProgram Find(PdfDictionary descriptor)
    {
        if ((file.Stream(descriptor, "FontFile2") ?? file.Stream(descriptor, "FontFile3") ?? file.Stream(descriptor, "FontFile")) is not { } stream)
        {
            return PdfFontProgram.None;
        }

        if (!programs.TryGetValue(stream, out var program))
        {
            programs.Add(stream, program = Read(file.Decode(stream)));
        }

        return program;
    }

    public void Clear() => programs.Clear();

    private static PdfFontProgram Read(ReadOnlyMemory<byte> bytes)
    {
        var trueType = TrueTypeFont.Open(bytes);
        var cff = trueType is null ? CffFont.Open(bytes) : trueType.Cff;
        return new(trueType, cff, trueType is null && cff is null && !bytes.IsEmpty ? bytes : null);
    }
}
