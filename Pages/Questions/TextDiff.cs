using System.Text;
using DiffPlex;
using Microsoft.AspNetCore.Html;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Questions;

/// <summary>What a part of a text is, compared with the text before.</summary>
public enum DiffKind
{
    Same,
    Removed,
    Added,

    /// <summary>Unchanged lines that are left out: <see cref="DiffPart.Lines"/> counts them.</summary>
    Skipped,
}

/// <summary>A part of a comparison.</summary>
public readonly record struct DiffPart(DiffKind Kind, string Text, int Lines = 0);

/// <summary>
/// Two texts compared by lines, and within changed lines by words: the text between white space, in Korean an eojeol with its particle. DiffPlex finds the
/// shortest edit, whose time grows with the square of the number of pieces, so their number is limited.
/// </summary>
/// <param name="Parts">In order; unchanged lines far from a change are skipped.</param>
/// <param name="IsWhole">True if the texts are too long to compare: the only part is the new one.</param>
public sealed record TextDiff(IReadOnlyList<DiffPart> Parts, bool IsWhole)
{
    /// <summary>The most characters of both texts that are compared.</summary>
    public const int CharactersMax = 20_000;

    /// <summary>The most lines of both texts, and the most pieces of both sides of one change, that are compared.</summary>
    public const int PiecesMax = 3_000;

    /// <summary>The unchanged lines shown before and after a change.</summary>
    public const int ContextLines = 2;

    public bool IsSame => !IsWhole && Parts.All(p => p.Kind is DiffKind.Same or DiffKind.Skipped);

    public static TextDiff Of(string before, string after)
    {
        if (before.Length + after.Length > CharactersMax || LineCount(before) + LineCount(after) > PiecesMax)
        {
            return new([new(DiffKind.Same, after)], IsWhole: true);
        }

        var lines = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, new Lines());
        var (parts, at) = (new List<DiffPart>(), 0);
        foreach (var block in lines.DiffBlocks)
        {
            AddSame(parts, lines.PiecesNew, at, block.InsertStartB, isLast: false);
            AddChange(parts, Joined(lines.PiecesOld, block.DeleteStartA, block.DeleteCountA), Joined(lines.PiecesNew, block.InsertStartB, block.InsertCountB));
            at = block.InsertStartB + block.InsertCountB;
        }

        AddSame(parts, lines.PiecesNew, at, lines.PiecesNew.Count, isLast: true);
        return new(parts, IsWhole: false);
    }

    /// <summary>Returns the comparison as elements that are told apart without colour, also by a screen reader.</summary>
    public IHtmlContent Html()
    {
        var html = new HtmlContentBuilder();
        foreach (var part in Parts)
        {
            _ = part.Kind switch
            {
                DiffKind.Removed => Marked(html, "del", BoardWords.DiffRemoved, part.Text),
                DiffKind.Added => Marked(html, "ins", BoardWords.DiffAdded, part.Text),
                DiffKind.Skipped => html.AppendHtml("<span class=\"diff-skipped\">").Append(BoardWords.DiffSkipped.Count(part.Lines)).AppendHtml("</span>"),
                _ => html.Append(part.Text),
            };
        }

        return html;
    }

    // The words for screen readers name the beginning and the end: few of them announce the elements themselves.
    private static IHtmlContentBuilder Marked(HtmlContentBuilder html, string element, string name, string text) => html
        .AppendHtml($"<{element}><span class=\"visually-hidden\"> [").Append(name).AppendHtml(": </span>").Append(Visible(text))
        .AppendHtml($"<span class=\"visually-hidden\">] </span></{element}>");

    /// <summary>Marks white space that is all of a change.</summary>
    private static string Visible(string text) => string.IsNullOrWhiteSpace(text) ? text.Replace(' ', '␣').Replace("\n", "↵\n", StringComparison.Ordinal) : text;

    private static int LineCount(string text) => text.AsSpan().Count('\n') + 1;

    /// <summary>Returns whole lines, each with its end.</summary>
    private static string Joined(IReadOnlyList<string> pieces, int start, int count) => string.Concat(pieces.Skip(start).Take(count));

    private static void AddSame(List<DiffPart> parts, IReadOnlyList<string> lines, int from, int to, bool isLast)
    {
        var (before, after) = (parts.Count > 0 ? ContextLines : 0, isLast ? 0 : ContextLines);
        if (to - from <= before + after + 1)
        {
            Add(parts, DiffKind.Same, Joined(lines, from, to - from));
            return;
        }

        Add(parts, DiffKind.Same, Joined(lines, from, before));
        parts.Add(new(DiffKind.Skipped, "", to - from - before - after));
        Add(parts, DiffKind.Same, Joined(lines, to - after, after));
    }

    /// <summary>Compares changed lines by words. Changes with one space between them are one, so that a rewritten sentence reads as such.</summary>
    private static void AddChange(List<DiffPart> parts, string before, string after)
    {
        if (Words.Of(before).Count + Words.Of(after).Count > PiecesMax)
        {
            Add(parts, DiffKind.Removed, before);
            Add(parts, DiffKind.Added, after);
            return;
        }

        var words = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, new Words());
        var (removed, added, at) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (var block in words.DiffBlocks)
        {
            var between = Joined(words.PiecesNew, at, block.InsertStartB - at);
            if (between == " " && removed.Length > 0 && added.Length > 0 && block is { DeleteCountA: > 0, InsertCountB: > 0 })
            {
                removed.Append(between);
                added.Append(between);
            }
            else
            {
                Flush();
                Add(parts, DiffKind.Same, between);
            }

            removed.Append(Joined(words.PiecesOld, block.DeleteStartA, block.DeleteCountA));
            added.Append(Joined(words.PiecesNew, block.InsertStartB, block.InsertCountB));
            at = block.InsertStartB + block.InsertCountB;
        }

        Flush();
        Add(parts, DiffKind.Same, Joined(words.PiecesNew, at, words.PiecesNew.Count - at));

        void Flush()
        {
            Add(parts, DiffKind.Removed, removed.ToString());
            Add(parts, DiffKind.Added, added.ToString());
            removed.Clear();
            added.Clear();
        }
    }

    private static void Add(List<DiffPart> parts, DiffKind kind, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(new(kind, text));
        }
    }

    /// <summary>Splits a text into lines, each with its end.</summary>
    private sealed class Lines : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => Cut(text, (character, _) => character == '\n');
    }

    /// <summary>Splits a text into words and white space; a line end is a piece of its own.</summary>
    private sealed class Words : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => Of(text);

        public static List<string> Of(string text) => Cut(text, (character, next) => character == '\n' || next == '\n' || char.IsWhiteSpace(character) != char.IsWhiteSpace(next));
    }

    private static List<string> Cut(string text, Func<char, char, bool> endsBetween)
    {
        var (pieces, start) = (new List<string>(), 0);
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || endsBetween(text[i - 1], text[i]))
            {
                pieces.Add(text[start..i]);
                start = i;
            }
        }

        return pieces;
    }
}
