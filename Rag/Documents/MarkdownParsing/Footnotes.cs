using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>A footnote, <c>[^1]: 서울지점</c>: its first line, and the lines after it that are indented by four spaces.</summary>
/// <remarks>As on GitHub. CommonMark alone takes a footnote of one word for the definition of a link, whose target it would be.</remarks>
public sealed class FootnoteBlock(BlockParser parser, string label) : ContainerBlock(parser)
{
    public string Label => label;

    /// <summary>True once a mark in the text refers to it.</summary>
    public bool IsReferenced { get; internal set; }
}

/// <summary>The mark of a footnote, in the text (<c>[^1]</c>) or at the beginning of the note itself.</summary>
public sealed class FootnoteMark(FootnoteBlock note, bool isOwn) : LeafInline
{
    public FootnoteBlock Note => note;

    /// <summary>True at the beginning of the note.</summary>
    public bool IsOwn => isOwn;
}

/// <summary>Footnotes of one text by their labels.</summary>
internal static class Footnotes
{
    /// <summary>A longer label is text in brackets.</summary>
    public const int LabelCharactersMax = 100;

    private static readonly object Key = typeof(Footnotes);

    public static void Add(MarkdownDocument document, FootnoteBlock note)
    {
        if (document.GetData(Key) is not Dictionary<string, FootnoteBlock> notes)
        {
            document.SetData(Key, notes = new(StringComparer.OrdinalIgnoreCase));
        }

        notes.TryAdd(note.Label, note);
    }

    public static FootnoteBlock? Find(MarkdownDocument document, string label) =>
        (document.GetData(Key) as Dictionary<string, FootnoteBlock>)?.GetValueOrDefault(label);

    /// <summary>Writes each note's mark before its first words.</summary>
    public static void Mark(MarkdownDocument document)
    {
        foreach (var note in (document.GetData(Key) as Dictionary<string, FootnoteBlock>)?.Values ?? Enumerable.Empty<FootnoteBlock>())
        {
            if (note is [ParagraphBlock { Inline: { } words }, ..])
            {
                var mark = new FootnoteMark(note, isOwn: true);
                if (words.FirstChild is { } first)
                {
                    first.InsertBefore(mark);
                }
                else
                {
                    words.AppendChild(mark);
                }
            }
        }
    }

    /// <summary>Reads <c>[^label]</c> at the beginning of a text; returns null for anything else.</summary>
    public static string? Label(ReadOnlySpan<char> text)
    {
        if (text is not ['[', '^', ..])
        {
            return null;
        }

        text = text[2..Math.Min(text.Length, LabelCharactersMax + 3)];
        var end = text.IndexOfAny(']', '[', '\n');
        return end > 0 && text[end] == ']' && !text[..end].IsWhiteSpace() ? text[..end].ToString() : null;
    }
}

/// <summary>Begins a footnote; it may interrupt a paragraph, and contains no other footnote.</summary>
internal sealed class FootnoteBlockParser : BlockParser
{
    private const int IndentColumns = 4;

    public FootnoteBlockParser() => OpeningCharacters = ['['];

    public override BlockState TryOpen(BlockProcessor processor)
    {
        // A note that this line does not continue is still the container here.
        if (processor.IsCodeIndent || processor.CurrentContainer is not MarkdownDocument and not FootnoteBlock || processor.ColumnBeforeIndent > 0
            || Footnotes.Label(processor.Line.AsSpan()) is not { } label || processor.PeekChar(label.Length + "[^]".Length) != ':')
        {
            return BlockState.None;
        }

        processor.TakeContainer();
        var note = new FootnoteBlock(this, label) { Line = processor.LineIndex, Column = processor.Column, Span = new(processor.Start, processor.Line.End) };
        processor.GoToColumn(processor.Column + label.Length + "[^]:".Length);
        processor.NewBlocks.Push(note);
        Footnotes.Add(processor.Document, note);
        return BlockState.Continue;
    }

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        processor.TakeLine();
        if (processor.IsBlankLine)
        {
            return BlockState.Continue;
        }

        if (processor.Indent < IndentColumns)
        {
            return BlockState.None;
        }

        processor.GoToColumn(processor.ColumnBeforeIndent + IndentColumns);
        return BlockState.Continue;
    }
}

/// <summary>Reads the marks of footnotes that the text has.</summary>
internal sealed class FootnoteMarkParser : InlineParser
{
    public FootnoteMarkParser() => OpeningCharacters = ['['];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (Footnotes.Label(slice.AsSpan()) is not { } label || Footnotes.Find(processor.Document, label) is not { } note)
        {
            return false;
        }

        note.IsReferenced = true;
        processor.Inline = new FootnoteMark(note, isOwn: false);
        slice.Start += label.Length + "[^]".Length;
        return true;
    }
}

/// <summary>Writes a mark as raised text; the note is a block of its own where it is defined.</summary>
internal sealed class FootnoteMarkRenderer : HtmlObjectRenderer<FootnoteMark>
{
    protected override void Write(HtmlRenderer renderer, FootnoteMark obj)
    {
        renderer.Write(renderer.EnableHtmlForInline ? "<sup>" : "[");
        renderer.WriteEscape(obj.Note.Label);
        renderer.Write(renderer.EnableHtmlForInline ? "</sup>" : "]");
        if (obj.IsOwn)
        {
            renderer.Write(' ');
        }
    }
}
