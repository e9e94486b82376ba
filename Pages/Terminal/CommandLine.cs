using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Models;

namespace Pybo.Pages.Terminal;

/// <summary>The program's commands: another front end to the services that the pages use.</summary>
internal static class CommandLine
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    private const int SlipsMax = 2;
    private const int SuggestedWordMax = 40;

    private static readonly Option<string> Database = new("--db")
    {
        HelpName = "file",
        Recursive = true,
    };

    /// <summary>Runs a command, or the site if there is none.</summary>
    /// <returns>0 for success, 1 for failure (a sentence says why), 2 for invalid arguments.</returns>
    public static async Task<int> RunAsync(string[] args, TerminalConsole console)
    {
        var (settings, words) = Settings.Part(args);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Language(settings);
        var parsed = Root(settings, console).Parse(words);
        var configuration = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
        };
        if (parsed.Action is ParseErrorAction)
        {
            return Explain(parsed, console);
        }

        if (ServeCommand.IsOf(parsed.CommandResult.Command))
        {
            // The host handles Ctrl+C itself and finishes open requests.
            configuration.ProcessTerminationTimeout = null;
        }

        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (Exception error) when (Sentence(error) is { } sentence)
        {
            await console.Error.WriteLineAsync(sentence);
            return Failed;
        }
    }

    /// <summary>Returns the language of the setting, or of the environment. The site still uses its readers' languages.</summary>
    private static CultureInfo Language(string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(Site.PublishedContent() ?? Directory.GetCurrentDirectory(), "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build();
        var named = configuration[$"{PyboOptions.Section}:{nameof(PyboOptions.Language)}"];
        return Languages.All.FirstOrDefault(language => language.Name == named) ?? Languages.Of(CultureInfo.CurrentUICulture);
    }

    /// <summary>An argument that rejects values that look like options, since they were meant as such.</summary>
    public static Argument<string> Word(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', '-', ..] } token, ..])
            {
                result.AddError(TerminalWords.UnknownOption.With(token.Value));
            }
        });
        return argument;
    }

    public static Option<bool> Json() => new("--json") { Description = TerminalWords.JsonOption };

    private static RootCommand Root(string[] settings, TerminalConsole console)
    {
        var root = new RootCommand(TerminalWords.About);
        root.Options.Add(Database);
        foreach (var option in root.Options)
        {
            option.Description = option switch
            {
                HelpOption => TerminalWords.HelpOption,
                VersionOption => TerminalWords.VersionOption,
                _ when option == Database => TerminalWords.DatabaseOption,
                _ => option.Description,
            };
        }

        string[] Settings(ParseResult parsed) => parsed.GetValue(Database) is { } file ? [.. settings, $"--{PyboOptions.Section}:{nameof(PyboOptions.Database)}={file}"] : settings;

        root.SetAction((parsed, _) => ServeCommand.RunAsync(Settings(parsed), console));
        root.Subcommands.Add(ServeCommand.Create(console, Settings));
        root.Subcommands.Add(IngestCommand.Create(console, Settings));
        root.Subcommands.Add(SearchCommand.Create(console, Settings));
        root.Subcommands.Add(AskCommand.Create(console, Settings));
        root.Subcommands.Add(ReindexCommand.Create(console, Settings));
        root.Subcommands.Add(ModelsCommand.Create(console, Settings));
        root.Subcommands.Add(UserCommand.Create(console, Settings));
        return root;
    }

    /// <summary>Prints the invalid arguments and suggestions, all of it to the error stream.</summary>
    private static int Explain(ParseResult parsed, TerminalConsole console)
    {
        foreach (var error in parsed.Errors.Where(e => !parsed.UnmatchedTokens.Any(t => e.Message.Contains($"'{t}'", StringComparison.Ordinal))))
        {
            console.Error.WriteLine(error.Message);
        }

        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).Append(Database.Name).ToList();
        foreach (var word in parsed.UnmatchedTokens)
        {
            var meant = Nearest(word, known);
            console.Error.WriteLine(meant is null
                ? TerminalWords.UnknownWord.With(word)
                : TerminalWords.UnknownWordMeant.With(word, meant));
        }

        console.Error.WriteLine(TerminalWords.HelpHint);
        return WrongUse;
    }

    /// <summary>Returns the known word within a few typing errors of this one; null if none is near.</summary>
    private static string? Nearest(string word, IReadOnlyList<string> known) => word.Length > SuggestedWordMax
        ? null
        : known.Select(k => (Word: k, Slips: Slips(word, k))).Where(k => k.Slips <= SlipsMax && k.Slips < word.Length - 1).OrderBy(k => k.Slips).FirstOrDefault().Word;

    /// <summary>Counts inserted, omitted or replaced letters (Levenshtein).</summary>
    private static int Slips(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    /// <summary>Describes an error outside the program in a sentence; null for our own bugs, which need a trace.</summary>
    private static string? Sentence(Exception error) => error switch
    {
        CommandFailedException => error.Message,
        DatabaseRefusedException refused => NoticeWords.Of(refused.Notice),
        ModelException refused => NoticeWords.Of(refused.Notice),
        NoticeException refused => NoticeWords.Of(refused.Notice),
        OperationCanceledException => TerminalWords.Interrupted,
        OptionsValidationException wrong => TerminalWords.WrongSettings.With(string.Join(" ", wrong.Failures)),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            TerminalWords.AddressInUse.With(error.Message),
        SqliteException or IOException or UnauthorizedAccessException => error.Message,
        _ => null,
    };
}

/// <summary>A command cannot do its task; the message says why.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
