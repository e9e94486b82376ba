namespace Pybo.Rag.Documents.Pdf;

/// <summary>Undoes the filters of streams (ISO 32000-2, 7.4), within one budget for the whole file.</summary>
/// <remarks>Filters of images (DCTDecode, JPXDecode, CCITTFaxDecode, JBIG2Decode) and unknown ones are not undone: such streams are empty.</remarks>
internal sealed class PdfStreamDecoder(PdfFile file)
{
    private long budgetBytes = PdfLimits.DecodedBytesMax;

    /// <summary>True once a stream was cut at a limit.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>True once a stream's data was found damaged.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>False for an image: its bytes need not even be decrypted.</summary>
    public bool CanDecode(PdfDictionary dictionary) => Filters(dictionary).TrueForAll(IsKnown);

    /// <param name="raw">The stream's bytes, decrypted.</param>
    public ReadOnlyMemory<byte> Decode(PdfDictionary dictionary, ReadOnlyMemory<byte> raw)
    {
        var filters = Filters(dictionary);
        if (filters.Count > PdfLimits.FiltersMax || !filters.TrueForAll(IsKnown))
        {
            return default;
        }

        for (var at = 0; at < filters.Count; at++)
        {
            raw = Decode(filters[at], Parameters(dictionary, at), raw);
        }

        return raw.Length > PdfLimits.StreamBytesMax ? raw[..PdfLimits.StreamBytesMax] : raw;
    }

    private static bool IsKnown(string filter) => filter is "FlateDecode" or "Fl" or "LZWDecode" or "LZW" or "ASCII85Decode" or "A85"
        or "ASCIIHexDecode" or "AHx" or "RunLengthDecode" or "RL" or "Crypt";

    private List<string> Filters(PdfDictionary dictionary)
    {
        var filter = file.Resolve(dictionary["Filter"] ?? dictionary["F"]);
        return filter switch
        {
            PdfName { Value: var name } => [name],
            PdfArray { Items: var items } => [.. items.Take(PdfLimits.FiltersMax + 1).Select(item => file.Name(item) ?? "")],
            _ => [],
        };
    }

    private PdfDictionary Parameters(PdfDictionary dictionary, int at)
    {
        var parameters = file.Resolve(dictionary["DecodeParms"] ?? dictionary["DP"]);
        return (parameters as PdfDictionary) ?? (parameters is PdfArray { Items: var items } && at < items.Count ? file.Dictionary(items[at]) : null) ?? PdfDictionary.Empty;
    }

    private ReadOnlyMemory<byte> Decode(string filter, PdfDictionary parameters, ReadOnlyMemory<byte> source)
    {
        if (filter == "Crypt")
        {
            return source;
        }

        var output = NewBuffer();
        switch (filter)
        {
            case "FlateDecode" or "Fl":
                IsDamaged |= !PdfFlate.Decode(source, output);
                break;
            case "LZWDecode" or "LZW":
                PdfLzw.Decode(source.Span, file.Integer(parameters, "EarlyChange") == 0 ? 0 : 1, output);
                break;
            case "ASCII85Decode" or "A85":
                PdfPlainFilters.DecodeAscii85(source.Span, output);
                return Take(output);
            case "ASCIIHexDecode" or "AHx":
                PdfPlainFilters.DecodeAsciiHexadecimal(source.Span, output);
                return Take(output);
            default:
                PdfPlainFilters.DecodeRunLength(source.Span, output);
                return Take(output);
        }

        return Unpredict(parameters, Take(output));
    }

    private ReadOnlyMemory<byte> Unpredict(PdfDictionary parameters, ReadOnlyMemory<byte> source)
    {
        var predictor = new PdfPredictor(
            file.Integer(parameters, "Predictor") ?? 1, file.Integer(parameters, "Colors") ?? 1,
            file.Integer(parameters, "BitsPerComponent") ?? 8, file.Integer(parameters, "Columns") ?? 1);
        if (!predictor.IsNeeded)
        {
            return source;
        }

        if (!predictor.IsValid)
        {
            return default;
        }

        var output = NewBuffer();
        predictor.Decode(source.Span, output);
        return Take(output);
    }

    private PdfBuffer NewBuffer() => new((int)Math.Min(PdfLimits.StreamBytesMax, budgetBytes));

    private ReadOnlyMemory<byte> Take(PdfBuffer output)
    {
        budgetBytes -= output.Count;
        IsTruncated |= output.IsFull;
        return output.Written;
    }
}
