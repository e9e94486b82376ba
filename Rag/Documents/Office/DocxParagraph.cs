using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>A paragraph while it is read.</summary>
internal sealed class DocxParagraph
{
    /// <summary>A longer paragraph loses its end.</summary>
    private const int CharactersMax = 4_000_000;

    private readonly StringBuilder text = new();

    public string? Style { get; set; }

    /// <summary>The heading level that the paragraph itself sets; null leaves it to the style.</summary>
    public int? Level { get; set; }

    /// <summary>The list; <c>0</c> takes the paragraph out of its style's list.</summary>
    public string? List { get; set; }

    public int? ListLevel { get; set; }

    /// <summary>True once a page's end has cut it: the rest continues without a new number.</summary>
    public bool GoesOn { get; set; }

    /// <summary>True if the section ends after it, and the next one begins on a new page.</summary>
    public bool EndsPage { get; set; }

    public bool IsEmpty => text.Length == 0;

    /// <summary>Appends text; returns false if the paragraph is too long for it.</summary>
    public bool Add(string more) => BoundedText.Add(text, more, CharactersMax);

    public string Take()
    {
        var taken = text.ToString();
        text.Clear();
        return taken;
    }
}
