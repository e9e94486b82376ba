using System.Text;

namespace Pybo.Rag.Chat;

/// <summary>Ends a text that has fallen into a loop, and shows none of the repetition: a word that repeats earlier words waits until it differs.</summary>
internal sealed class LoopFilter
{
    /// <summary>The longest stretch whose repetition is seen.</summary>
    public const int PeriodCharactersMax = 200;

    /// <summary>A shorter repetition is a phrase or a row of equal cells.</summary>
    public const int LoopCharactersMin = 40;

    /// <summary>The same for one letter over and over: a drawn line, a long laugh.</summary>
    public const int LetterLoopCharactersMin = 80;

    /// <summary>How often a stretch is repeated before it is a loop: twice, so that it was said three times.</summary>
    public const int RepetitionsMin = 2;

    /// <summary>Text without word boundaries repeats itself if this many characters do.</summary>
    private const int WordlessCharactersMin = 8;

    private readonly StringBuilder text = new();
    private readonly int[] matched = new int[PeriodCharactersMax + 1];
    private readonly int[] heldFrom = [.. Enumerable.Repeat(-1, PeriodCharactersMax + 1)];
    private int shown;

    /// <summary>True once the text is a loop; nothing more is shown.</summary>
    public bool IsLooping { get; private set; }

    /// <summary>Takes the next piece and returns the text that can be shown now.</summary>
    public string Push(string piece)
    {
        var from = shown;
        foreach (var character in piece)
        {
            if (IsLooping)
            {
                break;
            }

            Step(character);
        }

        return text.ToString(from, shown - from);
    }

    /// <summary>Ends the text and returns what was held back, unless it is a loop.</summary>
    public string Flush()
    {
        var from = shown;
        shown = IsLooping ? shown : text.Length;
        return text.ToString(from, shown - from);
    }

    private void Step(char character)
    {
        text.Append(character);
        var (at, release) = (text.Length - 1, text.Length);
        var isWordStart = char.IsLetterOrDigit(character) && (at == 0 || char.IsWhiteSpace(text[at - 1]));
        for (var period = 1; period <= Math.Min(PeriodCharactersMax, at); period++)
        {
            if (text[at - period] != character)
            {
                (matched[period], heldFrom[period]) = (0, -1);
                continue;
            }

            matched[period]++;
            if (heldFrom[period] < 0 && (isWordStart || (matched[period] >= WordlessCharactersMin && char.IsLetterOrDigit(character))))
            {
                heldFrom[period] = at;
            }

            if (heldFrom[period] >= 0)
            {
                release = Math.Min(release, heldFrom[period]);
                IsLooping |= IsLoop(period, text.Length - heldFrom[period]);
            }
        }

        shown = Math.Max(shown, release);
    }

    private bool IsLoop(int period, int repeated)
    {
        if (repeated < LoopCharactersMin || repeated < period * RepetitionsMin)
        {
            return false;
        }

        var letters = 0;
        for (var at = text.Length - period; at < text.Length; at++)
        {
            letters += char.IsLetterOrDigit(text[at]) ? 1 : 0;
        }

        return letters > 1 || (letters == 1 && repeated >= LetterLoopCharactersMin);
    }
}
