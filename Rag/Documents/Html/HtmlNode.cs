using AngleSharp.Html.Parser.Tokens;
using Pybo.Rag.Documents.Html.Css;

namespace Pybo.Rag.Documents.Html;

/// <summary>An open element, with the properties that selectors need.</summary>
internal sealed class HtmlNode
{
    private readonly HtmlTagToken? tag;
    private HtmlNode? lastChild;
    private int children;

    /// <param name="tag">Null for an element that the page does not write.</param>
    public HtmlNode(string name, HtmlTagToken? tag, HtmlNode? parent)
    {
        (Name, this.tag, Parent) = (name, tag, parent);
        Id = Attribute("id") is { Length: > 0 } id ? id : null;
        Classes = Attribute("class") is { } classes ? [.. classes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)] : [];
        if (parent is not null)
        {
            Place = ++parent.children;
            Previous = parent.lastChild;
            parent.lastChild = this;
            // The next sibling needs only this one, so earlier ones are released.
            Previous?.Previous = null;
        }
    }

    public string Name { get; }
    public string? Id { get; }
    public IReadOnlyList<string> Classes { get; }
    public HtmlNode? Parent { get; }

    /// <summary>The previous sibling; null for the first, and after a second sibling has followed this one.</summary>
    public HtmlNode? Previous { get; private set; }

    /// <summary>Position among its siblings, from 1.</summary>
    public int Place { get; }

    public int AttributeCount => tag?.Attributes.Count ?? 0;

    public HtmlStyle Style { get; set; } = HtmlStyle.Page;

    /// <summary>1 if its style raises its text, -1 if it lowers it, otherwise 0.</summary>
    public int Script { get; set; }

    /// <summary>True if it contains a picture, or an element with a background of its own: text placed over it may be visible on that.</summary>
    public bool HoldsPaint { get; private set; }

    /// <summary>Returns the value of an attribute; null if it is missing.</summary>
    public string? Attribute(string name)
    {
        if (tag is null)
        {
            return null;
        }

        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>Tells the ancestors that something was painted in them.</summary>
    public void Paint()
    {
        for (var around = Parent; around is { HoldsPaint: false }; around = around.Parent)
        {
            around.HoldsPaint = true;
        }
    }
}
