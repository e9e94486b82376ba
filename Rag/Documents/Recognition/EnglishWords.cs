using System.Buffers;
using Pybo.Data;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>
/// Puts the English words of a page, which the English model read, in the place of what the Korean model made of them: it knows no Latin letters and writes digits instead
/// (<c>20067</c> for Docker), mostly with little confidence. What the English model makes of Hangul is as wrong, so Hangul that was read with confidence stays.
/// </summary>
internal static class EnglishWords
{
    /// <summary>The Korean model is sometimes sure of digits that are letters.</summary>
    private const float Advantage = 10;

    /// <summary>Hangul below this confidence may be letters.</summary>
    private const float HangulMin = 50;

    /// <summary>The confidence from which an English word replaces uncertain Hangul, or is added where the Korean model read nothing.</summary>
    private const float SureMin = 80;

    /// <summary>What the Korean model is this unsure of, before a particle in Hangul, is an English word if the other model sees one.</summary>
    private const float UnsureMax = 40;

    private const int AddedLettersMin = 2;

    /// <summary>The characters of names, addresses and codes.</summary>
    private static readonly SearchValues<char> Latin = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_@/:+#&");

    /// <summary>Returns the words in reading order.</summary>
    public static List<RecognisedWord> Merge(List<RecognisedWord> korean, List<RecognisedWord> english)
    {
        var replaced = new HashSet<RecognisedWord>();
        var byFirst = new Dictionary<RecognisedWord, RecognisedWord>();
        var added = new List<RecognisedWord>();
        foreach (var word in english.Where(word => word.Text.Any(char.IsAsciiLetterOrDigit)))
        {
            var inside = korean.FindAll(other => word.Box.Holds(other.Box));
            if (inside.Count == 0)
            {
                added.AddRange(word.Confidence >= SureMin && word.Text.Count(char.IsAsciiLetterOrDigit) >= AddedLettersMin && !korean.Exists(other => other.Box.Holds(word.Box)) ? [word] : Array.Empty<RecognisedWord>());
            }
            else if (Beginning(inside, word) is { Count: > 0 } part && byFirst.TryAdd(part[0], Over(part, inside, word)))
            {
                replaced.UnionWith(part);
            }
        }

        return [.. korean.Where(word => byFirst.ContainsKey(word) || !replaced.Contains(word)).Select(word => byFirst.GetValueOrDefault(word, word)), .. added];
    }

    /// <summary>Returns the words that an English word replaces; none if it is no better.</summary>
    private static List<RecognisedWord> Beginning(List<RecognisedWord> inside, RecognisedWord word)
    {
        var hangul = inside.FindIndex(other => IsHangul(other.Text) && other.Confidence >= HangulMin);
        if (hangul < 0)
        {
            var isHangul = inside.Exists(other => IsHangul(other.Text));
            return word.Confidence >= (isHangul ? SureMin : Confidence(inside) - Advantage) ? inside : [];
        }

        var first = inside.GetRange(0, hangul);
        return first.Count > 0 && Confidence(first) < UnsureMax && char.IsAsciiLetter(word.Text[0]) ? first : [];
    }

    /// <summary>Returns the word over the part that it replaces: without the end that stood for the Hangul behind it.</summary>
    private static RecognisedWord Over(List<RecognisedWord> part, List<RecognisedWord> inside, RecognisedWord word)
    {
        if (part.Count == inside.Count)
        {
            return word with { Line = part[0].Line, AfterSpace = part[0].AfterSpace };
        }

        var width = Math.Clamp(inside[part.Count].Box.Left - word.Box.Left, 1, word.Box.Width);
        var letters = word.Text.AsSpan().IndexOfAnyExcept(Latin) is var end and > 0 ? end : Math.Max(1, (int)Math.Round((double)word.Text.Length * width / word.Box.Width));
        return word with { Text = word.Text[..letters], Box = word.Box with { Width = width }, Line = part[0].Line, AfterSpace = part[0].AfterSpace };
    }

    private static float Confidence(List<RecognisedWord> words) => words.Sum(word => word.Confidence * word.Text.Length) / words.Sum(word => word.Text.Length);

    private static bool IsHangul(string text) => text.Any(character => HangulSyllable.Of(character) is not null);
}
