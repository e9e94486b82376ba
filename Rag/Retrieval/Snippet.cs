using System.Text.RegularExpressions;
using Pybo.Data;

namespace Pybo.Rag.Retrieval;

/// <summary>A part of a snippet; marked if it is one of the search words.</summary>
public readonly record struct SnippetPart(string Text, bool IsMarked);

/// <summary>
/// A short piece of a passage around the search words, with the words marked. The pages, the chat and the command line show the same.
/// <code>
/// Snippet.Make("서울의 인구는 940만 명이다.", ["인구"], null, 200).Parts → "서울의 ", [인구], "는 940만 명이다."
/// </code>
/// </summary>
public sealed partial record Snippet(IReadOnlyList<SnippetPart> Parts)
{
    /// <summary>The number of occurrences considered; a passage of about 500 tokens seldom has as many.</summary>
    private const int MatchesMax = 200;

    /// <summary>The fraction of the snippet before the first word, so that the word is read in context.</summary>
    private const int LeadShare = 4;

    private const int BoundaryDistanceMax = 24;
    private const string Cut = "…";

    /// <summary>The snippet without its marks.</summary>
    public string Text => string.Concat(Parts.Select(p => p.Text));

    /// <summary>Makes a snippet.</summary>
    /// <param name="text">The passage.</param>
    /// <param name="words">The words to mark: <c>KoreanText.Words</c> of the question. Case is ignored.</param>
    /// <param name="best">The chunk nearest in meaning, in UTF-16 units of <paramref name="text"/>; preferred among windows with equally many words.</param>
    /// <param name="lengthMax">In UTF-16 units, before spaces are joined.</param>
    public static Snippet Make(string text, IReadOnlyList<string> words, (int Start, int Length)? best, int lengthMax)
    {
        var matches = Matches(text, words);
        var (start, end) = Window(text, matches, best, lengthMax);
        var parts = new List<SnippetPart>();
        var at = start;
        foreach (var match in matches.Where(m => m.Start >= start && m.Start + m.Length <= end))
        {
            Add(parts, text[at..match.Start], isMarked: false);
            Add(parts, text[match.Start..(match.Start + match.Length)], isMarked: true);
            at = match.Start + match.Length;
        }

        Add(parts, text[at..end], isMarked: false);
        return new(WithEnds(parts, start > 0, end < text.Length));
    }

    private static List<Match> Matches(string text, IReadOnlyList<string> words)
    {
        var found = new List<Match>();
        // 한자 marks 漢字: the readings are as long as the text.
        var read = HanjaReadings.Read(text);
        for (var word = 0; word < words.Count; word++)
        {
            var searched = words[word].AsSpan().ContainsAnyInRange('\u4E00', '\u9FFF') ? text : read;
            for (var at = 0; found.Count < MatchesMax && words[word].Length > 0; at += words[word].Length)
            {
                at = searched.IndexOf(words[word], at, StringComparison.OrdinalIgnoreCase);
                if (at < 0)
                {
                    break;
                }

                if (StandsAlone(text, at, words[word]))
                {
                    found.Add(new(at, words[word].Length, word));
                }
            }
        }

        var apart = new List<Match>();
        var end = 0;
        foreach (var match in found.OrderBy(m => m.Start).ThenByDescending(m => m.Length).Where(m => m.Start >= end))
        {
            apart.Add(match);
            end = match.Start + match.Length;
        }

        return [.. apart.OrderBy(m => m.Start)];
    }

    /// <summary>True unless a Latin word is inside another one (net in internet); Hangul compounds have no such borders.</summary>
    private static bool StandsAlone(string text, int at, string word) =>
        !(char.IsAsciiLetterOrDigit(word[0]) && at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))
        && !(char.IsAsciiLetterOrDigit(word[^1]) && at + word.Length < text.Length && char.IsAsciiLetterOrDigit(text[at + word.Length]));

    /// <summary>Picks, among windows that begin shortly before a word, the one with the most different words, then the one in the best chunk, then the first.</summary>
    private static (int Start, int End) Window(string text, List<Match> matches, (int Start, int Length)? best, int lengthMax)
    {
        if (text.Length <= lengthMax)
        {
            return (0, text.Length);
        }

        var chunkStart = Math.Clamp(best?.Start ?? 0, 0, text.Length);
        var chunkEnd = Math.Clamp(chunkStart + (best?.Length ?? 0), chunkStart, text.Length);
        var chosen = chunkStart;
        var most = 0.0;
        foreach (var first in matches)
        {
            var from = Math.Max(0, first.Start - (lengthMax / LeadShare));
            var held = matches.Where(m => m.Start >= from && m.Start + m.Length <= from + lengthMax).Select(m => m.Word).Distinct().Count();
            var score = held + (first.Start >= chunkStart && first.Start < chunkEnd ? 0.5 : 0);
            if (score > most)
            {
                (most, chosen) = (score, from);
            }
        }

        var start = StartAtBoundary(text, Math.Min(chosen, text.Length - lengthMax));
        var end = EndAtBoundary(text, Math.Min(start + lengthMax, text.Length));
        return (start, Math.Max(start, end));
    }

    private static int StartAtBoundary(string text, int start)
    {
        for (var at = start; at > 0 && at > start - BoundaryDistanceMax; at--)
        {
            if (char.IsWhiteSpace(text[at - 1]))
            {
                return at;
            }
        }

        return start > 0 && char.IsLowSurrogate(text[start]) ? start - 1 : start;
    }

    private static int EndAtBoundary(string text, int end)
    {
        for (var at = end; at < text.Length && at > end - BoundaryDistanceMax && at > 0; at--)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                return at;
            }
        }

        return end < text.Length && char.IsLowSurrogate(text[end]) ? end - 1 : end;
    }

    private static void Add(List<SnippetPart> parts, string text, bool isMarked)
    {
        if (text.Length > 0)
        {
            parts.Add(new(Spaces().Replace(text, " "), isMarked));
        }
    }

    private static List<SnippetPart> WithEnds(List<SnippetPart> parts, bool isCutBefore, bool isCutAfter)
    {
        if (parts is [{ IsMarked: false } first, ..])
        {
            parts[0] = first with { Text = first.Text.TrimStart() };
        }

        if (parts is [.., { IsMarked: false } last])
        {
            parts[^1] = last with { Text = last.Text.TrimEnd() };
        }

        if (isCutBefore)
        {
            parts.Insert(0, new(Cut, false));
        }

        if (isCutAfter)
        {
            parts.Add(new(Cut, false));
        }

        return [.. parts.Where(p => p.Text.Length > 0)];
    }

    private readonly record struct Match(int Start, int Length, int Word);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
