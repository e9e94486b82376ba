namespace Pybo.Rag.Documents;

/// <summary>Text files: one section; the title is the first line where it looks like one, else the file's name.</summary>
public sealed class PlainTextReader : DocumentReader
{
    private const int TitleLineCharactersMax = 80;

    public override IReadOnlyList<string> Extensions { get; } = [".txt"];

    public override DocumentText Read(ReadOnlySpan<byte> bytes, string fileName)
    {
        var (decoded, faults) = TextDecoder.Decode(bytes);
        var truncated = decoded.Length > CharactersMax;
        var text = TextNormalizer.Normalize(TextNormalizer.Cut(decoded, CharactersMax));
        List<string> warnings = [];
        if (faults > 0)
        {
            warnings.Add($"글자 {faults:N0}개를 읽지 못했습니다.");
        }

        if (truncated)
        {
            warnings.Add($"글이 너무 길어 앞의 {CharactersMax:N0}자만 읽었습니다.");
        }

        return new(TitleOf(fileName, TitleLine(text)), text, text.Length == 0 ? [] : [new Section(null, 0, 0, text.Length)], warnings, truncated);
    }

    /// <summary>A short first line before a blank line that does not end like a sentence.</summary>
    private static string? TitleLine(string text)
    {
        var end = text.AsSpan(0, Math.Min(text.Length, TitleLineCharactersMax + 1)).IndexOf('\n');
        var isTitle = end > 0 && end + 1 < text.Length && text[end + 1] == '\n' && text[end - 1] is not ('.' or ',' or '。' or ';' or ':');
        return isTitle ? text[..end].TrimStart('#', ' ', '=', '-', '*') : null;
    }
}
