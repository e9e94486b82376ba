using Pybo.Data;

namespace Pybo.Rag.Documents;

/// <summary>Reads text of any kind (notes, logs, tables with commas, sources); the title is the first line if it looks like one, otherwise the file's name.</summary>
public sealed class PlainTextReader : DocumentReader
{
    private const int TitleLineCharactersMax = 80;

    private static readonly string[] TableExtensions = [".csv", ".tsv", ".tab"];

    public override DocumentFormat Format { get; } = new(StoredWords.PlainTextFormat, "text/plain", [".txt", ".log", .. TableExtensions]);

    /// <summary>Accepts anything that can be decoded as text, regardless of its name, except RTF, a word processor's format written in ASCII.</summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => TextDecoder.Fault(bytes) is null;

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        var (decoded, faults) = TextDecoder.Decode(bytes.Span);
        if (faults > 0)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.LostCharacters, faults));
        }

        var text = TextNormalizer.Normalize(decoded.Cut(CharactersMax + 1));
        if (Separator(text, fileName) is { } separator)
        {
            foreach (var block in new DelimitedText(text, separator).Blocks())
            {
                yield return block;
            }
        }
        else
        {
            if (TitleLine(text) is { } title)
            {
                yield return new TitlePart(title);
            }

            yield return BlockPart.Paragraph(text);
        }

        if (decoded.Length > CharactersMax)
        {
            // After normalisation the text may be short enough not to be cut again.
            yield return new TruncatedPart(Notice.Of(ReadingProblem.TextTooLong, CharactersMax));
        }
    }

    /// <summary>Returns what separates the fields of a table; other text is one only if tabs divide all its lines.</summary>
    private static char? Separator(string text, string fileName) =>
        TableExtensions.Any(extension => fileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) ? DelimitedText.SeparatorOf(text)
        : text.Contains('\t', StringComparison.Ordinal) && DelimitedText.IsCopiedSheet(text) ? '\t'
        : null;

    /// <summary>Returns a short first line before a blank line if it does not end like a sentence.</summary>
    private static string? TitleLine(string text)
    {
        var end = text.AsSpan(0, Math.Min(text.Length, TitleLineCharactersMax + 1)).IndexOf('\n');
        var isTitle = end > 0 && end + 1 < text.Length && text[end + 1] == '\n' && text[end - 1] is not ('.' or ',' or '。' or ';' or ':');
        return isTitle ? text[..end].TrimStart('#', ' ', '=', '-', '*') : null;
    }
}
