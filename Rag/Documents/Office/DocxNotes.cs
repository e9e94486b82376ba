using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>Footnotes, endnotes and comments by their ids; each is returned once, where the text refers to it.</summary>
internal sealed class DocxNotes
{
    private const int NotesMax = 100_000;

    private readonly Dictionary<(string Kind, string Id), string> notes = [];

    /// <summary>The number of deletions that were left out.</summary>
    public int Deletions { get; private set; }

    public DocxNotes(OfficePackage package, Dictionary<string, Relationship> relationships, DocxStyles styles)
    {
        foreach (var kind in (ReadOnlySpan<string>)["footnote", "endnote", "comment"])
        {
            foreach (var part in OfficePackage.Related(relationships, kind + "s"))
            {
                Add(package, part, kind, new(styles, package.Addresses(part)));
            }
        }
    }

    /// <summary>Returns the note that a <c>footnoteReference</c> and the like refers to, as a paragraph; empty for an unknown id.</summary>
    public IEnumerable<string> Take(string reference, string? id) =>
        id is not null && notes.Remove((reference[..^"Reference".Length], id), out var note) ? [note] : [];

    /// <summary>Returns the notes without a reference.</summary>
    public IEnumerable<string> Rest() => notes.Values;

    private void Add(OfficePackage package, string part, string kind, DocxInline inline)
    {
        var label = kind switch { "footnote" => StoredWords.Footnote, "endnote" => StoredWords.Endnote, _ => StoredWords.Comment };
        foreach (var xml in package.Elements(part))
        {
            // The lines that separate notes from the text are notes with a type.
            if (xml.Name == kind && xml.Attribute("type") is null or "normal" && xml.Attribute("id") is { } id)
            {
                var text = inline.Inside(xml);
                if (text.Length > 0 && notes.Count == NotesMax)
                {
                    package.TooMany(ReadingProblem.TooManyNotes, NotesMax);
                    break;
                }

                if (text.Length > 0)
                {
                    notes.TryAdd((kind, id), $"{label}: {text}");
                }
            }
        }

        Deletions += inline.Deletions;
    }
}
