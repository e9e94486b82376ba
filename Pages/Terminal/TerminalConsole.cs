using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Spectre.Console;

namespace Pybo.Pages.Terminal;

/// <summary>Where a command writes: results to the one, everything else to the other, so that output can be piped.</summary>
internal sealed class TerminalConsole(TextWriter output, TextWriter error, TextReader? input)
{
    /// <summary>Passwords and the like are a line; a longer one is a file sent here by mistake.</summary>
    public const int InputCharactersMax = 1_000;

    // Hangul stays Hangul; the output is a file or a pipe, not a page.
    private static readonly JsonSerializerOptions JsonOptions = new(TerminalJson.Default.Options) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The process's own console.</summary>
    public static TerminalConsole OfProcess() => new(Console.Out, Console.Error, Console.IsInputRedirected ? Console.In : null) { IsInteractive = !Console.IsErrorRedirected };

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>A person looks at <see cref="Error"/>: bars may move there.</summary>
    public bool IsInteractive { get; private init; }

    public void WriteJson<T>(T value)
    {
        var type = (JsonTypeInfo<T>)JsonOptions.GetTypeInfo(typeof(T));
        Output.WriteLine(JsonSerializer.Serialize(value, type));
    }

    /// <summary>Runs something long under progress bars, which only a person gets to see.</summary>
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

    /// <summary>Asks without showing what is typed; takes a line where the input is a file or a pipe. Null when there is none.</summary>
    public string? ReadSecret(string question)
    {
        if (input is null)
        {
            return Stderr().Prompt(new TextPrompt<string>(Markup.Escape(question)).Secret(mask: null));
        }

        var line = input.ReadLine();
        return line is { Length: > 0 and <= InputCharactersMax } ? line : null;
    }

    /// <summary>Whether a secret is typed by a person, and had better be typed twice.</summary>
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

/// <summary>Progress bars, or nothing where nobody looks.</summary>
internal interface IBars
{
    /// <summary>A bar; the function it gives back moves it to so many done of a total.</summary>
    Action<long, long> Add(string description);
}

/// <summary>Tells at once, on the thread that reports; the framework's own goes through the pool and may come too late, or out of order.</summary>
internal sealed class Told<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
