using System.Globalization;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>Progress goes to standard error, so that standard output holds the figures and nothing else.</summary>
internal static class Terminal
{
    public static IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    public static string Share(double value) => value.ToString(".000", CultureInfo.InvariantCulture);
}
