using System.Text;

namespace Pybo.Rag.Documents.Html;

/// <summary>Collects the words of a block as a browser shows them: white space collapses to one space, except in preformatted text.</summary>
internal sealed class HtmlLine
{
    private const string WhiteSpace = " \t\r\n\f";

    private readonly StringBuilder words = new();
    private bool owesSpace;

    public int Length => words.Length;

    public void Append(ReadOnlySpan<char> text, bool isPreformatted)
    {
        if (isPreformatted)
        {
            PaySpace();
            words.Append(text);
            return;
        }

        while (!text.IsEmpty)
        {
            var space = text.IndexOfAny(WhiteSpace);
            var word = space < 0 ? text : text[..space];
            if (!word.IsEmpty)
            {
                PaySpace();
                words.Append(word);
            }

            owesSpace |= space >= 0;
            text = space < 0 ? [] : text[(space + 1)..];
        }
    }

    public void Break()
    {
        owesSpace = false;
        words.Append('\n');
    }

    /// <summary>Leaves a blank line, since a block begins or ends inside a table cell.</summary>
    public void BreakParagraph()
    {
        if (words.Length > 0 && words[^1] != '\n')
        {
            Break();
            Break();
        }
    }

    public string Take()
    {
        var text = words.ToString();
        words.Clear();
        owesSpace = false;
        return text;
    }

    private void PaySpace()
    {
        if (owesSpace && words.Length > 0 && words[^1] != '\n')
        {
            words.Append(' ');
        }

        owesSpace = false;
    }
}
