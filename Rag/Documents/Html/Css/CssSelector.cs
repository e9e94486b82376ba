using Pybo.Data;

namespace Pybo.Rag.Documents.Html.Css;

/// <summary>A selector, from its subject outwards: <c>nav &gt; a.x</c> is <c>a.x</c>, then <c>&gt; nav</c>.</summary>
/// <param name="Combinators">Between each compound and the next: a space, <c>&gt;</c> or <c>+</c>.</param>
/// <param name="Specificity">Ids, classes and names in one number.</param>
internal sealed record CssSelector(IReadOnlyList<CssCompound> Compounds, IReadOnlyList<char> Combinators, int Specificity)
{
    private enum Found
    {
        No,
        Yes,

        /// <summary>No ancestors are left: a further one cannot do better, so the search stays linear.</summary>
        Never,
    }

    public CssCompound Subject => Compounds[0];

    public bool Matches(HtmlNode node, CssSteps steps) => Match(0, node, steps) == Found.Yes;

    private Found Match(int index, HtmlNode node, CssSteps steps)
    {
        steps.Take();
        if (!Compounds[index].Matches(node, steps))
        {
            return Found.No;
        }

        if (index == Compounds.Count - 1)
        {
            return Found.Yes;
        }

        switch (Combinators[index])
        {
            case '>':
                return node.Parent is { } parent ? Match(index + 1, parent, steps) : Found.Never;
            case '+':
                return node.Previous is { } previous ? Match(index + 1, previous, steps) : Found.No;
            default:
                for (var ancestor = node.Parent; ancestor is not null; ancestor = ancestor.Parent)
                {
                    if (Match(index + 1, ancestor, steps) is not Found.No and var found)
                    {
                        return found;
                    }
                }

                return Found.Never;
        }
    }
}

/// <summary>The conditions of a selector on one element.</summary>
internal sealed class CssCompound
{
    public string? Name { get; set; }
    public string? Id { get; set; }
    public List<string> Classes { get; } = [];
    public List<CssAttribute> Attributes { get; } = [];

    /// <summary>Lists of selectors; one of each list must match: <c>:is</c>, <c>:where</c>, <c>&amp;</c>.</summary>
    public List<IReadOnlyList<CssSelector>> Any { get; } = [];

    /// <summary>Selectors that must not match.</summary>
    public List<CssSelector> None { get; } = [];

    /// <summary>The positions among its siblings that <c>:nth-child(an+b)</c> allows.</summary>
    public List<(int Step, int Offset)> Places { get; } = [];

    public bool IsRoot { get; set; }

    /// <summary>True if it requires a state that a newly opened page does not have, or that is not considered: <c>:hover</c>, <c>::before</c>, <c>:last-child</c>.</summary>
    public bool IsNever { get; set; }

    public bool Matches(HtmlNode node, CssSteps steps)
    {
        if (IsNever
            || (Name is not null && !Same(Name, node.Name))
            || (Id is not null && !Same(Id, node.Id))
            || (IsRoot && node.Name != "html"))
        {
            return false;
        }

        return Classes.TrueForAll(name => HasClass(node, name, steps))
            && Attributes.TrueForAll(attribute => attribute.Matches(node, steps))
            && Places.TrueForAll(place => IsAt(node.Place, place.Step, place.Offset))
            && Any.TrueForAll(list => list.Any(selector => selector.Matches(node, steps)))
            && !None.Exists(selector => selector.Matches(node, steps));
    }

    /// <summary>Case matters in a page with a doctype, and not in one without: here it never does.</summary>
    private static bool Same(string asked, string? given) => asked.Equals(given, StringComparison.OrdinalIgnoreCase);

    private static bool HasClass(HtmlNode node, string name, CssSteps steps)
    {
        foreach (var given in node.Classes)
        {
            steps.Take();
            if (Same(name, given))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAt(int place, int step, int offset) => step == 0 ? place == offset : (place - offset) % step == 0 && (place - offset) / step >= 0;
}

/// <summary><c>[name]</c>, <c>[name=value]</c> and the like.</summary>
/// <param name="Relation">Empty, <c>=</c>, or the sign before it.</param>
internal sealed record CssAttribute(string Name, string Relation, string Value)
{
    public bool Matches(HtmlNode node, CssSteps steps)
    {
        steps.Take(node.AttributeCount);
        if (node.Attribute(Name) is not { } given)
        {
            return false;
        }

        const StringComparison anyCase = StringComparison.OrdinalIgnoreCase;
        return Relation switch
        {
            "" => true,
            "=" => given.Equals(Value, anyCase),
            "^" => Value.Length > 0 && given.StartsWith(Value, anyCase),
            "$" => Value.Length > 0 && given.EndsWith(Value, anyCase),
            "*" => Value.Length > 0 && given.Contains(Value, anyCase),
            "~" => given.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Contains(Value, StringComparer.OrdinalIgnoreCase),
            "|" => given.Equals(Value, anyCase) || given.StartsWith(Value + "-", anyCase),
            _ => false,
        };
    }
}

/// <summary>Counts the work that a page's style sheets may cost.</summary>
internal sealed class CssSteps
{
    /// <summary>Elements and classes examined, values read: a large page with a large framework's sheet takes a few million; this limit is a second or two.</summary>
    public const int Max = 20_000_000;

    private int left = Max;

    /// <exception cref="DocumentUnreadableException">The limit is exceeded. Hidden text can no longer be recognised, so none may pass as visible.</exception>
    public void Take(int count = 1)
    {
        left -= count;
        if (left < 0)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.CssComplex));
        }
    }
}
