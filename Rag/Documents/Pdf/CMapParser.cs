using System.Text;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Reads the textual CMaps that a PDF file carries: <c>ToUnicode</c> maps and encodings (Adobe Technical Note 5014).</summary>
/// <remarks>Nothing fails: what cannot be understood is left out. Ranges stay ranges, so that a small map cannot become a large one.</remarks>
internal sealed class CMapParser
{
    /// <summary>Values in one map: twice the codes of two bytes, three to a range.</summary>
    private const int TokensMax = 1_000_000;

    private readonly PdfLexer lexer;
    private readonly CMap map;
    private readonly Func<string, CMap?> use;
    private int tokens;
    private PdfToken token;
    private string lastName = "";
    private double lastNumber;

    private CMapParser(ReadOnlyMemory<byte> bytes, CMap map, Func<string, CMap?> use) => (lexer, this.map, this.use) = (new(bytes), map, use);

    /// <summary>The CMap in these bytes.</summary>
    /// <param name="use">Finds a CMap that this one builds on by its name; null where there is none.</param>
    public static CMap Parse(ReadOnlyMemory<byte> bytes, Func<string, CMap?> use)
    {
        var map = new CMap();
        new CMapParser(bytes, map, use).Run();
        return map;
    }

    private void Run()
    {
        var isWritingMode = false;
        while (Next())
        {
            switch (token)
            {
                case PdfToken.Name:
                    lastName = lexer.Name.Value;
                    isWritingMode = lastName == "WMode";
                    break;
                case PdfToken.Number:
                    lastNumber = lexer.Number;
                    map.IsVertical = isWritingMode ? lastNumber == 1 : map.IsVertical;
                    isWritingMode = false;
                    break;
                case PdfToken.Keyword:
                    ReadSection(lexer.Keyword());
                    break;
            }
        }
    }

    private void ReadSection(string keyword)
    {
        switch (keyword)
        {
            case "usecmap" when use(lastName) is { } used:
                map.Use(used);
                map.IsVertical = map.IsVertical || used.IsVertical;
                break;
            case "begincodespacerange":
                ReadItems(hasHigh: true, (low, high) => { if (token == PdfToken.String) { map.AddCodeSpace(high.Bytes, low.Value, high.Value); } }, hasValue: false);
                break;
            case "begincidchar":
                ReadItems(hasHigh: false, AddCharacters);
                break;
            case "begincidrange":
                ReadItems(hasHigh: true, AddCharacters);
                break;
            case "beginbfchar":
                ReadItems(hasHigh: false, AddTexts);
                break;
            case "beginbfrange":
                ReadItems(hasHigh: true, AddTexts);
                break;
        }
    }

    // Items until the section's end: a code, or the first and the last of a range, and what they stand for, which is the current token then.
    private void ReadItems(bool hasHigh, Action<Code, Code> add, bool hasValue = true)
    {
        while (Next() && token == PdfToken.String)
        {
            var low = new Code(lexer.Text.Span);
            if (hasHigh && !(Next() && token == PdfToken.String))
            {
                return;
            }

            var high = hasHigh ? new Code(lexer.Text.Span) : low;
            if (hasValue && (!Next() || token == PdfToken.Keyword))
            {
                return;
            }

            add(low, high);
        }
    }

    private void AddCharacters(Code low, Code high)
    {
        if (token == PdfToken.Number && lexer.Number is >= 0 and <= ushort.MaxValue)
        {
            map.AddCharacters(low.Value, high.Value, (int)lexer.Number);
        }
    }

    private void AddTexts(Code low, Code high)
    {
        switch (token)
        {
            case PdfToken.String:
                map.AddTexts(low.Value, high.Value, Text(lexer.Text.Span));
                break;
            case PdfToken.Name when GlyphNames.Text(lexer.Name.Value) is { } text:
                map.AddTexts(low.Value, high.Value, text);
                break;
            case PdfToken.ArrayStart:
                for (var code = low.Value; Next() && token is PdfToken.String or PdfToken.Name; code++)
                {
                    var item = token == PdfToken.Name ? GlyphNames.Text(lexer.Name.Value) : Text(lexer.Text.Span);
                    if (item is not null && code >= low.Value && code <= high.Value)
                    {
                        map.AddTexts(code, code, item);
                    }
                }

                break;
        }
    }

    private bool Next()
    {
        token = ++tokens > TokensMax ? PdfToken.End : lexer.Read();
        return token != PdfToken.End;
    }

    // UTF-16, highest byte first; careless programs write characters below U+0100 as one byte, and some a byte order mark.
    private static string Text(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [var single] => ((char)single).ToString(),
        [0xFE, 0xFF, .. var rest] when rest.Length >= 2 => Text(rest),
        _ => WholeCharacters(bytes[..Math.Min(bytes.Length & ~1, 2 * CMap.TextLengthMax)]),
    };

    private static string WholeCharacters(ReadOnlySpan<byte> bytes) => Encoding.BigEndianUnicode.GetString(bytes);

    /// <summary>A code of up to four bytes; of longer strings the last four count.</summary>
    private readonly struct Code
    {
        public Code(ReadOnlySpan<byte> bytes)
        {
            Bytes = bytes.Length;
            foreach (var value in bytes)
            {
                Value = (Value << 8) | value;
            }
        }

        public int Bytes { get; }

        public uint Value { get; }
    }
}
