using System.CommandLine;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Terminal;

/// <summary><c>serve</c>: runs the site, and prints the first steps if it is empty.</summary>
internal static class ServeCommand
{
    private const string Name = "serve";

    /// <summary>True if a command line starts the site: by its name, or without a command.</summary>
    public static bool IsOf(Command command) => command is RootCommand || command.Name == Name;

    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var model = ModelOption.Create();
        var command = new Command(Name, TerminalWords.ServeCommand) { model };
        command.SetAction((parsed, _) => RunAsync(settings(parsed), console, parsed.GetValue(model)));
        return command;
    }

    public static async Task<int> RunAsync(string[] settings, TerminalConsole console, string? model = null)
    {
        await using var app = Site.Create(ModelOption.In(settings, model));
        ModelOption.Require(app.Services, model);
        await Site.StartDatabaseAsync(app.Services, CancellationToken.None);
        var isEmpty = await IsEmptyAsync(app.Services);
        app.Lifetime.ApplicationStarted.Register(() => Greet(app.Services, console, isEmpty));
        await app.RunAsync();
        return CommandLine.Ok;
    }

    private static async Task<bool> IsEmptyAsync(IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<PyboDb>>().CreateDbContextAsync();
        return !await db.Users.AnyAsync() && !await db.Documents.AnyAsync();
    }

    private static void Greet(IServiceProvider services, TerminalConsole console, bool isEmpty)
    {
        var addresses = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            console.Output.WriteLine($"Pybo: {address}");
        }

        if (isEmpty && addresses.Count > 0)
        {
            console.Output.WriteLine(TerminalWords.FirstSteps.With(addresses.First()));
        }
    }
}
