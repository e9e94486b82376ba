using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>What the generator reads: instructions, what was said before, and last the sources with the question.</summary>
/// <remarks>
/// Instructions and history come first and only grow, so that a generator may keep what it computed for them; when the history is too long its
/// oldest exchanges go several at a time, not one with every question, for the same reason.
/// </remarks>
public static partial class PromptBuilder
{
    public const int HistoryExchangesMax = 8;
    public const int HistoryCharactersMax = 4_000;

    /// <summary>Of a long question or answer in the history the beginning is kept.</summary>
    public const int HistoryMessageCharactersMax = 800;

    /// <summary>Exchanges that leave the history together.</summary>
    public const int HistoryExchangesDropped = 2;

    private static readonly CultureInfo Korean = CultureInfo.GetCultureInfo("ko");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>
    /// System message, history, and the user's message: one content for each source, one that introduces the question, and the question as it was written.
    /// A template joins the contents of a message with nothing between, so each ends with what parts it from the next.
    /// </summary>
    public static IReadOnlyList<ChatMessage> Build(ChatRequest request, IReadOnlyList<ChatSource> sources)
    {
        return
        [
            new(ChatRole.System, Words(nameof(PromptWords.Instructions), request.Question)),
            .. Kept(request.History).SelectMany(Messages),
            new(ChatRole.User, [.. sources.Select(Content), new TextContent(Words(nameof(PromptWords.Question), request.Question)), new TextContent(request.Question)]),
        ];
    }

    /// <summary>The newest exchanges, as many as are neither too many nor too long together.</summary>
    public static IEnumerable<ChatExchange> Kept(IReadOnlyList<ChatExchange> history)
    {
        var dropped = 0;
        while (dropped < history.Count && !Fits(history.Skip(dropped)))
        {
            dropped += HistoryExchangesDropped;
        }

        return history.Skip(dropped);
    }

    /// <summary>Words for the generator, or in place of its answer, in the language of the question.</summary>
    internal static string Words(string name, string question) => PromptWords.ResourceManager.GetString(name, IsKorean(question) ? Korean : English)!;

    /// <summary>A question with a Hangul letter is answered in Korean, any other in English.</summary>
    public static bool IsKorean(string question) => HangulRegex().IsMatch(question);

    private static TextContent Content(ChatSource source)
    {
        var passage = source.Passage;
        var title = string.IsNullOrEmpty(passage.Heading) || passage.Heading == passage.Title ? passage.Title : $"{passage.Title} — {passage.Heading}";
        return new($"[{source.Number}] {WithoutMarkers(title)}\n{WithoutMarkers(passage.Text)}\n\n");
    }

    private static IEnumerable<ChatMessage> Messages(ChatExchange exchange) =>
    [
        new(ChatRole.User, Beginning(exchange.Question)),
        new(ChatRole.Assistant, Beginning(WithoutCitations(exchange.Answer))),
    ];

    private static bool Fits(IEnumerable<ChatExchange> history)
    {
        var lengths = history.Select(e => Beginning(e.Question).Length + Beginning(e.Answer).Length).ToList();
        return lengths.Count <= HistoryExchangesMax && lengths.Sum() <= HistoryCharactersMax;
    }

    private static string Beginning(string text) => text.Cut(HistoryMessageCharactersMax, "…");

    /// <summary>The numbers of an earlier answer were those of its own sources; written as (1) they would teach the generator to write so.</summary>
    private static string WithoutCitations(string answer)
    {
        var scanner = new CitationScanner(sourcesCount: 0);
        scanner.Push(answer);
        scanner.Flush();
        return WithoutMarkers(scanner.Answer);
    }

    /// <summary>
    /// A footnote mark of a text, or a line made to look like another source, must not be taken for one of our numbers: <c>[3]</c> becomes <c>(3)</c>.
    /// Code stays: <c>list[0]</c>.
    /// </summary>
    private static string WithoutMarkers(string text) => MarkerRegex().Replace(text, "($1)");

    [GeneratedRegex(@"\p{IsHangulSyllables}|\p{IsHangulJamo}|\p{IsHangulCompatibilityJamo}")]
    private static partial Regex HangulRegex();

    [GeneratedRegex(@"(?<![A-Za-z0-9_)\]])\[(\d{1,3})\]")]
    private static partial Regex MarkerRegex();
}
