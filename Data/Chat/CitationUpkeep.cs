using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// Keeps citations true to their sources. When a source is deleted, triggers empty its citations and the answers based on them. After an
/// edit or reread, a citation stays if the source still contains its words; an answer based on it keeps no term that the edit removed.
/// </summary>
public static class CitationUpkeep
{
    extension(PyboDb db)
    {
        /// <summary>Rechecks the citations of a source whose text has changed, within the open transaction.</summary>
        /// <param name="citations">All citations of one source.</param>
        /// <param name="before">The source's old text.</param>
        /// <param name="now">The source's new text.</param>
        /// <param name="ct">Cancels.</param>
        internal async Task ReviseCitationsAsync(IQueryable<Citation> citations, SourceText before, SourceText now, CancellationToken ct)
        {
            var removed = before.TermsMissingIn(now);
            var cited = await citations.Where(c => !c.IsGone).Select(c => new Cited(
                c.Id, c.Title, c.Snippet, c.Quote, c.IsGround,
                db.Turns.Where(t => t.Id == c.TurnId && !t.Refused).Select(t => t.Answer).FirstOrDefault() ?? "",
                db.Citations.Where(o => o.TurnId == c.TurnId && o.Id != c.Id && !o.IsGone && o.Quote != null).Select(o => o.Quote!).ToList())).ToListAsync(ct);
            foreach (var citation in cited)
            {
                var words = citation.Quote is { Length: > 0 } quote ? quote : citation.Snippet;
                if (!now.Holds(words) || (citation.IsGround && citation.Repeats(removed)))
                {
                    await db.Citations.Where(c => c.Id == citation.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.IsGone, true), ct);
                }
                else if (citation.Title != now.Title || !now.Holds(citation.Snippet))
                {
                    var snippet = now.Holds(citation.Snippet) ? citation.Snippet : words;
                    await db.Citations.Where(c => c.Id == citation.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, now.Title).SetProperty(c => c.Snippet, snippet), ct);
                }
            }
        }

        /// <summary>Rechecks the citations of a question whose title or text has changed, and of its answers and comments, which are cited under its title.</summary>
        internal async Task ReviseQuestionCitationsAsync(long id, (string Title, string Body) before, (string Title, string Body) now, CancellationToken ct)
        {
            var citations = db.Citations.Where(c => c.QuestionId == id && !c.IsGone);
            await db.ReviseCitationsAsync(citations.Where(c => c.Kind == PassageKind.Question), SourceText.Of(before.Title, before.Body), SourceText.Of(now.Title, now.Body), ct);
            if (before.Title == now.Title)
            {
                return;
            }

            var answers = await db.Answers.Where(a => citations.Any(c => c.AnswerId == a.Id)).Select(a => new { a.Id, a.Body }).ToListAsync(ct);
            foreach (var answer in answers)
            {
                await db.ReviseCitationsAsync(citations.Where(c => c.AnswerId == answer.Id), SourceText.Of(before.Title, answer.Body), SourceText.Of(now.Title, answer.Body), ct);
            }

            var comments = await db.Comments.Where(m => citations.Any(c => c.CommentId == m.Id)).Select(m => new { m.Id, m.Body }).ToListAsync(ct);
            foreach (var comment in comments)
            {
                await db.ReviseCitationsAsync(citations.Where(c => c.CommentId == comment.Id), SourceText.Of(before.Title, comment.Body), SourceText.Of(now.Title, comment.Body), ct);
            }
        }
    }

    private sealed record Cited(long Id, string Title, string Snippet, string? Quote, bool IsGround, string Answer, List<string> OtherQuotes)
    {
        /// <summary>Returns whether the answer contains a term that the edit removed and that its other quotations lack.</summary>
        public bool Repeats(IReadOnlySet<string> removed)
        {
            if (removed.Count == 0 || Answer.Length == 0)
            {
                return false;
            }

            var others = OtherQuotes.SelectMany(KoreanText.Terms).ToHashSet(StringComparer.Ordinal);
            return KoreanText.Terms(Answer).Exists(term => removed.Contains(term) && !others.Contains(term));
        }
    }
}

/// <summary>A source's text, normalised for comparison: only letters and digits count, since an answer quotes without markup and joins lines.</summary>
internal sealed partial class SourceText
{
    private readonly StringBuilder folded = new();
    private readonly StringBuilder unlinked = new();
    private readonly HashSet<string> terms = new(StringComparer.Ordinal);
    private (string Folded, string Unlinked)? whole;

    /// <summary>The source's title.</summary>
    public required string Title { get; init; }

    public static SourceText Of(string title, string body)
    {
        var text = new SourceText { Title = title };
        text.Add(title);
        text.Add(body);
        return text;
    }

    /// <summary>Appends more of the source's text, in order.</summary>
    public void Add(string text)
    {
        whole = null;
        Fold(text, folded);
        // A link's address separates words that are quoted as neighbours.
        Fold(LinkRegex().Replace(text, "]"), unlinked);
        terms.UnionWith(KoreanText.Terms(text));
    }

    /// <summary>Adds text in which no quotation begins or ends: a heading, which each of its passages repeats.</summary>
    public void AddTerms(string text) => terms.UnionWith(KoreanText.Terms(text));

    /// <summary>Returns whether the source contains every line of a quotation verbatim.</summary>
    public bool Holds(string quote)
    {
        var (text, linkless) = whole ??= (folded.ToString(), unlinked.ToString());
        return quote.Split('\n').Select(Folded).All(line => text.Contains(line, StringComparison.Ordinal) || linkless.Contains(line, StringComparison.Ordinal));
    }

    /// <summary>Returns the terms missing from another text: syllable pairs, words and numbers, so that particles and endings do not matter.</summary>
    public IReadOnlySet<string> TermsMissingIn(SourceText other) => terms.Except(other.terms).ToHashSet(StringComparer.Ordinal);

    private static string Folded(string text)
    {
        var line = new StringBuilder(text.Length);
        Fold(text, line);
        return line.ToString();
    }

    private static void Fold(string text, StringBuilder into)
    {
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                into.Append(char.ToLowerInvariant(character));
            }
        }
    }

    [GeneratedRegex(@"\]\([^()\s]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex LinkRegex();
}
