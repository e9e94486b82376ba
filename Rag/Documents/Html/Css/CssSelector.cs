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

        /// <summary>The ancestors ran out: no further one can do better, so that a search is linear.</summary>
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

/// <summary>What a selector asks of one element.</summary>
internal sealed class CssCompound
{
    public string? Name { get; set; }
    public string? Id { get; set; }
    public List<string> Classes { get; } = [];
    public List<CssAttribute> Attributes { get; } = [];

    /// <summary>Lists of which one selector each must match: <c>:is</c>, <c>:where</c>, <c>&amp;</c>.</summary>
    public List<IReadOnlyList<CssSelector>> Any { get; } = [];

    /// <summary>Selectors of which none may match.</summary>
    public List<CssSelector> None { get; } = [];

    /// <summary>The places among its siblings that <c>:nth-child(an+b)</c> allows.</summary>
    public List<(int Step, int Offset)> Places { get; } = [];

    public bool IsRoot { get; set; }

    /// <summary>It asks for what a page that was just opened has none of, or what is not looked at: <c>:hover</c>, <c>::before</c>, <c>:last-child</c>.</summary>
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

    /// <summary>Case counts in a page with a doctype, and does not in one without: here it never does.</summary>
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

/// <summary><c>[name]</c>, <c>[name=value]</c> and its kin.</summary>
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

/// <summary>The work that the style sheets of a page may cost.</summary>
internal sealed class CssSteps
{
    /// <summary>Elements and classes looked at, values read: a large page with a large framework's sheet takes a few millions; these are about two seconds.</summary>
    public const int Max = 60_000_000;

    private int left = Max;

    /// <exception cref="DocumentUnreadableException">There was more to do. What is hidden cannot be told any more, so that nothing is taken for visible.</exception>
    public void Take(int count = 1)
    {
        left -= count;
        if (left < 0)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.CssComplex));
        }
    }
}
