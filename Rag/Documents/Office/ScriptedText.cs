using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>The position of a run's characters against the line.</summary>
internal enum Script
{
    None,
    Raised,
    Lowered,
}

/// <summary>Collects a text run by run, within a limit. Consecutive raised or lowered runs are one script: applications cut <c>n+1</c> into several runs.</summary>
internal sealed class ScriptedText(int charactersMax)
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder script = new();
    private Script kind;

    public bool IsEmpty => text.Length + script.Length == 0;

    /// <summary>The last character; a space if there is none.</summary>
    public char Last => script.Length > 0 ? script[^1] : text.Length > 0 ? text[^1] : ' ';

    /// <summary>Appends a run; returns false if there was no room for all of it.</summary>
    public bool Add(string more, Script position = Script.None)
    {
        if (position == Script.None && script.Length == 0)
        {
            return BoundedText.Add(text, more, charactersMax);
        }

        var hasRoom = position == kind || Close();
        kind = position;
        return hasRoom & (position == Script.None
            ? BoundedText.Add(text, more, charactersMax)
            : BoundedText.Add(script, more, charactersMax - text.Length));
    }

    /// <summary>Ends a script; returns the length of the text so far, for <see cref="From"/>.</summary>
    public int Mark()
    {
        Close();
        return text.Length;
    }

    /// <summary>Returns the text from a mark on.</summary>
    public string From(int mark)
    {
        Close();
        return mark < text.Length ? text.ToString(mark, text.Length - mark) : "";
    }

    /// <summary>Returns the text and begins a new one.</summary>
    public string Take()
    {
        Close();
        var taken = text.ToString();
        text.Clear();
        return taken;
    }

    private bool Close()
    {
        if (script.Length == 0)
        {
            return true;
        }

        var run = script.ToString();
        script.Clear();
        var (position, words) = (kind, run.Trim());
        kind = Script.None;
        var start = run.IndexOf(words, StringComparison.Ordinal);
        var written = position == Script.Raised ? ScriptText.Raised(words) : ScriptText.Lowered(words);
        return BoundedText.Add(text, run[..start] + written + run[(start + words.Length)..], charactersMax);
    }
}
