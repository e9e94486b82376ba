using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Html;

/// <summary>
/// The open elements, bounded in depth: deeper ones are read as part of the deepest. The element that a tag closes is looked up,
/// never searched: a page of two million tags costs as many look-ups.
/// </summary>
internal sealed class OpenElements
{
    /// <summary>Chromium itself stops nesting at 512.</summary>
    public const int DepthMax = 500;

    private readonly List<string> names = [];

    // Where each name is open, innermost last; and the elements that limit the reach of end tags.
    private readonly Dictionary<string, Stack<int>> places = new(StringComparer.Ordinal);
    private readonly Stack<int> scopes = new();
    private readonly Stack<int> itemShields = new();

    // Elements beyond the depth, so that their end tags do not close those above them.
    private readonly Dictionary<string, int> flattened = new(StringComparer.Ordinal);

    public int Depth => names.Count;

    /// <summary>The innermost element; empty if none is open.</summary>
    public string Innermost => names.Count > 0 ? names[^1] : "";

    public bool IsOpen(string name) => Last(name) >= 0;

    /// <summary>Returns false if the element is too deep; one that hides its content is always accepted, once.</summary>
    public bool Push(string name, bool always)
    {
        if (names.Count >= DepthMax && !always)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(flattened, name, out _)++;
            return false;
        }

        if (!places.TryGetValue(name, out var at))
        {
            places[name] = at = new();
        }

        at.Push(names.Count);
        if (HtmlElements.Scopes.Contains(name))
        {
            scopes.Push(names.Count);
        }

        if (HtmlElements.ShieldsItems(name))
        {
            itemShields.Push(names.Count);
        }

        names.Add(name);
        return true;
    }

    public string Pop()
    {
        var name = names[^1];
        names.RemoveAt(names.Count - 1);
        places[name].Pop();
        if (Top(scopes) == names.Count)
        {
            scopes.Pop();
        }

        if (Top(itemShields) == names.Count)
        {
            itemShields.Pop();
        }

        if (names.Count < DepthMax && flattened.Count > 0)
        {
            // Elements that were too deep have ended with the element that contained them.
            flattened.Clear();
        }

        return name;
    }

    /// <summary>Returns the index, from 0, of the element that an end tag closes; -1 if there is none, or if it was too deep.</summary>
    public int IndexOfEnd(string name)
    {
        if (flattened.TryGetValue(name, out var count) && count > 0)
        {
            flattened[name] = count - 1;
            return -1;
        }

        return Within(name, HtmlElements.TableParts.Contains(name) ? Last("table") : Top(scopes));
    }

    /// <summary>Returns the index of the paragraph that a block closes.</summary>
    public int IndexOfParagraph() => Within("p", Math.Max(Top(scopes), Last("button")));

    /// <summary>Returns the outermost element that a start tag closes: an item by the next item, a cell and its row by the next row; -1 if there is none.</summary>
    public int IndexOfImplied(string start)
    {
        var barrier = start switch
        {
            "li" or "dd" or "dt" => Top(itemShields),
            "rb" or "rt" or "rp" or "rtc" => Last("ruby"),
            _ => Last("table"),
        };
        var outermost = -1;
        foreach (var name in HtmlElements.ClosedBy(start))
        {
            var at = Last(name);
            outermost = at > barrier && (outermost < 0 || at < outermost) ? at : outermost;
        }

        return outermost;
    }

    private int Within(string name, int barrier) => Last(name) is var at && at >= barrier ? at : -1;

    private int Last(string name) => places.TryGetValue(name, out var at) ? Top(at) : -1;

    private static int Top(Stack<int> at) => at.TryPeek(out var index) ? index : -1;
}
