using System.Buffers;
using Markdig.Extensions.Mathematics;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Pybo.Data;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>A formula in LaTeX within a paragraph: <c>$x^2$</c>, or <c>$$x^2$$</c> on a line of its own. As code, its text is not Markdown.</summary>
/// <param name="content">The LaTeX, without the dollar signs.</param>
/// <param name="dollars">One or two.</param>
internal sealed class FormulaInline(string content, int dollars) : CodeInline(content)
{
    public int Dollars => dollars;
}

/// <summary>Reads formulas by the rules of Pandoc's <c>tex_math_dollars</c>, and stricter ones where a Korean sentence names amounts of money.</summary>
internal sealed class FormulaInlineParser : InlineParser
{
    /// <summary>A longer formula is text.</summary>
    public const int CharactersMax = 2_000;

    private static readonly SearchValues<char> Ends = SearchValues.Create("$\\");

    /// <summary>What two amounts and the words between them consist of: "$6, 5$".</summary>
    private static readonly SearchValues<char> Amounts = SearchValues.Create("0123456789., ");

    public FormulaInlineParser() => OpeningCharacters = ['$'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var text = slice.AsSpan();
        var dollars = text is ['$', '$', ..] ? 2 : 1;
        var before = slice.PeekCharExtra(-1);
        if (before == '$' || char.IsLetterOrDigit(before) && dollars == 1 && HangulSyllable.Of(before) is null)
        {
            return false;
        }

        text = text[dollars..Math.Min(text.Length, dollars + CharactersMax)];
        var length = Length(text, dollars);
        ((MarkdownSteps)processor.Context!).Take(length < 0 ? text.Length : length);
        if (length <= 0 || !IsFormula(text, length, dollars))
        {
            return false;
        }

        processor.Inline = new FormulaInline(text[..length].ToString(), dollars);
        slice.Start += length + (2 * dollars);
        return true;
    }

    /// <summary>Returns where the closing signs begin; -1 if there are none.</summary>
    private static int Length(ReadOnlySpan<char> text, int dollars)
    {
        for (var at = 0; text[at..].IndexOfAny(Ends) is >= 0 and var next; at++)
        {
            at += next;
            if (text[at] == '\\')
            {
                at = Math.Min(at + 1, text.Length - 1);
            }
            else if (dollars == 1 || (at + 1 < text.Length && text[at + 1] == '$'))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>"$5와 $6" and "$HOME/$USER" are no formulas; nor is a sentence in Korean between two amounts.</summary>
    private static bool IsFormula(ReadOnlySpan<char> text, int length, int dollars)
    {
        var content = text[..length];
        var after = length + dollars < text.Length ? text[length + dollars] : ' ';
        return dollars == 2
            ? !content.IsWhiteSpace()
            : !char.IsWhiteSpace(content[0]) && !char.IsWhiteSpace(content[^1]) && !char.IsAsciiLetterOrDigit(after) && after != '$'
              && (content.IndexOf('{') >= 0 || !HasHangul(content)) && (!content.Contains(' ') || content.ContainsAnyExcept(Amounts));
    }

    private static bool HasHangul(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (HangulSyllable.Of(character) is not null)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Writes a formula as its author did, dollar signs included; the page's script draws it (wwwroot/js/math.js).</summary>
internal sealed class FormulaInlineRenderer : HtmlObjectRenderer<FormulaInline>
{
    protected override void Write(HtmlRenderer renderer, FormulaInline obj)
    {
        var sign = obj.Dollars == 2 ? "$$" : "$";
        renderer.Write(renderer.EnableHtmlForInline ? $"<span class=\"math\">{sign}" : sign);
        renderer.WriteEscape(obj.ContentSpan);
        renderer.Write(renderer.EnableHtmlForInline ? $"{sign}</span>" : sign);
    }
}

/// <inheritdoc cref="FormulaInlineRenderer"/>
internal sealed class FormulaBlockRenderer : HtmlObjectRenderer<MathBlock>
{
    protected override void Write(HtmlRenderer renderer, MathBlock obj)
    {
        renderer.EnsureLine();
        renderer.Write("<div class=\"math\">$$\n");
        renderer.WriteLeafRawLines(obj, writeEndOfLines: true, escape: true);
        renderer.WriteLine("$$</div>");
    }
}
