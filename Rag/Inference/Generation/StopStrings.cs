using System.Text;

namespace Pybo.Rag.Inference;

/// <summary>Passes an answer through until one of its stop strings is complete, and never shows part of a possible stop string.</summary>
/// <remarks>
/// Compares UTF-16 units. The first complete string ends the answer; if two are completed together, the longer one does, so the result does not
/// depend on how the text is split. Less than the longest string is held back. For one answer, one thread at a time.
/// </remarks>
/// <example><code>
/// var stops = new StopStrings(["질문:"]);
/// stops.Push("답입니다.\n질");   // "답입니다.\n", the rest may be the beginning of "질문:"
/// stops.Push("문: 또");         // "", and IsStopped
/// </code></example>
internal sealed class StopStrings
{
    /// <summary>Maximum strings per answer.</summary>
    public const int CountMax = 16;

    /// <summary>Maximum UTF-16 units of one string.</summary>
    public const int LengthMax = 256;

    private readonly string[] strings;
    private readonly StringBuilder shown = new();
    private readonly StringBuilder held = new();

    /// <exception cref="ArgumentException">A string is empty, or there are too many or too long ones.</exception>
    public StopStrings(IEnumerable<string> strings)
    {
        this.strings = [.. strings.Take(CountMax + 1).OrderByDescending(s => s.Length)];
        if (this.strings.Length > CountMax || this.strings.Any(s => s.Length is 0 or > LengthMax))
        {
            throw new ArgumentException($"At most {CountMax} stop strings of 1 to {LengthMax} characters each are possible.", nameof(strings));
        }
    }

    /// <summary>True once a stop string was complete; there is no more output.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes the next piece and returns what can now be shown, including text held back before.</summary>
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

    /// <summary>Ends the answer and returns the text held back.</summary>
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

    /// <summary>Whether the held text ends with this many of a string's first characters.</summary>
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
