using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Builds the generator's prompt: instructions, then the history, and last the sources with the question.</summary>
/// <remarks>
/// Instructions and history come first and only grow, so a generator can reuse its computed prefix; for the same reason a history that is too long
/// drops its oldest exchanges several at a time, not one with every question.
/// </remarks>
public static partial class PromptBuilder
{
    public const int HistoryExchangesMax = 8;
    public const int HistoryCharactersMax = 4_000;

    /// <summary>Longer questions and answers in the history are cut to this length.</summary>
    public const int HistoryMessageCharactersMax = 800;

    /// <summary>The number of exchanges dropped from the history together.</summary>
    public const int HistoryExchangesDropped = 2;

    private static readonly CultureInfo Korean = CultureInfo.GetCultureInfo("ko");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>
    /// Builds the system message, history and user message: one content per source, one that introduces the question, and the question verbatim.
    /// A template joins the contents of a message without a separator, so each ends with its own.
    /// </summary>
    public static IReadOnlyList<ChatMessage> Build(ChatRequest request, IReadOnlyList<ChatSource> sources)
    {
        return
        [
            new(ChatRole.System, Words(nameof(PromptWords.Instructions), request.Question)),
            .. Kept(request.History).SelectMany(Messages),
            new(ChatRole.User, [.. sources.Select(source => Content(source, request.Question)), new TextContent(Words(nameof(PromptWords.Question), request.Question)), new TextContent(request.Question)]),
        ];
    }

    /// <summary>Returns the newest exchanges that fit the limits on count and total length.</summary>
    public static IEnumerable<ChatExchange> Kept(IReadOnlyList<ChatExchange> history)
    {
        var dropped = 0;
        while (dropped < history.Count && !Fits(history.Skip(dropped)))
        {
            dropped += HistoryExchangesDropped;
        }

        return history.Skip(dropped);
    }

    /// <summary>Returns the lines of a prompt that a weak generator repeats in place of an answer: the instructions, and the first line of each source.</summary>
    internal static IEnumerable<string> Lines(string question, IReadOnlyList<ChatSource> sources) =>
        sources.Select(source => Content(source, question).Text.Split('\n')[0]).Prepend(Words(nameof(PromptWords.Instructions), question));

    /// <summary>Returns a text for the generator, or shown in place of its answer, in the language of the question.</summary>
    internal static string Words(string name, string question) => PromptWords.ResourceManager.GetString(name, IsKorean(question) ? Korean : English)!;

    /// <summary>True if the question contains a Hangul letter: it is answered in Korean, any other in English.</summary>
    public static bool IsKorean(string question) => HangulRegex().IsMatch(question);

    private static TextContent Content(ChatSource source, string question)
    {
        var passage = source.Passage;
        var heading = source.Role switch
        {
            AnswerRole.Accepted => Words(nameof(PromptWords.Accepted), question),
            AnswerRole.Correction => Words(nameof(PromptWords.Correction), question),
            AnswerRole.Best => Words(nameof(PromptWords.Best), question),
            AnswerRole.Other => Words(nameof(PromptWords.Other), question),
            AnswerRole.Comment => Words(nameof(PromptWords.Comment), question),
            _ => passage.Heading,
        };
        var title = string.IsNullOrEmpty(heading) || heading == passage.Title ? passage.Title : $"{passage.Title} — {heading}";
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

    /// <summary>Removes an earlier answer's citations, which refer to its own sources; written as (1) they would teach the generator that form.</summary>
    private static string WithoutCitations(string answer)
    {
        var scanner = new CitationScanner(sourcesCount: 0);
        scanner.Push(answer);
        scanner.Flush();
        return WithoutMarkers(scanner.Answer);
    }

    /// <summary>
    /// Writes <c>[3]</c> as <c>(3)</c>, so that a text's footnote mark, or a line made to look like another source, is not taken for one of our numbers.
    /// Code is kept: <c>list[0]</c>.
    /// </summary>
    private static string WithoutMarkers(string text) => MarkerRegex().Replace(text, "($1)");

    [GeneratedRegex(@"\p{IsHangulSyllables}|\p{IsHangulJamo}|\p{IsHangulCompatibilityJamo}")]
    private static partial Regex HangulRegex();

    [GeneratedRegex(@"(?<![A-Za-z0-9_)\]])\[(\d{1,3})\]")]
    private static partial Regex MarkerRegex();
}
