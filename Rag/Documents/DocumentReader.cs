namespace Pybo.Rag.Documents;

/// <summary>Reads the bytes of one kind of document into plain text.</summary>
public abstract class DocumentReader
{
    /// <summary>A longer document is cut here and marked as truncated.</summary>
    public const int CharactersMax = 20_000_000;

    public const int TitleCharactersMax = 200;

    private static readonly DocumentReader[] Readers = [new PlainTextReader(), new MarkdownReader()];

    /// <summary>Every extension that can be read, lower case with its dot.</summary>
    public static IReadOnlyList<string> AllExtensions { get; } = [.. Readers.SelectMany(r => r.Extensions)];

    /// <summary>The extensions of this reader, lower case with their dots.</summary>
    public abstract IReadOnlyList<string> Extensions { get; }

    /// <summary>Reads a whole file; the extension of its name chooses the reader.</summary>
    /// <exception cref="DocumentUnreadableException">With a reason in Korean.</exception>
    public static DocumentText ReadFile(ReadOnlySpan<byte> bytes, string fileName)
    {
        var extension = Path.GetExtension(fileName);
        var reader = Array.Find(Readers, r => r.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
            ?? throw new DocumentUnreadableException($"읽을 수 없는 종류의 파일입니다. 읽을 수 있는 확장자: {string.Join(", ", AllExtensions)}");
        return reader.Read(bytes, fileName);
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DocumentUnreadableException">With a reason in Korean.</exception>
    public abstract DocumentText Read(ReadOnlySpan<byte> bytes, string fileName);

    /// <summary>The first candidate with something in it, on one line and not too long; in the end the file's name without its extension.</summary>
    protected static string TitleOf(string fileName, params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
        {
            var title = TextNormalizer.OneLine(candidate ?? "", TitleCharactersMax);
            if (title.Length > 0)
            {
                return title;
            }
        }

        var name = TextNormalizer.OneLine(Path.GetFileNameWithoutExtension(fileName), TitleCharactersMax);
        return name.Length > 0 ? name : "제목 없음";
    }
}
