using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Chat;

namespace Pybo.Pages;

/// <summary>Builds the address, within the site, of the exact place of a passage.</summary>
public static class SourceUrl
{
    /// <summary>The pages below a question's own address.</summary>
    private static readonly FrozenSet<string> OtherPages = FrozenSet.Create(StringComparer.Ordinal, "edit", "answer", "suggestion", "feed", "history", "moderate", "tags");

    public static string Of(PassageHit hit) => hit.Kind switch
    {
        PassageKind.Question => Question(hit.QuestionId!.Value),
        PassageKind.Answer => Answer(hit.QuestionId!.Value, hit.AnswerId!.Value),
        PassageKind.Comment => Comment(hit.QuestionId!.Value, hit.CommentId!.Value),
        _ => Of(hit.DocumentId!.Value, hit.Id, hit.Page),
    };

    /// <summary>Returns the address of a document's passage, with its page: the link still leads near the place after the document is reread and its passages have changed.</summary>
    public static string Of(long id, long passageId, int? page) => page is null
        ? string.Create(CultureInfo.InvariantCulture, $"/documents/{id}?passage={passageId}#passage-{passageId}")
        : string.Create(CultureInfo.InvariantCulture, $"/documents/{id}?passage={passageId}&at={page}#passage-{passageId}");

    /// <summary>The most quotations that a link carries: all of a citation's, and a limit for addresses written by hand.</summary>
    public const int QuotesMax = ListedParts.PartsMax;

    /// <summary>Servers and proxies refuse addresses of more than 8,192 characters; a Hangul syllable takes nine.</summary>
    public const int UrlCharactersMax = 6_000;

    /// <summary>Returns the address of a document's passage, opened at the quoted words; a post's address is unchanged.</summary>
    public static string Quoted(string url, PassageKind kind, string? quote)
    {
        if (kind is not PassageKind.Document || string.IsNullOrEmpty(quote) || url.Split('#') is not [var page, _])
        {
            return url;
        }

        var address = new StringBuilder(page);
        foreach (var words in quote.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(QuotesMax).Select(line => $"&quote={Uri.EscapeDataString(QuotedWords.Shortened(line))}"))
        {
            address.Append(address.Length + words.Length <= UrlCharactersMax ? words : "");
        }

        return address.Append("#quote").ToString();
    }

    /// <summary>The most characters of a title in a readable address.</summary>
    public const int SlugCharactersMax = 60;

    /// <summary>A question's canonical address, which people can read: its id and the words of its title.</summary>
    public static string Question(long id, string title) => Slug(title) is { Length: > 0 } slug ? $"{Question(id)}/{Uri.EscapeDataString(slug)}" : Question(id);

    public static string Question(long id) => string.Create(CultureInfo.InvariantCulture, $"/questions/{id}");

    /// <summary>The query selects the page of answers, the fragment the answer.</summary>
    public static string Answer(long questionId, long id) => string.Create(CultureInfo.InvariantCulture, $"/questions/{questionId}?answer={id}#answer_{id}");

    /// <summary>The query selects the page of answers with the comment's answer, the fragment the comment.</summary>
    public static string Comment(long questionId, long id) => string.Create(CultureInfo.InvariantCulture, $"/questions/{questionId}?comment={id}#comment_{id}");

    /// <summary>Returns the letters and digits of a title in lower case, with hyphens between the words; empty if it would be the name of another page of the question.</summary>
    private static string Slug(string title)
    {
        var slug = new StringBuilder();
        foreach (var rune in title.Normalize().ToLowerInvariant().EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                slug.Append(rune);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var words = slug.ToString().Trim('-');
        if (words.Length > SlugCharactersMax)
        {
            var whole = words.LastIndexOf('-', SlugCharactersMax);
            words = whole > 0 ? words[..whole] : words.Cut(SlugCharactersMax);
        }

        return OtherPages.Contains(words) ? "" : words;
    }
}
