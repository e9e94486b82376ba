using System.CommandLine;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Terminal;

/// <summary><c>ask</c>: prints the chat's answer with its citations.</summary>
internal static class AskCommand
{
    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var question = CommandLine.Word("question", TerminalWords.QuestionArgument);
        var model = ModelOption.Create();
        var json = CommandLine.Json();
        var command = new Command("ask", TerminalWords.AskCommand) { question, model, json };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(question)!, parsed.GetValue(model), parsed.GetValue(json), settings(parsed), console, ct));
        return command;
    }

    private static async Task<int> RunAsync(string question, string? model, bool json, string[] settings, TerminalConsole console, CancellationToken ct)
    {
        question = question.Trim();
        if (question.Length is 0 or > Turn.QuestionMax)
        {
            throw new CommandFailedException(TerminalWords.QuestionLength.With(Turn.QuestionMax));
        }

        await using var services = await TerminalServices.StartAsync(ModelOption.In(settings, model), makesDatabase: false, ct);
        ModelOption.Require(services.Provider, model);
        await AnswerAsync(services.Provider.GetRequiredService<ChatAnswerer>(), question, json, console, ct);
        return CommandLine.Ok;
    }

    /// <summary>Prints the answer as it is generated, or all of it as JSON.</summary>
    /// <exception cref="CommandFailedException">The generator cannot answer; the message says why and what to do.</exception>
    internal static async Task AnswerAsync(ChatAnswerer answerer, string question, bool json, TerminalConsole console, CancellationToken ct)
    {
        try
        {
            var answer = await answerer.AnswerAsync(new(question, [], Viewer.AnyMember), new Printer(console, json), ct);
            var answered = Answered(answer);
            if (json)
            {
                console.WriteJson(answered);
            }
            else
            {
                await ListAsync(answered, console);
            }
        }
        catch (Exception error) when (AnswerFailure.Of(error) is { } notice)
        {
            throw new CommandFailedException(NoticeWords.Of(notice));
        }
    }

    private static AnsweredQuestion Answered(ChatAnswer answer) => new(answer.Text, answer.IsRefused, answer.Model,
        answer.Speed?.FirstTokenMs, answer.Speed?.TokensPerSecond is { } speed ? Math.Round(speed, 1) : null,
        [.. answer.Citations.Select(c => new AnswerCitation(c.Source.Number, c.Source.Source, c.Source.Passage.Title, c.Quote, c.Source.Url))]);

    private static async Task ListAsync(AnsweredQuestion answered, TerminalConsole console)
    {
        await console.Output.WriteLineAsync();
        foreach (var citation in answered.Citations)
        {
            await console.Output.WriteLineAsync($"\n[{citation.N}] {citation.Title}  ({citation.Source})");
            foreach (var quote in citation.Quote.Split('\n'))
            {
                await console.Output.WriteLineAsync($"    “{quote}”");
            }
        }
    }

    /// <summary>Streams an answer; JSON is printed at its end.</summary>
    private sealed class Printer(TerminalConsole console, bool json) : IAnswerListener
    {
        public async ValueTask OnSourcesAsync(IReadOnlyList<ChatSource> sources, Notice? note, string model, CancellationToken ct)
        {
            if (note is not null)
            {
                await console.Error.WriteLineAsync(NoticeWords.Of(note));
            }
        }

        public async ValueTask OnTextAsync(string text, CancellationToken ct)
        {
            if (!json)
            {
                await console.Output.WriteAsync(text);
                await console.Output.FlushAsync(ct);
            }
        }
    }
}
