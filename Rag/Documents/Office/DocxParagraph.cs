namespace Pybo.Rag.Documents.Office;

/// <summary>A paragraph while it is read.</summary>
/// <param name="charactersMax">A longer one loses its end.</param>
internal sealed class DocxParagraph(int charactersMax = DocxParagraph.CharactersMax)
{
    private const int CharactersMax = 4_000_000;

    private readonly ScriptedText text = new(charactersMax);

    public string? Style { get; set; }

    /// <summary>The heading level that the paragraph itself sets; null leaves it to the style.</summary>
    public int? Level { get; set; }

    /// <summary>The list; <c>0</c> takes the paragraph out of its style's list.</summary>
    public string? List { get; set; }

    public int? ListLevel { get; set; }

    /// <summary>True while its properties are read.</summary>
    public bool IsInProperties { get; set; }

    /// <summary>True if its end is deleted: the next paragraph continues it.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>True once a page's end has cut it: the rest continues without a new number.</summary>
    public bool GoesOn { get; set; }

    /// <summary>True if the section ends after it, and the next one begins on a new page.</summary>
    public bool EndsPage { get; set; }

    /// <summary>True once its text was too long.</summary>
    public bool IsCut { get; private set; }

    public bool IsEmpty => text.IsEmpty;

    /// <summary>The last character; a space if there is none.</summary>
    public char Last => text.Last;

    public void Add(string more, Script script = Script.None) => IsCut |= !text.Add(more, script);

    /// <summary>Returns the length of the text so far.</summary>
    public int Mark() => text.Mark();

    /// <summary>Returns the text from a mark on.</summary>
    public string From(int mark) => text.From(mark);

    public string Take() => text.Take();
}
