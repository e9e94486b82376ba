using System.Text;

namespace Pybo.Data;

/// <summary>Finds quoted words in a text. Ignores white space, since an answer writes line breaks as spaces, and brackets, which prompts write as parentheses.</summary>
public static class QuotedWords
{
    /// <summary>Returns the first match; null if the words are empty or not in the text.</summary>
    public static (int Start, int Length)? Find(string text, string? quote)
    {
        var (wanted, _) = Folded(quote ?? "");
        var (folded, places) = Folded(text);
        var at = wanted.Length == 0 ? -1 : folded.IndexOf(wanted, StringComparison.Ordinal);
        return at < 0 ? null : (places[at], places[at + wanted.Length - 1] + 1 - places[at]);
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
