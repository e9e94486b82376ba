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
