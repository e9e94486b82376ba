using System.CommandLine;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;
using Spectre.Console;

namespace Pybo.Pages.Terminal;

/// <summary><c>search</c>: prints the passages for a question, best first.</summary>
internal static class SearchCommand
{
    public const int LimitDefault = 10;
    private const int SnippetCharactersMax = 200;

    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var question = CommandLine.Word("question", TerminalWords.WordsArgument);
        var limit = new Option<int>("--limit") { Description = TerminalWords.LimitOption.With(PassageSearch.LimitMax), DefaultValueFactory = _ => LimitDefault };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var given) && given is < 1 or > PassageSearch.LimitMax)
            {
                result.AddError(TerminalWords.LimitRange.With(PassageSearch.LimitMax));
            }
        });
        var json = CommandLine.Json();
        var command = new Command("search", TerminalWords.SearchCommand) { question, limit, json };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(question)!, parsed.GetValue(limit), parsed.GetValue(json), settings(parsed), console, ct));
        return command;
    }

    private static async Task<int> RunAsync(string question, int limit, bool json, string[] settings, TerminalConsole console, CancellationToken ct)
    {
        await using var services = await TerminalServices.StartAsync(settings, makesDatabase: false, ct);
        var retrieval = (await services.Get<Retriever>().RetrieveAsync(question, Viewer.AnyMember, limit, kind: null, ct)).AboveFloor();
        if (retrieval.Note is { } note)
        {
            await console.Error.WriteLineAsync(NoticeWords.Of(note));
        }

        if (retrieval.IsRespelt)
        {
            await console.Error.WriteLineAsync(TerminalWords.SearchedFor.With(retrieval.Question));
        }

        var words = KoreanText.Words(retrieval.Question);
        var found = retrieval.Hits.Select(hit => Found(hit, words)).ToList();
        if (json)
        {
            console.WriteJson<IReadOnlyList<FoundPassage>>(found);
            return CommandLine.Ok;
        }

        foreach (var (passage, place) in found.Select((p, i) => (p, i + 1)))
        {
            await console.Output.WriteLineAsync($"{place}. {passage.Title}  ({passage.Source}, {passage.Score:0.00})\n   {passage.Snippet}\n");
        }

        if (found.Count == 0)
        {
            await console.Error.WriteLineAsync(TerminalWords.NothingFound);
        }

        return CommandLine.Ok;
    }

    private static FoundPassage Found(PassageHit hit, IReadOnlyList<string> words)
    {
        var best = hit is { BestStart: { } start, BestLength: { } length } ? (start, length) : ((int, int)?)null;
        var url = SourceUrl.Of(hit);
        return new(hit.Kind.ToString().ToLowerInvariant(), hit.Path ?? url, hit.Title, Snippet.Make(hit.Text, words, best, SnippetCharactersMax).Text, url, Math.Round(hit.Score, 4));
    }
}
