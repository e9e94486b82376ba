using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Spectre.Console;

namespace Pybo.Pages.Terminal;

/// <summary>A command's output: results to one stream, everything else to the other, so that results can be piped.</summary>
internal sealed class TerminalConsole(TextWriter output, TextWriter error, TextReader? input)
{
    /// <summary>Passwords and the like are one line; a longer input is a file sent by mistake.</summary>
    public const int InputCharactersMax = 1_000;

    // Writes Hangul unescaped; the output is a file or a pipe, not a page.
    private static readonly JsonSerializerOptions JsonOptions = new(TerminalJson.Default.Options) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The process's own console.</summary>
    public static TerminalConsole OfProcess() => new(Console.Out, Console.Error, Console.IsInputRedirected ? Console.In : null) { IsInteractive = !Console.IsErrorRedirected };

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>True if a person watches <see cref="Error"/>, so that bars may move there.</summary>
    public bool IsInteractive { get; private init; }

    public void WriteJson<T>(T value)
    {
        var type = (JsonTypeInfo<T>)JsonOptions.GetTypeInfo(typeof(T));
        Output.WriteLine(JsonSerializer.Serialize(value, type));
    }

    /// <summary>Runs a long task under progress bars, which are shown only to a person.</summary>
    public Task WithBarsAsync(Func<IBars, Task> work)
    {
        if (!IsInteractive)
        {
            return work(NoBars.Instance);
        }

        return Stderr().Progress().AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new SpectreBars(context)));
    }

    /// <summary>Asks without echoing the input; reads a line if the input is a file or a pipe. Null if there is none.</summary>
    public string? ReadSecret(string question)
    {
        if (input is null)
        {
            return Stderr().Prompt(new TextPrompt<string>(Markup.Escape(question)).Secret(mask: null));
        }

        var line = input.ReadLine();
        return line is { Length: > 0 and <= InputCharactersMax } ? line : null;
    }

    /// <summary>True if a person types the secret, and should type it twice.</summary>
    public bool AsksPerson => input is null;

    private static IAnsiConsole Stderr() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    private sealed class SpectreBars(ProgressContext context) : IBars
    {
        public Action<long, long> Add(string description)
        {
            var task = context.AddTask(Markup.Escape(description), autoStart: true);
            return (done, total) =>
            {
                task.MaxValue = Math.Max(total, 1);
                task.Value = total == 0 ? 1 : done;
            };
        }
    }

    private sealed class NoBars : IBars
    {
        public static readonly NoBars Instance = new();

        public Action<long, long> Add(string description) => (_, _) => { };
    }
}

/// <summary>Progress bars, or nothing if no person watches.</summary>
internal interface IBars
{
    /// <summary>Adds a bar; the returned function sets its progress and total.</summary>
    Action<long, long> Add(string description);
}

/// <summary>Reports at once, on the reporting thread; the framework's own uses the pool and may be too late or out of order.</summary>
internal sealed class ProgressCallback<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
