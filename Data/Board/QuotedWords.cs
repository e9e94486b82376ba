using System.Text;

namespace Pybo.Data;

/// <summary>
/// Finds quoted words in a text. Ignores white space, since an answer writes line breaks as spaces, and brackets, which prompts write as parentheses. A
/// quotation may be shortened to its beginning and its end: <c>처음 몇 마디…마지막 몇 마디</c>.
/// </summary>
public static class QuotedWords
{
    /// <summary>The characters at each end of a quotation that is shortened.</summary>
    private const int EndCharactersMax = 24;

    /// <summary>A shortened quotation was no longer than this, so its end is near its beginning.</summary>
    private const int ShortenedCharactersMax = 500;

    private const char Ellipsis = '…';

    /// <summary>Returns the first match, or the shortest for a shortened quotation; null if the words are empty or not in the text.</summary>
    public static (int Start, int Length)? Find(string text, string? quote)
    {
        var (wanted, _) = Folded(quote ?? "");
        var (folded, places) = Folded(text);
        var (at, length) = wanted.Length == 0 ? (-1, 0) : folded.IndexOf(wanted, StringComparison.Ordinal) is >= 0 and var whole ? (whole, wanted.Length) : Between(folded, wanted);
        return at < 0 ? null : (places[at], places[at + length - 1] + 1 - places[at]);
    }

    /// <summary>Returns a quotation as a link carries it: all of a short one, the two ends of a longer one.</summary>
    public static string Shortened(string quote)
    {
        var words = quote.Trim(Ellipsis, ' ');
        return words.Length <= (2 * EndCharactersMax) + 1 ? words : $"{Beginning(words)}{Ellipsis}{End(words)}";
    }

    /// <summary>Returns the words at the beginning of a quotation, which are together in its text.</summary>
    public static string Beginning(string quote) => quote.IndexOf(Ellipsis, StringComparison.Ordinal) is > 0 and var at && at < EndCharactersMax ? quote[..at] : quote.Cut(EndCharactersMax);

    private static string End(string words)
    {
        var start = Math.Max(words.LastIndexOf(Ellipsis) + 1, words.Length - EndCharactersMax);
        return words[(char.IsLowSurrogate(words[start]) ? start + 1 : start)..];
    }

    /// <summary>Returns the shortest stretch from the beginning to the end of a shortened quotation.</summary>
    private static (int At, int Length) Between(string folded, string wanted)
    {
        var (found, length) = (-1, ShortenedCharactersMax + 1);
        if (wanted.Split(Ellipsis) is not [{ Length: > 0 and <= EndCharactersMax } first, { Length: > 0 and <= EndCharactersMax } last])
        {
            return (found, length);
        }

        for (var at = folded.IndexOf(first, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(first, at + 1, StringComparison.Ordinal))
        {
            var from = at + first.Length;
            var end = folded.IndexOf(last, from, Math.Min(folded.Length - from, length), StringComparison.Ordinal);
            (found, length) = end >= 0 && end + last.Length - at < length ? (at, end + last.Length - at) : (found, length);
        }

        return (found, length);
    }

    /// <summary>Returns the places of several quotations in the order of the text, each part of the text once; those that are not in it are left out.</summary>
    public static List<(int Start, int Length)> FindAll(string text, IEnumerable<string> quotes)
    {
        var places = new List<(int Start, int Length)>();
        foreach (var (start, length) in quotes.Select(quote => Find(text, quote)).OfType<(int Start, int Length)>().Order())
        {
            var end = places.Count > 0 ? places[^1].Start + places[^1].Length : 0;
            if (places.Count > 0 && start < end)
            {
                places[^1] = (places[^1].Start, Math.Max(end, start + length) - places[^1].Start);
            }
            else
            {
                places.Add((start, length));
            }
        }

        return places;
    }

    private static (string Text, List<int> Places) Folded(string text)
    {
        var (folded, places) = (new StringBuilder(text.Length), new List<int>(text.Length));
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsWhiteSpace(text[at]))
            {
                folded.Append(text[at] switch { '[' => '(', ']' => ')', var other => other });
                places.Add(at);
            }
        }

        return (folded.ToString(), places);
    }
}
