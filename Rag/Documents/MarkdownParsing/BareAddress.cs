using Markdig.Syntax.Inlines;
using Pybo.Data;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>An address in a Korean sentence is followed by its particle without a space: <c>https://example.com/docs에서</c>.</summary>
internal static class BareAddress
{
    /// <summary>After a slash one syllable may be the name of a page.</summary>
    private const int SyllablesAfterSlashMin = 2;

    /// <summary>Removes the particle from the end of a link's address and of its words.</summary>
    /// <returns>The characters removed, which the text goes on with.</returns>
    public static int CutParticle(LinkInline link)
    {
        if (link is not { Url: { } url, FirstChild: LiteralInline words } || words.NextSibling is not null)
        {
            return 0;
        }

        var text = words.Content.AsSpan();
        var particle = Particle(text);
        if (particle == 0 || !url.EndsWith(text[^particle..], StringComparison.Ordinal))
        {
            return 0;
        }

        words.Content.End -= particle;
        words.Span.End -= particle;
        link.Span.End -= particle;
        link.Url = url[..^particle];
        return particle;
    }

    /// <summary>Returns the length of the particle at the end; 0 if the Hangul there may belong to the address.</summary>
    private static int Particle(ReadOnlySpan<char> address)
    {
        var start = address.Length;
        while (start > 0 && HangulSyllable.Of(address[start - 1]) is not null)
        {
            start--;
        }

        var (before, length) = (start > 0 ? address[start - 1] : ' ', address.Length - start);
        var isAttached = char.IsAsciiLetterOrDigit(before) || (before == '/' && length >= SyllablesAfterSlashMin);
        return isAttached && KoreanParticles.IsParticle(address[start..].ToString()) ? length : 0;
    }
}
