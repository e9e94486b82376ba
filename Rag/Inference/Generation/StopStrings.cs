using System.Text;

namespace Pybo.Rag.Inference;

/// <summary>Lets an answer through until one of its stop strings is complete, and never shows a part of what may become one.</summary>
/// <remarks>
/// Compared by UTF-16 unit. The string that is complete first ends the answer, of two that are complete together the longer one; so it makes
/// no difference in which pieces a text arrives. Held back is less than the longest string. For one answer, one thread at a time.
/// </remarks>
/// <example><code>
/// var stops = new StopStrings(["질문:"]);
/// stops.Push("답입니다.\n질");   // "답입니다.\n", the rest may be the beginning of "질문:"
/// stops.Push("문: 또");         // "", and IsStopped
/// </code></example>
internal sealed class StopStrings
{
    /// <summary>Strings of one answer.</summary>
    public const int CountMax = 16;

    /// <summary>UTF-16 units of one string.</summary>
    public const int LengthMax = 256;

    private readonly string[] strings;
    private readonly StringBuilder shown = new();
    private readonly StringBuilder held = new();

    /// <exception cref="ArgumentException">A string is empty, or they are too many or too long.</exception>
    public StopStrings(IEnumerable<string> strings)
    {
        this.strings = [.. strings.Take(CountMax + 1).OrderByDescending(s => s.Length)];
        if (this.strings.Length > CountMax || this.strings.Any(s => s.Length is 0 or > LengthMax))
        {
            throw new ArgumentException($"At most {CountMax} stop strings of 1 to {LengthMax} characters each are possible.", nameof(strings));
        }
    }

    /// <summary>A stop string was complete; nothing comes out any more.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes the next piece and returns what may be shown of it and of what was held back before.</summary>
    public string Push(string text)
    {
        if (strings.Length == 0)
        {
            return text;
        }

        foreach (var character in text)
        {
            if (IsStopped)
            {
                break;
            }

            Step(character);
        }

        return Take();
    }

    /// <summary>Ends the answer: returns what was held back.</summary>
    public string Flush()
    {
        Show(held.Length);
        return Take();
    }

    private void Step(char character)
    {
        held.Append(character);
        if (strings.FirstOrDefault(s => EndsWith(s, s.Length)) is { } complete)
        {
            Show(held.Length - complete.Length);
            held.Clear();
            IsStopped = true;
            return;
        }

        var kept = 0;
        foreach (var text in strings)
        {
            var length = Math.Min(text.Length - 1, held.Length);
            while (length > kept && !EndsWith(text, length))
            {
                length--;
            }

            kept = Math.Max(kept, length);
        }

        Show(held.Length - kept);
    }

    /// <summary>Whether what is held ends with the first so many characters of a string.</summary>
    private bool EndsWith(string text, int length)
    {
        var from = held.Length - length;
        if (from < 0)
        {
            return false;
        }

        for (var i = 0; i < length; i++)
        {
            if (held[from + i] != text[i])
            {
                return false;
            }
        }

        return true;
    }

    private void Show(int length)
    {
        shown.Append(held, 0, length);
        held.Remove(0, length);
    }

    private string Take()
    {
        var text = shown.ToString();
        shown.Clear();
        return text;
    }
}
