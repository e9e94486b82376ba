using System.Globalization;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>Progress is written to standard error, so that standard output holds only the figures.</summary>
internal static class Terminal
{
    public static IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    public static string Share(double value) => value.ToString(".000", CultureInfo.InvariantCulture);
}
