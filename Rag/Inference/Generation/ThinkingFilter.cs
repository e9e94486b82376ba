using System.Text;

namespace Pybo.Rag.Inference;

/// <summary>Removes a model's thoughts, between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>, from its answer, however it is split into pieces.</summary>
/// <remarks>
/// Drops thoughts as they arrive and holds back at most part of one mark. Also drops the white space after them, and an end mark without a beginning.
/// Thoughts that do not end leave an empty answer. For one answer, one thread at a time.
/// </remarks>
/// <example><code>
/// var filter = new ThinkingFilter();
/// filter.Push("&lt;thi");                 // ""
/// filter.Push("nk&gt;음… &lt;/think&gt;\n\n답"); // "답"
/// </code></example>
internal sealed class ThinkingFilter
{
    public const string Open = "<think>", Close = "</think>";

    private readonly StringBuilder held = new();
    private readonly StringBuilder shown = new();
    private bool isThinking, skipsSpace;

    /// <summary>Returns the marks, by id, that are special tokens of a model's vocabulary and that no decoder writes out; null for a model that does not think
    /// aloud.</summary>
    public static IReadOnlyDictionary<int, string>? MarksOf(DeclaredModel model) => model.Has(Open) || model.Says(Open)
        ? new[] { Open, Close }
            .Select(mark => (Id: model.Vocabulary.TokenToId(mark), mark))
            .Where(found => found.Id is { } id && model.Vocabulary.IsSpecial(id))
            .ToDictionary(found => found.Id!.Value, found => found.mark)
        : null;

    /// <summary>Takes the next piece and returns what can now be shown, including text held back before.</summary>
    public string Push(string text)
    {
        foreach (var character in text)
        {
            held.Append(character);
            while (held.Length > 0 && !MayBecome(Open) && !MayBecome(Close))
            {
                Show(held[0]);
                held.Remove(0, 1);
            }

            if (held.Equals(Open) || held.Equals(Close))
            {
                isThinking = held.Equals(Open);
                skipsSpace = !isThinking;
                held.Clear();
            }
        }

        return Take();
    }

    /// <summary>Ends the answer and returns the text held back.</summary>
    public string Flush()
    {
        for (var i = 0; i < held.Length; i++)
        {
            Show(held[i]);
        }

        held.Clear();
        return Take();
    }

    private bool MayBecome(string mark)
    {
        for (var i = 0; i < held.Length; i++)
        {
            if (i == mark.Length || held[i] != mark[i])
            {
                return false;
            }
        }

        return true;
    }

    private void Show(char character)
    {
        if (isThinking || (skipsSpace && char.IsWhiteSpace(character)))
        {
            return;
        }

        skipsSpace = false;
        shown.Append(character);
    }

    private string Take()
    {
        var text = shown.ToString();
        shown.Clear();
        return text;
    }
}
