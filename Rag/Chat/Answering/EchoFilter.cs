using System.Text;
using System.Text.RegularExpressions;

namespace Pybo.Rag.Chat;

/// <summary>
/// Leaves out of a generated text what a weak generator repeats: lines and sentences of its prompt, and its own. Each waits until it differs from all of them.
/// </summary>
/// <param name="prompt">The instructions, and the first lines of the sources.</param>
/// <param name="titles">The sources' titles: a line that has only one is their heading, unless it is the last.</param>
/// <param name="question">The reader's question.</param>
/// <param name="questionLabel">Introduces the question in the prompt. A generator that writes it after its answer begins to ask by itself.</param>
internal sealed partial class EchoFilter(IEnumerable<string> prompt, IEnumerable<string> titles, string question, string questionLabel)
{
    /// <summary>Shorter sentences are repeated with reason: Yes.</summary>
    public const int RepeatedCharactersMin = 8;

    /// <summary>The repeated sentences in a row after which the text ends.</summary>
    public const int RepeatedSentencesMax = 2;

    private const string Fence = "```";

    private readonly HashSet<string> echoes = [.. prompt.Append(question).SelectMany(Sentences).Select(Folded).Where(folded => folded.Length > 0)];
    private readonly HashSet<string> titles = [.. titles.Select(Folded).Where(folded => folded.Length > 0)];
    private readonly HashSet<string> said = [];
    private readonly string label = questionLabel.Trim();
    private readonly StringBuilder sentence = new();
    private readonly StringBuilder shown = new();
    private bool isShowing;
    private bool hasShown;
    private bool isCode;
    private int repeated;

    /// <summary>True once the text only repeats itself.</summary>
    public bool IsRepeating => repeated >= RepeatedSentencesMax;

    /// <summary>True once the text goes on with a question of its own.</summary>
    public bool IsAsking { get; private set; }

    private bool HasEnded => IsRepeating || IsAsking;

    /// <summary>Takes the next piece and returns the text that can be shown now.</summary>
    public string Push(string piece)
    {
        foreach (var character in piece)
        {
            if (HasEnded)
            {
                break;
            }

            Step(character);
        }

        return Take();
    }

    /// <summary>Ends the text and returns what was held back, unless it repeats something; the beginning of an echo is shown unless the text was cut there.</summary>
    public string Flush(bool isCut)
    {
        if (!HasEnded && sentence.Length > 0 && !(isCut && !isShowing && IsBeginningOfEcho()))
        {
            End();
        }

        return Take();
    }

    private void Step(char character)
    {
        // A text begins with a word, also after an echo.
        if (!hasShown && sentence.Length == 0 && char.IsWhiteSpace(character))
        {
            return;
        }

        sentence.Append(character);
        if (isShowing)
        {
            shown.Append(character);
        }

        if (character == '\n' || (char.IsWhiteSpace(character) && sentence.Length > 1 && IsEndMark(sentence[^2]) && !IsNumber(sentence.ToString())))
        {
            End();
        }
        else if (!isShowing && !MayRepeat())
        {
            Show();
        }
    }

    private bool MayRepeat()
    {
        var (text, folded) = (sentence.ToString(), Folded(sentence.ToString()));
        var start = text.TrimStart();
        return folded.Length == 0 || IsNumber(text + ".") || IsNumber(text) || start.StartsWith(label, StringComparison.Ordinal) || label.StartsWith(start, StringComparison.Ordinal)
            || echoes.Concat(titles).Any(echo => echo.StartsWith(folded, StringComparison.Ordinal)) || (!isCode && said.Any(own => own.StartsWith(Own(text), StringComparison.Ordinal)));
    }

    private bool IsBeginningOfEcho() => Folded(sentence.ToString()) is { Length: >= RepeatedCharactersMin } folded && echoes.Any(echo => echo.StartsWith(folded, StringComparison.Ordinal));

    private void End()
    {
        var text = sentence.ToString();
        var own = Own(text);
        isCode ^= text.TrimStart().StartsWith(Fence, StringComparison.Ordinal);
        if (isShowing)
        {
            repeated = 0;
        }
        else if (text.TrimStart().StartsWith(label, StringComparison.Ordinal))
        {
            IsAsking = hasShown;
        }
        else if (!isCode && own.Length >= RepeatedCharactersMin && said.Contains(own))
        {
            repeated++;
            // The number after the previous sentence.
            shown.Append(MarkersRegex().Match(text).Value);
        }
        else if (Folded(text) is var folded && !echoes.Contains(folded) && !(text.EndsWith('\n') && titles.Contains(folded)))
        {
            repeated = own.Length > 0 ? 0 : repeated;
            Show();
        }

        said.Add(own);
        sentence.Clear();
        isShowing = false;
    }

    private void Show()
    {
        shown.Append(sentence);
        isShowing = hasShown = true;
    }

    private string Take()
    {
        var text = shown.ToString();
        shown.Clear();
        return text;
    }

    private static IEnumerable<string> Sentences(string text)
    {
        var start = 0;
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\n' || (char.IsWhiteSpace(text[at]) && IsEndMark(text[at - 1])))
            {
                yield return text[start..at];
                start = at;
            }
        }

        yield return text[start..];
    }

    private static bool IsNumber(string text) => NumberingRegex().Match(text) is { Success: true } number && number.Length == text.Length;

    private static bool IsEndMark(char character) => character is '.' or '?' or '!' or '。' or '？' or '！';

    private static string Folded(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>A sentence of the answer without its citations and its number in a list.</summary>
    private static string Own(string text) => Folded(NumberingRegex().Replace(MarkerRegex().Replace(text, ""), ""));

    [GeneratedRegex(@"\[[0-9]{1,3}\]?", RegexOptions.CultureInvariant)]
    private static partial Regex MarkerRegex();

    [GeneratedRegex(@"^\s*(\[[0-9]{1,3}\]\s*)+", RegexOptions.CultureInvariant)]
    private static partial Regex MarkersRegex();

    // The point after a list's number ends no sentence.
    [GeneratedRegex(@"^\s*[0-9]{1,3}[.)](\s+|$)", RegexOptions.CultureInvariant)]
    private static partial Regex NumberingRegex();
}
