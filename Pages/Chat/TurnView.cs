using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;
using Pybo.Rag.Models;
using Pybo.Rag.Retrieval;

namespace Pybo.Pages.Chat;

/// <summary>A question and its answer as shown on the page.</summary>
/// <param name="Before">How many questions are answered before this one while it waits.</param>
/// <param name="Versions">The ids of the turn's versions, its own included, oldest first.</param>
public sealed record TurnView(Turn Turn, IHtmlContent Answer, IReadOnlyList<string> Words, int? Before, IReadOnlyList<long> Versions)
{
    private const int SnippetCharactersMax = 1_000;

    public bool IsOpen => Turn.State is TurnState.Waiting or TurnState.Answering;

    public IEnumerable<Citation> Cited => Turn.Citations.Where(c => c.Quote is not null).OrderBy(c => c.Number);

    public IEnumerable<Citation> Uncited => Turn.Citations.Where(c => c.Quote is null).OrderBy(c => c.Number);

    public string DraftTitle => TurnQueue.TitleOf(Turn.Question).Cut(Question.TitleMax, "…");

    /// <summary>The question, the answer and its sources, as a draft for the board.</summary>
    public string DraftBody
    {
        get
        {
            var body = new StringBuilder();
            if (Turn.Question.Trim() != DraftTitle)
            {
                body.Append(Turn.Question.Trim()).Append("\n\n");
            }

            return body.Append(CultureInfo.InvariantCulture, $"**{ChatWords.DraftAnswer}** ({NameOf(Turn.Model)})\n\n{WithSources(Turn)}").ToString().Cut(Question.BodyMax, "…");
        }
    }

    /// <summary>The answerer's name and speed: <c>gemma-3-270m · 첫 글자 0.8초 · 초당 42토큰</c>.</summary>
    public string Answered => string.Join(" · ", new[]
    {
        NameOf(Turn.Model),
        Turn.FirstTokenMs is { } milliseconds ? ChatWords.FirstToken.With(Short(milliseconds / 1000.0)) : null,
        Turn.TokensPerSecond is { } tokens ? ChatWords.Speed.With(Short(tokens)) : null,
    }.OfType<string>());

    /// <summary>Returns an answer with links to its sources, as Markdown for a post.</summary>
    public static string WithSources(Turn turn)
    {
        var text = new StringBuilder(turn.Answer.Trim()).Append('\n');
        var shown = turn.Citations.Where(c => c is { Quote: not null, IsGone: false }).OrderBy(c => c.Number).ToList();
        if (shown.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**{ChatWords.Sources}**\n\n").AppendJoin('\n', shown.Select(c => $"- \\[{c.Number}\\] [{Escaped(c.Title)}]({c.Url})"));
        }

        return text.ToString();
    }

    /// <summary>Returns an answerer's name for people.</summary>
    public static string? NameOf(string? model) => model == InstalledGenerator.BuiltIn ? ChatWords.BuiltInAnswerer : model;

    /// <summary>True if the answer already shows all of a source's quotation.</summary>
    public bool IsInAnswer(Citation citation) => citation.Quote is { Length: > 0 } quote && quote.Split('\n').All(line => QuotedWords.Find(Turn.Answer, line.TrimEnd('…')) is not null);

    /// <summary>True if a source's snippet shows more than its quotation does.</summary>
    public static bool ShowsSnippet(Citation citation) => citation.Quote is not { Length: > 0 } quote || QuotedWords.Find(quote, citation.Snippet.Trim('…', ' ', '\n')) is null;

    public static TurnView Of(Turn turn, AnswerHtml answers, int? before, IReadOnlyList<long> versions) =>
        new(turn, answers.Render(WithLinks(turn)), KoreanText.Words(turn.Question), before, versions);

    /// <summary>The turn's number among its versions, from 1.</summary>
    public int Version => Versions.TakeWhile(id => id != Turn.Id).Count() + 1;

    /// <summary>Returns the address of a version by its number; null if there is none.</summary>
    public string? VersionUrl(int number) => Versions.ElementAtOrDefault(number - 1) is var id and > 0 ? ChatUrl.Of(Turn.ConversationId, id) : null;

    public static string SourceAnchor(long turnId, int number) => string.Create(CultureInfo.InvariantCulture, $"source-{turnId}-{number}");

    public IReadOnlyList<SnippetPart> Marked(Citation citation) => Snippet.Make(citation.Snippet, Words, null, SnippetCharactersMax).Parts;

    /// <summary>Returns an answer, or the reason why it is hidden.</summary>
    public static string AnswerOf(string answer) => answer == Turn.GoneAnswer ? NoticeWords.OfStored(answer) : answer;

    /// <summary>Returns a source's title, or the reason why it has none.</summary>
    public static string TitleOf(string title) => title == Citation.GoneTitle ? NoticeWords.OfStored(title) : title;

    /// <summary>Returns the queue position in words.</summary>
    public static string PlaceOf(int before) => before > 0 ? ChatWords.Waiting.Count(before) : ChatWords.Starting;

    /// <summary>Returns the kind of a source in one word.</summary>
    public static string Kind(Citation citation) => Search.Index.Label(citation.Kind);

    /// <summary>Returns the answer with its markers as links to the cards below it.</summary>
    private static string WithLinks(Turn turn)
    {
        var scanner = new CitationScanner(turn.Citations.Count);
        scanner.Push(AnswerOf(turn.Answer));
        scanner.Flush();
        var answer = scanner.Answer;
        var linked = new StringBuilder();
        var at = 0;
        foreach (var mark in scanner.Marks)
        {
            linked.Append(answer, at, mark.Start - at).Append(CultureInfo.InvariantCulture, $"[\\[{mark.Number}\\]](#{SourceAnchor(turn.Id, mark.Number)})");
            at = mark.End;
        }

        return linked.Append(answer, at, answer.Length - at).ToString();
    }

    private static string Short(double number) => number.ToString(Math.Round(number, 1) < 10 ? "0.0" : "0", CultureInfo.CurrentCulture);

    /// <summary>Escapes a title for the text of a Markdown link.</summary>
    internal static string Escaped(string title) =>
        title.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
}
