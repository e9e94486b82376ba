using System.Globalization;
using System.Text;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>Tokens, values and content operators.</summary>
public sealed class PdfSyntaxTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("-1", -1)]
    [InlineData("--5", -5)]
    [InlineData("+.5", 0.5)]
    [InlineData("4.", 4)]
    [InlineData(".", 0)]
    [InlineData("-", 0)]
    [InlineData("1.2.3", 1.2)]
    [InlineData("0.00-35", 0)]
    [InlineData("12-34", 12)]
    [InlineData("1.5E-2", 0.015)]
    [InlineData("2147483648123", 2147483648123d)]
    [InlineData("0.12345678901234567890123", 0.123456789012345)]
    [InlineData("1e999", 0)]
    public void Numbers_are_read_as_they_are_written(string text, double value) => Assert.Equal(value, Assert.IsType<PdfNumber>(Value(text)).Value, 1e-12);

    [Theory]
    [InlineData("(plain)", "plain")]
    [InlineData("(a(b)c)", "a(b)c")]
    [InlineData("(\\(\\)\\\\\\n\\r\\t\\b\\f)", "()\\\n\r\t\b\f")]
    [InlineData("(\\101\\7\\0533\\x)", "A\u0007+3x")]
    [InlineData("(a\\\r\nb\\\nc)", "abc")]
    [InlineData("(a\r\nb\rc)", "a\nb\nc")]
    [InlineData("(open", "open")]
    [InlineData("(open\\", "open")]
    [InlineData("<48 65 6c6C6f>", "Hello")]
    [InlineData("<4>", "@")]
    [InlineData("<4x8>", "H")]
    [InlineData("<48", "H")]
    [InlineData("<>", "")]
    public void Strings_are_decoded(string text, string value) => Assert.Equal(value, Encoding.Latin1.GetString(Assert.IsType<PdfString>(Value(text)).Bytes.Span));

    [Theory]
    [InlineData("/Name", "Name")]
    [InlineData("/A#20B", "A B")]
    [InlineData("/A#2", "A#2")]
    [InlineData("/A#zz", "A#zz")]
    [InlineData("/", "")]
    [InlineData("/A/B", "A")]
    [InlineData("/A[", "A")]
    public void Names_are_decoded(string text, string value) => Assert.Equal(value, Assert.IsType<PdfName>(Value(text)).Value);

    [Theory]
    [InlineData("12 0 R", "12 0 R")]
    [InlineData("[1 0 R 2 3 R 4]", "[1 0 R 2 3 R 4]")]
    [InlineData("[1 0 0 R]", "[1 0 0 R]")]
    [InlineData("[1 0 RG]", "[1 0]")]
    [InlineData("<</A 1/B[2(x)]/C<</D/E>>>>", "<</A 1/B [2 (x)]/C <</D /E>>>>")]
    [InlineData("<</A true/B false/C null>>", "<</A True/B False/C null>>")]
    [InlineData("<</A 1/A 2>>", "<</A 1>>")]
    [InlineData("<</A[1 2/B 3>>", "<</A [1 2 /B 3]>>")]
    [InlineData("<</A 1", "<</A 1>>")]
    [InlineData("<</A 1 endobj", "<</A 1>>")]
    [InlineData("<<1 2/A 3>>", "<</A 3>>")]
    [InlineData("%comment\n[1 %x\n2]", "[1 2]")]
    [InlineData("[)1>2]", "[1 2]")]
    public void Values_are_read_also_where_brackets_are_missing(string text, string value) => Assert.Equal(value, Show(Value(text)));

    [Theory]
    [InlineData("[", "]")]
    [InlineData("<</A ", ">>")]
    [InlineData("[<</A ", ">>]")]
    public void Deep_nesting_is_passed_over(string open, string close)
    {
        const int depth = 100_000;
        var text = string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth)) + " 7";
        var parser = new PdfParser(new PdfLexer(PdfFileWriter.Latin1(text)));
        Assert.NotNull(parser.ReadObject());
        Assert.Equal(7, Assert.IsType<PdfNumber>(parser.ReadObject()).Value);
    }

    [Fact]
    public void An_object_has_a_limit_of_values()
    {
        var text = "[" + string.Concat(Enumerable.Repeat("[]", PdfLimits.ItemsMax + 10)) + "]";
        Assert.InRange(Assert.IsType<PdfArray>(Value(text)).Items.Count, PdfLimits.ItemsMax / 2, PdfLimits.ItemsMax);
    }

    [Fact]
    public void Operators_come_with_their_operands()
    {
        var read = Operators("q 1 0 0 1 5 6 cm/F1 12 Tf[(a)-20(b)]TJ T* (x)' /P<</M 1>>BDC Q");
        Assert.Equal(["q()", "cm(1 0 0 1 5 6)", "Tf(/F1 12)", "TJ([(a) -20 (b)])", "T*()", "'((x))", "BDC(/P <</M 1>>)", "Q()"], read);
    }

    [Fact]
    public void A_text_array_without_its_bracket_ends_at_its_operator() => Assert.Equal(["TJ([(a)])", "Tj((b))"], Operators("[(a) TJ (b) Tj"));

    [Theory]
    [InlineData("BI /W 2/H 2/CS/RGB/BPC 8 ID \u0001\u00FFxEI y\u00A0 EI\nQ", new[] { "EI()", "Q()" })]
    [InlineData("BI/W 1 ID EI EI Q", new[] { "EI()", "EI()", "Q()" })]
    [InlineData("BI /F/A85 ID abc~>EI Q", new[] { "EI()", "Q()" })]
    [InlineData("q BI /W 9 ID no end of it", new[] { "q()", "EI()" })]
    [InlineData("BI /W 9 ID \u0001\u0002\u0003EI\nQ q", new[] { "EI()", "Q()", "q()" })]
    [InlineData("BI ID aEI Q BI ID bEI Q", new[] { "EI()", "Q()", "EI()", "Q()" })]
    [InlineData("BI ID aEI Q b EI Q", new[] { "EI()", "Q()" })]
    [InlineData("BI /W 9 EI Q", new[] { "EI()", "Q()" })]
    [InlineData("BI /W", new[] { "EI()" })]
    [InlineData("BI ID", new[] { "EI()" })]
    public void Inline_images_are_passed_over(string content, string[] operators) => Assert.Equal(operators, Operators(content));

    [Fact]
    public void Very_many_inline_images_without_an_end_are_looked_through_once()
    {
        var operators = Operators(string.Concat(Enumerable.Repeat("BI ID aEI ", 200_000)));
        Assert.Equal(200_000, operators.Count);
    }

    [Fact]
    public void Operators_have_a_limit()
    {
        var parser = new PdfContentParser(PdfFileWriter.Latin1(string.Concat(Enumerable.Repeat("q ", PdfLimits.OperatorsMax + 5))));
        var count = 0;
        while (parser.Read())
        {
            count++;
        }

        Assert.Equal(PdfLimits.OperatorsMax, count);
        Assert.True(parser.IsTruncated);
    }

    private static PdfObject? Value(string text) => new PdfParser(new PdfLexer(PdfFileWriter.Latin1(text))).ReadObject();

    private static List<string> Operators(string content)
    {
        var parser = new PdfContentParser(PdfFileWriter.Latin1(content));
        var read = new List<string>();
        while (parser.Read())
        {
            read.Add($"{parser.Operator}({string.Join(' ', parser.Operands.Select(Show))})");
        }

        return read;
    }

    private static string Show(PdfObject? value) => value switch
    {
        PdfNumber number => number.Value.ToString(CultureInfo.InvariantCulture),
        PdfString text => $"({Encoding.Latin1.GetString(text.Bytes.Span)})",
        PdfName name => "/" + name.Value,
        PdfReference reference => string.Create(CultureInfo.InvariantCulture, $"{reference.Number} {reference.Generation} R"),
        PdfArray array => $"[{string.Join(' ', array.Items.Select(Show))}]",
        PdfDictionary dictionary => $"<<{string.Concat(dictionary.Entries.Select(entry => $"/{entry.Key} {Show(entry.Value)}"))}>>",
        PdfBoolean boolean => boolean.Value.ToString(),
        _ => "null",
    };
}
