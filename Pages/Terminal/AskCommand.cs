using System.CommandLine;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Terminal;

/// <summary><c>ask</c>: the chat's answer with its citations.</summary>
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
        await using var scope = services.Provider.CreateAsyncScope();
        await AnswerAsync(scope.ServiceProvider.GetRequiredService<ChatAnswerer>(), question, json, console, ct);
        return CommandLine.Ok;
    }

    /// <summary>Prints the answer while it is written, or all of it as JSON.</summary>
    /// <exception cref="CommandFailedException">The generator cannot answer; the message says why and what to do.</exception>
    internal static async Task AnswerAsync(ChatAnswerer answerer, string question, bool json, TerminalConsole console, CancellationToken ct)
    {
        try
        {
            await foreach (var said in answerer.AnswerAsync(new ChatRequest(question, [], Reader.AnyMember), ct))
            {
                await PrintAsync(said, json, console, ct);
            }
        }
        catch (Exception error) when (AnswerFailure.Of(error) is { } notice)
        {
            throw new CommandFailedException(NoticeWords.Of(notice));
        }
    }

    private static async Task PrintAsync(ChatEvent said, bool json, TerminalConsole console, CancellationToken ct)
    {
        switch (said)
        {
            case ChatEvent.Sources { Note: { } note }:
                await console.Error.WriteLineAsync(NoticeWords.Of(note));
                break;
            case ChatEvent.Token token when !json:
                await console.Output.WriteAsync(token.Text);
                await console.Output.FlushAsync(ct);
                break;
            case ChatEvent.Done done when json:
                console.WriteJson(Answered(done));
                break;
            case ChatEvent.Done done:
                await ListAsync(Answered(done), console);
                break;
            default:
                break;
        }
    }

    private static AnsweredQuestion Answered(ChatEvent.Done done) => new(done.Answer, done.Refused, done.Model,
        done.Speed?.FirstTokenMs, done.Speed?.TokensPerSecond is { } speed ? Math.Round(speed, 1) : null,
        [.. done.Citations.Select(c => new AnswerCitation(c.Source.Number, c.Source.Source, c.Source.Passage.Title, c.Quote, c.Source.Url))]);

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
}
