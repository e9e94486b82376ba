namespace Pybo.Rag.Documents.Pdf;

/// <summary>The marked-content sequences that are open (ISO 32000-2, 14.6): which of them hide their content, and which replace its text.</summary>
internal sealed class PdfMarkedContent(PdfFile file, PdfOptionalContent layers, PdfGlyphSink sink)
{
    /// <summary>Sequences within each other; deeper ones are counted, and mean nothing.</summary>
    private const int DepthMax = 1_000;

    /// <summary>A longer text stands in for no glyphs; it would be decoded each time it is named.</summary>
    private const int TextBytesMax = 8_192;

    private readonly List<(bool IsHidden, bool IsReplaced)> open = [];
    private int deeper;
    private int hidden;
    private bool isReplaced;

    /// <summary>True within a layer that is off.</summary>
    public bool IsHidden => hidden > 0;

    public int Depth => open.Count + deeper;

    /// <summary><c>BMC</c> and <c>BDC</c>.</summary>
    public void Begin(IReadOnlyList<PdfObject> operands, PdfDictionary resources)
    {
        if (open.Count >= DepthMax)
        {
            deeper++;
            return;
        }

        var properties = operands.Count > 1 ? Properties(operands[1], resources) : null;
        var isHidden = operands is [PdfName { Value: "OC" }, ..] && layers.IsHidden(properties);
        var text = !isReplaced && file.Dictionary(properties) is { } dictionary ? file.String(dictionary, "ActualText") : null;
        text = text is { Length: > TextBytesMax } ? null : text;
        if (text is { } bytes)
        {
            sink.BeginReplacement(PdfTextString.Decode(bytes.Span));
            isReplaced = true;
        }

        hidden += isHidden ? 1 : 0;
        open.Add((isHidden, text is not null));
    }

    /// <summary><c>EMC</c>.</summary>
    public void End()
    {
        if (deeper > 0)
        {
            deeper--;
            return;
        }

        if (open.Count == 0)
        {
            return;
        }

        var last = open[^1];
        open.RemoveAt(open.Count - 1);
        hidden -= last.IsHidden ? 1 : 0;
        if (last.IsReplaced)
        {
            sink.EndReplacement();
            isReplaced = false;
        }
    }

    /// <summary>Closes what a form has left open.</summary>
    public void EndTo(int depth)
    {
        while (Depth > depth)
        {
            End();
        }
    }

    // A name stands for an entry of the resources; the entry of a layer is a reference, which is what tells it from others.
    private PdfObject? Properties(PdfObject operand, PdfDictionary resources) =>
        operand is PdfName name ? file.Dictionary(resources, "Properties")?[name.Value] : operand;
}
