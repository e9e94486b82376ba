using System.Text;
using System.Text.RegularExpressions;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Pybo.Data;
using Pybo.Rag.Documents.MarkdownParsing;

namespace Pybo.Rag.Documents;

/// <summary>Writes the words of a block of markdown: links with their addresses, raised and lowered text, short footnotes in brackets.</summary>
/// <param name="wordsOf">Returns the words of a note that is one paragraph; otherwise none.</param>
internal sealed partial class MarkdownInlines(Func<FootnoteBlock, string> wordsOf)
{
    /// <summary>A longer note is a paragraph after its block.</summary>
    private const int ShortNoteCharactersMax = 80;

    /// <summary>Longer raised or struck text is written as it is, and a longer link without its address.</summary>
    private const int SpanCharactersMax = 1_000;

    /// <summary>Deeper tags of HTML are not looked at.</summary>
    private const int TagsMax = 32;

    private readonly HashSet<FootnoteBlock> placed = [];
    private readonly Queue<FootnoteBlock> late = [];

    /// <summary>Returns true if a note was written where the text refers to it.</summary>
    public bool IsPlaced(FootnoteBlock note) => placed.Contains(note);

    /// <summary>Returns the notes to write after the current block.</summary>
    public IEnumerable<FootnoteBlock> TakeNotes()
    {
        while (late.TryDequeue(out var note))
        {
            yield return note;
        }
    }

    /// <summary>Returns the words of a note, which places no other notes.</summary>
    public static string WordsOfNote(ContainerInline inlines) => TextNormalizer.Normalize(Write(inlines, _ => "")).Replace('\n', ' ').Trim();

    public string Words(ContainerInline inlines) => Write(inlines, Note);

    /// <summary>Returns what replaces the mark of a note: the note itself if it is short.</summary>
    private string Note(FootnoteMark mark)
    {
        if (mark.IsOwn || !placed.Add(mark.Note))
        {
            return "";
        }

        var words = wordsOf(mark.Note);
        if (words.Length is 0 or > ShortNoteCharactersMax)
        {
            late.Enqueue(mark.Note);
            return "";
        }

        return $"({StoredWords.Footnote}: {words})";
    }

    /// <summary>Walks the tree without recursion, however deep it is.</summary>
    private static string Write(ContainerInline inlines, Func<FootnoteMark, string> note)
    {
        var words = new StringBuilder();
        var starts = new Stack<int>();
        var tags = new Stack<(string Name, int Start, string Target)>();
        for (var inline = inlines.FirstChild; inline is not null;)
        {
            Append(words, inline, note, tags);
            if (inline is ContainerInline { FirstChild: { } child })
            {
                starts.Push(words.Length);
                inline = child;
                continue;
            }

            while (inline.NextSibling is null)
            {
                inline = inline.Parent;
                if (inline is null || inline == inlines)
                {
                    return words.ToString();
                }

                End(words, (ContainerInline)inline, starts.Pop());
            }

            inline = inline.NextSibling;
        }

        return words.ToString();
    }

    private static void Append(StringBuilder words, Inline inline, Func<FootnoteMark, string> note, Stack<(string Name, int Start, string Target)> tags)
    {
        switch (inline)
        {
            case LiteralInline literal:
                words.Append(literal.Content.AsSpan());
                break;
            case CodeInline code:
                words.Append(code.ContentSpan);
                break;
            case LineBreakInline lineBreak:
                words.Append(lineBreak.IsHard ? '\n' : ' ');
                break;
            case AutolinkInline link:
                words.Append(link.Url);
                break;
            case HtmlEntityInline entity:
                words.Append(entity.Transcoded.AsSpan());
                break;
            case TaskList task:
                words.Append(task.Checked ? '☑' : '☐');
                break;
            case FootnoteMark mark:
                words.Append(note(mark));
                break;
            case HtmlInline html:
                AppendTag(words, html.Tag, tags);
                break;
        }
    }

    private static void End(StringBuilder words, ContainerInline inline, int start)
    {
        switch (inline)
        {
            case EmphasisInline { DelimiterChar: '^' }:
                Rewrite(words, start, ScriptText.Raised);
                break;
            case EmphasisInline { DelimiterChar: '~', DelimiterCount: 1 }:
                Rewrite(words, start, ScriptText.Lowered);
                break;
            case EmphasisInline { DelimiterChar: '~' }:
                Rewrite(words, start, Struck);
                break;
            case LinkInline { IsImage: true }:
                Rewrite(words, start, text => PictureText.Description(text) ?? "");
                break;
            case LinkInline link:
                Rewrite(words, start, text => text + LinkText.After(text, link.Url ?? ""));
                break;
        }
    }

    /// <summary>A tag within a line: raised and struck text, a link, a picture, a line break.</summary>
    private static void AppendTag(StringBuilder words, string tag, Stack<(string Name, int Start, string Target)> tags)
    {
        var match = TagRegex().Match(tag);
        var name = match.Groups["name"].Value.ToLowerInvariant();
        switch (name)
        {
            case "br":
                words.Append('\n');
                break;
            case "img":
                words.Append(PictureText.Description(Value(tag, "alt")));
                break;
            case "sup" or "sub" or "s" or "del" or "strike" or "a" when match.Groups["end"].Length == 0 && tags.Count < TagsMax:
                tags.Push((name, words.Length, Value(tag, "href")));
                break;
            case "sup" or "sub" or "s" or "del" or "strike" or "a" when match.Groups["end"].Length > 0 && tags.TryPeek(out var open) && open.Name == name:
                tags.Pop();
                Rewrite(words, open.Start, name switch
                {
                    "sup" => ScriptText.Raised,
                    "sub" => ScriptText.Lowered,
                    "a" => text => text + LinkText.After(text, open.Target),
                    _ => Struck,
                });
                break;
        }
    }

    private static void Rewrite(StringBuilder words, int start, Func<string, string> rewrite)
    {
        if (words.Length - start is > 0 and <= SpanCharactersMax)
        {
            var text = words.ToString(start, words.Length - start);
            words.Length = start;
            words.Append(rewrite(text));
        }
    }

    private static string Struck(string text) => $"~~{text}~~";

    private static string Value(string tag, string attribute)
    {
        foreach (var match in AttributeRegex().EnumerateMatches(tag))
        {
            var pair = tag.AsSpan(match.Index, match.Length);
            var equals = pair.IndexOf('=');
            if (pair[..equals].Trim().Equals(attribute, StringComparison.OrdinalIgnoreCase))
            {
                return pair[(equals + 1)..].Trim().Trim("\"'").ToString();
            }
        }

        return "";
    }

    [GeneratedRegex("^<(?<end>/?)(?<name>[A-Za-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex TagRegex();

    [GeneratedRegex("""[A-Za-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AttributeRegex();
}
