using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Caching.Memory;

namespace Pybo.Pages.Chat;

/// <summary>
/// Renders the chat's answers to HTML, once each, and caches it while it is read. It is not stored: an answer whose source was withdrawn must leave
/// nothing behind, and an answer is short (<see cref="Rag.Chat.ChatAnswerer.AnswerCharactersMax"/>).
/// </summary>
public sealed class AnswerHtml(MarkdownRenderer markdown) : IDisposable
{
    /// <summary>An answer's headings are below the question's.</summary>
    private const int TopHeading = 3;

    /// <summary>The limit for all cached answers: some thousands of answers.</summary>
    private const int CharactersMax = 16_000_000;

    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(30);

    private readonly MemoryCache rendered = new(new MemoryCacheOptions { SizeLimit = CharactersMax });

    /// <param name="answer">The answer with the links to its sources, which name its turn: two turns share a cache entry only if their text is equal.</param>
    public IHtmlContent Render(string answer)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(answer)));
        return new HtmlString(MarkdownRenderer.Localized(rendered.GetOrCreate(key, entry =>
        {
            var html = markdown.ToHtml(answer, TopHeading, ownLinksOnly: true);
            entry.SetSize(html.Length + key.Length).SetSlidingExpiration(ForgottenAfter);
            return html;
        })!));
    }

    public void Dispose() => rendered.Dispose();
}
