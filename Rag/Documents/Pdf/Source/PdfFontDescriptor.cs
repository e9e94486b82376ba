using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>A font's look, flags and program, from its dictionary and its descriptor (ISO 32000-2, 9.8).</summary>
internal sealed class PdfFontDescriptor
{
    public const int FlagSymbolic = 1 << 2;

    private const int FlagItalic = 1 << 6;
    private const int FlagForceBold = 1 << 18;
    private const int BoldWeightMin = 600;
    private const float AscentDefault = 0.8f;
    private const float DescentDefault = 0.2f;
    private const double Thousand = 1_000;

    private static readonly string[] Programs = ["FontFile2", "FontFile3", "FontFile"];

    private readonly IPdfTokenScanner scanner;
    private readonly Lazy<PdfFontProgram> program;

    /// <param name="font">The font's dictionary; of a composite font that of its descendant.</param>
    public PdfFontDescriptor(IPdfTokenScanner scanner, ILookupFilterProvider filters, DictionaryToken font)
    {
        this.scanner = scanner;
        Dictionary = scanner.Find<DictionaryToken>(font, "FontDescriptor") ?? DictionaryToken.Empty;
        Flags = (int)(scanner.Number(Dictionary, "Flags") ?? 0);
        Look = ReadLook(WithoutSubset(scanner.Name(font, "BaseFont") ?? scanner.Name(Dictionary, "FontName") ?? ""));
        program = new(() => PdfFontProgram.Read(scanner, filters, ProgramStream), LazyThreadSafetyMode.None);
    }

    public DictionaryToken Dictionary { get; }

    public PdfFontLook Look { get; }

    public int Flags { get; }

    public bool IsEmbedded => Programs.Any(name => Dictionary.Entry(name) is not null);

    /// <summary>What the embedded program says of its glyphs: unpacked when it is asked for.</summary>
    public PdfFontProgram Program => program.Value;

    /// <summary>The width of codes that have none, in thousandths.</summary>
    public double MissingWidth => scanner.Number(Dictionary, "MissingWidth") ?? 0;

    private StreamToken? ProgramStream => Programs.Select(name => scanner.Find<StreamToken>(Dictionary, name)).FirstOrDefault(stream => stream is not null);

    private static string WithoutSubset(string name) =>
        name.Length > 7 && name[6] == '+' && !name.AsSpan(0, 6).ContainsAnyExceptInRange('A', 'Z') ? name[7..] : name;

    private PdfFontLook ReadLook(string name)
    {
        var weight = scanner.Number(Dictionary, "FontWeight") ?? 0;
        var isBold = weight >= BoldWeightMin || (Flags & FlagForceBold) != 0 || HasAny(name, "Bold", "Black", "Heavy");
        var isItalic = (Flags & FlagItalic) != 0 || scanner.Number(Dictionary, "ItalicAngle") is < 0 or > 0 || HasAny(name, "Italic", "Oblique");
        var ascent = (scanner.Number(Dictionary, "Ascent") ?? 0) / Thousand;
        var descent = Math.Abs(scanner.Number(Dictionary, "Descent") ?? 0) / Thousand;
        return new(name, isBold, isItalic, ascent is > 0.3 and < 1.5 ? (float)ascent : AscentDefault, descent is > 0 and < 0.8 ? (float)descent : DescentDefault);
    }

    private static bool HasAny(string name, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
