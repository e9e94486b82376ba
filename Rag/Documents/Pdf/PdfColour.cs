namespace Pybo.Rag.Documents.Pdf;

/// <summary>The operators that set the fill colour: all that text needs to know is whether it is white.</summary>
internal static class PdfColour
{
    /// <summary>As light as this and paper cannot be told apart.</summary>
    private const double LightMin = 0.985;

    public static void SetSpace(PdfGraphicsState state, PdfFile file, PdfDictionary resources, PdfObject space)
    {
        state.FillSpace = Space(file, resources, space);
        state.FillIsWhite = false; // Each space begins with black, or with all of its ink.
    }

    /// <summary><c>g</c>, <c>rg</c>, <c>k</c>.</summary>
    public static void Set(PdfGraphicsState state, PdfColourSpace space, IReadOnlyList<PdfObject> operands)
    {
        state.FillSpace = space;
        SetComponents(state, operands);
    }

    /// <summary><c>sc</c> and <c>scn</c>.</summary>
    public static void SetComponents(PdfGraphicsState state, IReadOnlyList<PdfObject> operands)
    {
        state.FillIsWhite = state.FillSpace switch
        {
            PdfColourSpace.Gray => operands.Count == 1 && All(operands, isInk: false),
            PdfColourSpace.Rgb => operands.Count == 3 && All(operands, isInk: false),
            PdfColourSpace.Cmyk => operands.Count == 4 && All(operands, isInk: true),
            _ => false,
        };
    }

    private static bool All(IReadOnlyList<PdfObject> components, bool isInk)
    {
        foreach (var component in components)
        {
            if (component is not PdfNumber { Value: var value } || (isInk ? 1 - value : value) < LightMin)
            {
                return false;
            }
        }

        return true;
    }

    private static PdfColourSpace Space(PdfFile file, PdfDictionary resources, PdfObject space)
    {
        var value = file.Resolve(space);
        if (value is PdfName name && file.Dictionary(resources, "ColorSpace") is { } named && named.TryGet(name.Value, out var found))
        {
            value = file.Resolve(found);
        }

        var items = (value as PdfArray)?.Items;
        return (file.Name(value) ?? file.Name(items?.ElementAtOrDefault(0))) switch
        {
            "DeviceGray" or "CalGray" or "G" => PdfColourSpace.Gray,
            "DeviceRGB" or "CalRGB" or "RGB" => PdfColourSpace.Rgb,
            "DeviceCMYK" or "CMYK" => PdfColourSpace.Cmyk,
            "ICCBased" when file.Dictionary(items?.ElementAtOrDefault(1)) is { } profile => file.Integer(profile, "N") switch
            {
                1 => PdfColourSpace.Gray,
                3 => PdfColourSpace.Rgb,
                4 => PdfColourSpace.Cmyk,
                _ => PdfColourSpace.Other,
            },
            _ => PdfColourSpace.Other,
        };
    }
}
