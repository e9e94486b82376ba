using System.Buffers;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Reads a content stream operator by operator. The image data between <c>ID</c> and <c>EI</c> is passed over.</summary>
/// <example><code>
/// var parser = new PdfContentParser(file.Contents(page));
/// while (parser.Read()) { switch (parser.Operator) { case "Tj": Show(parser.Operands[0]); break; } }
/// </code></example>
internal sealed class PdfContentParser
{
    // Operators and their operands are plain text, image data of this length practically never is.
    private const int TextAfterImage = 12;

    private static readonly SearchValues<byte> TextBytes = SearchValues.Create([9, 10, 13, .. Enumerable.Range(32, 95).Select(value => (byte)value)]);

    private readonly PdfLexer lexer;
    private readonly PdfParser parser;
    private readonly List<PdfObject> operands = [];
    private int operators;
    private bool mayTouch;

    /// <param name="names">The file's, so that its names are shared.</param>
    public PdfContentParser(ReadOnlyMemory<byte> content, PdfNames? names = null)
    {
        lexer = new(content, 0, names);
        parser = new(lexer);
    }

    /// <summary>The operator just read; <c>EI</c> for a whole inline image.</summary>
    public string Operator { get; private set; } = "";

    /// <summary>What stands before the operator; valid until the next read.</summary>
    public IReadOnlyList<PdfObject> Operands => operands;

    /// <summary>True where there are more operators than <see cref="PdfLimits.OperatorsMax"/>: the rest was not read.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Moves to the next operator; false at the end.</summary>
    public bool Read()
    {
        operands.Clear();
        parser.Restart();
        while (lexer.Read() is not PdfToken.End and var token)
        {
            if (parser.Build(token) is { } operand)
            {
                if (operands.Count < PdfLimits.OperandsMax)
                {
                    operands.Add(operand);
                }
            }
            else if (token == PdfToken.Keyword)
            {
                Operator = lexer.Keyword();
                IsTruncated = operators == PdfLimits.OperatorsMax;
                operators++;
                if (Operator == "BI" && !IsTruncated)
                {
                    SkipInlineImage();
                }

                return !IsTruncated;
            }
        }

        return false;
    }

    private void SkipInlineImage()
    {
        Operator = "EI";
        while (lexer.Read() is not PdfToken.End and var token)
        {
            if (token == PdfToken.Keyword && lexer.Word.SequenceEqual("ID"u8))
            {
                lexer.Position = EndOfImage(lexer.Source, lexer.Position);
                break;
            }

            if (token == PdfToken.Keyword && lexer.Word.SequenceEqual("EI"u8))
            {
                break;
            }
        }
    }

    // Image data may hold the letters "EI" by chance: they end it only where they stand alone and text follows. Data that touches them ends there
    // only where no others do; without an end, all is data.
    private int EndOfImage(ReadOnlySpan<byte> content, int start)
    {
        if (!mayTouch && EndOfImage(content, start, mayTouch: false) is { } end)
        {
            return end;
        }

        // Further on there are none either: the rest of the stream is looked through once.
        mayTouch = true;
        return EndOfImage(content, start, mayTouch: true) ?? content.Length;
    }

    private static int? EndOfImage(ReadOnlySpan<byte> content, int start, bool mayTouch)
    {
        for (var at = start; at < content.Length;)
        {
            var found = content[at..].IndexOf("EI"u8);
            if (found < 0)
            {
                break;
            }

            at += found + 2;
            var before = content[at - 3];
            var after = content.Slice(at, Math.Min(TextAfterImage, content.Length - at));
            var standsAlone = (mayTouch || PdfLexer.IsWhite(before) || before == '>') && (after.IsEmpty || PdfLexer.IsWhite(after[0]));
            if (standsAlone && !after.ContainsAnyExcept(TextBytes))
            {
                return at;
            }
        }

        return null;
    }
}
