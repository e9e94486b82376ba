namespace Pybo.Rag.Documents.Pdf;

/// <summary>A font's look, flags and program, from its dictionary and its descriptor (ISO 32000-2, 9.8).</summary>
internal sealed class PdfFontDescriptor
{
    private const int FlagFixedPitch = 1 << 0;
    private const int FlagSerif = 1 << 1;
    private const int FlagSymbolic = 1 << 2;
    private const int FlagItalic = 1 << 6;
    private const int FlagForceBold = 1 << 18;
    private const int BoldWeightMin = 600;
    private const float AscentDefault = 0.8f;
    private const float DescentDefault = 0.2f;
    private const double Thousand = 1_000;

    private readonly PdfFile file;
    private readonly PdfDictionary descriptor;
    private readonly int flags;
    private readonly Lazy<PdfFontProgram> program;

    /// <param name="font">The font's dictionary; of a composite font that of its descendant.</param>
    /// <param name="programs">Those of the file.</param>
    public PdfFontDescriptor(PdfFile file, PdfDictionary font, PdfFontPrograms programs)
    {
        this.file = file;
        descriptor = file.Dictionary(font, "FontDescriptor") ?? PdfDictionary.Empty;
        flags = file.Integer(descriptor, "Flags") ?? 0;
        Look = ReadLook(WithoutSubset(file.Name(font, "BaseFont") ?? file.Name(descriptor, "FontName") ?? ""));
        // Unpacking a program is most of the work on a short file, and a font with a ToUnicode map needs none.
        program = new(() => programs.Find(descriptor), LazyThreadSafetyMode.None);
    }

    public PdfFontLook Look { get; }

    public bool IsSymbolic => (flags & FlagSymbolic) != 0;

    public bool IsEmbedded => TrueType is not null || Cff is not null || Type1 is not null;

    public TrueTypeFont? TrueType => program.Value.TrueType;

    public CffFont? Cff => program.Value.Cff;

    /// <summary>A Type 1 program's bytes.</summary>
    public ReadOnlyMemory<byte>? Type1 => program.Value.Type1;

    /// <summary>The width of codes that have none, in thousandths.</summary>
    public double MissingWidth => file.Number(descriptor, "MissingWidth") ?? 0;

    /// <summary>The standard font whose widths stand in for missing ones.</summary>
    public string StandardFont => StandardWidths.Standard(Look, (flags & FlagSerif) != 0, (flags & FlagFixedPitch) != 0);

    private static string WithoutSubset(string name) =>
        name.Length > 7 && name[6] == '+' && name.AsSpan(0, 6).ContainsAnyExceptInRange('A', 'Z') == false ? name[7..] : name;

    private PdfFontLook ReadLook(string name)
    {
        var weight = file.Number(descriptor, "FontWeight") ?? 0;
        var isBold = weight >= BoldWeightMin || (flags & FlagForceBold) != 0 || HasAny(name, "Bold", "Black", "Heavy");
        var isItalic = (flags & FlagItalic) != 0 || file.Number(descriptor, "ItalicAngle") is < 0 or > 0 || HasAny(name, "Italic", "Oblique");
        var ascent = (file.Number(descriptor, "Ascent") ?? 0) / Thousand;
        var descent = Math.Abs(file.Number(descriptor, "Descent") ?? 0) / Thousand;
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
