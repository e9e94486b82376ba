using System.Text;

namespace Pybo.Rag.Documents.Html;

/// <summary>Collects the words of a block as a browser shows them: white space collapses to one space, except in preformatted text.</summary>
internal sealed class HtmlLine
{
    private const string WhiteSpace = " \t\r\n\f";

    private readonly StringBuilder words = new();
    private readonly List<HtmlAddress> addresses = [];
    private bool owesSpace;
    private int taken;

    public int Length => words.Length;

    /// <summary>The place of the next word, for <see cref="TryReplace"/>.</summary>
    public (int Taken, int Start) Here => (taken, words.Length);

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

    /// <summary>Rewrites the words from a place to the end, without the white space before them; does nothing if a block has ended in between, or if they are too many.</summary>
    public void TryReplace((int Taken, int Start) from, int charactersMax, Func<string, string> rewrite)
    {
        if (WordsFrom(from, charactersMax) is { Length: > 0 } text)
        {
            words.Length -= text.Length;
            words.Append(rewrite(text));
        }
    }

    /// <summary>Writes where the link that began at a place leads.</summary>
    public void AppendAddress((int Taken, int Start) from, string target)
    {
        const int linkCharactersMax = 2_000;
        if (WordsFrom(from, linkCharactersMax) is { Length: > 0 } text && LinkText.After(text, target) is { Length: > 0 } address)
        {
            var site = LinkText.IsWeb(target) && Uri.TryCreate(target, UriKind.Absolute, out var uri) ? uri.Host : target;
            addresses.Add(new(words.Length - text.Length, words.Length, address.Length, site));
            words.Append(address);
        }
    }

    public string Take() => TakeWords().Settled;

    public HtmlWords TakeWords()
    {
        var text = new HtmlWords(words.ToString(), addresses.Count > 0 ? [.. addresses] : []);
        words.Clear();
        addresses.Clear();
        taken++;
        owesSpace = false;
        return text;
    }

    /// <summary>Returns the words from a place on; empty if they are too many, or not on one line any more.</summary>
    private string WordsFrom((int Taken, int Start) from, int charactersMax) =>
        from.Taken == taken && words.Length - from.Start <= charactersMax ? words.ToString(from.Start, words.Length - from.Start).TrimStart() : "";

    private void PaySpace()
    {
        if (owesSpace && words.Length > 0 && words[^1] != '\n')
        {
            words.Append(' ');
        }

        owesSpace = false;
    }
}
