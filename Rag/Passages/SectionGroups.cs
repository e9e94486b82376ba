using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Passages;

/// <summary>Joins sections that fit into one passage: a section with its subsections, never across a heading of the same or a higher level.</summary>
internal static class SectionGroups
{
    private const int HeadingCharactersMax = 200;

    /// <summary>Skips counting tokens of text that could not fit anyway: no tokenizer averages this many characters per token.</summary>
    private const int CharactersPerTokenMax = 20;

    private const int BlankLineCharacters = 2;

    public readonly record struct Group(string? Heading, TextRange Range);

    public static List<Group> Of(DocumentText document, int tokensMax, Func<string, int> countTokens)
    {
        var groups = new List<Group>();
        var path = new List<(int Level, string Heading)>();
        var start = 0;
        for (var at = 0; at < document.Sections.Count;)
        {
            var section = document.Sections[at];
            path.RemoveAll(above => above.Level >= section.Level);
            if (section.Heading is { } heading && !(section.Level == 1 && heading == document.Title))
            {
                path.Add((section.Level, heading));
            }

            var below = at + 1;
            while (below < document.Sections.Count && document.Sections[below].Level > section.Level)
            {
                below++;
            }

            var end = Fits(document, start, below, tokensMax, countTokens) ? below : at + 1;
            // A heading without text of its own joins the first section below it.
            if (end < below && section.Length <= (section.Heading?.Length ?? 0) + BlankLineCharacters)
            {
                at++;
                continue;
            }

            groups.Add(new(Heading(path), RangeOf(document, start, end)));
            start = end;
            at = end;
        }

        return groups;
    }

    private static bool Fits(DocumentText document, int first, int end, int tokensMax, Func<string, int> countTokens)
    {
        var range = RangeOf(document, first, end);
        return range.Length <= tokensMax * CharactersPerTokenMax && countTokens(document.Text.Substring(range.Start, range.Length)) <= tokensMax;
    }

    private static TextRange RangeOf(DocumentText document, int first, int end)
    {
        var start = document.Sections[first].Start;
        return new(start, document.Sections[end - 1].Start + document.Sections[end - 1].Length - start);
    }

    /// <summary>Returns a path without its first heading; null for a single heading.</summary>
    public static string? WithoutOutermost(string path)
    {
        var next = path.IndexOf(Passage.HeadingSeparator, StringComparison.Ordinal);
        return next < 0 ? null : path[(next + Passage.HeadingSeparator.Length)..];
    }

    /// <summary>Returns the path within its limit: outer headings are dropped first, and the innermost is cut only if it alone is too long.</summary>
    private static string? Heading(List<(int Level, string Heading)> path)
    {
        var words = path.Count == 0 ? null : string.Join(Passage.HeadingSeparator, path.Select(p => p.Heading));
        while (words?.Length > HeadingCharactersMax && WithoutOutermost(words) is { } inner)
        {
            words = inner;
        }

        return words is null ? null : TextNormalizer.OneLine(words, HeadingCharactersMax);
    }
}
