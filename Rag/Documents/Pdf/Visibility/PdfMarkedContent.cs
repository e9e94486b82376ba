using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>Tracks the open marked-content sequences (ISO 32000-2, 14.6): which of them hide their content, and which replace its text.</summary>
internal sealed class PdfMarkedContent(IPdfTokenScanner scanner, PdfOptionalContent layers, PdfGlyphSink sink)
{
    /// <summary>A longer text replaces no glyphs; it would be decoded at each use.</summary>
    private const int TextBytesMax = 8_192;

    private readonly List<(bool IsHidden, bool IsReplaced)> open = [];
    private int hidden;
    private bool isReplaced;

    /// <summary>True within a layer that is off.</summary>
    public bool IsHidden => hidden > 0;

    public int Depth => open.Count;

    /// <summary><c>BMC</c> and <c>BDC</c>.</summary>
    /// <param name="properties">A dictionary, or the unresolved entry of the resources: a layer is recognised by its reference.</param>
    public void Begin(string tag, IToken? properties)
    {
        var isHidden = tag == "OC" && layers.IsHidden(properties);
        var bytes = !isReplaced && scanner.Find<DictionaryToken>(properties) is { } dictionary ? scanner.Bytes(dictionary.Entry("ActualText")) : null;
        var isReplacing = bytes is { Length: <= TextBytesMax };
        if (isReplacing)
        {
            sink.BeginReplacement(PdfTextString.Decode(bytes));
            isReplaced = true;
        }

        hidden += isHidden ? 1 : 0;
        open.Add((isHidden, isReplacing));
    }

    /// <summary><c>EMC</c>.</summary>
    public void End()
    {
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

    /// <summary>Closes sequences that a form has left open.</summary>
    public void EndTo(int depth)
    {
        while (Depth > depth)
        {
            End();
        }
    }
}
