using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Account;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Terminal;

/// <summary><c>user</c>: manages accounts on the machine with the database file, by the rules of the sign-up page.</summary>
internal static class UserCommand
{
    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings) => new("user", TerminalWords.UserCommand)
    {
        Add(console, settings), Promote(console, settings), ResetPassword(console, settings),
    };

    private static Command Add(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var email = new Option<string>("--email") { Description = TerminalWords.EmailOption, Required = true, HelpName = "address" };
        var administrator = new Option<bool>("--administrator") { Description = TerminalWords.AdministratorOption };
        var command = new Command("add", TerminalWords.AddUserCommand) { name, email, administrator };
        command.SetAction((parsed, ct) => WithUsersAsync(settings(parsed), makesDatabase: true, async (users, _) =>
        {
            // Only the site's operator may assign a name that speaks for the site: ReservedNames applies to the sign-up page only.
            var user = User.Named(UserNameRules.Clean(parsed.GetValue(name)!), parsed.GetValue(email)!.Trim());
            user.IsAdministrator = parsed.GetValue(administrator) || !await users.Users.AnyAsync(ct);
            Require(await users.CreateAsync(user, Password(console)));
            await console.Output.WriteLineAsync((user.IsAdministrator ? TerminalWords.AdministratorCreated : TerminalWords.MemberCreated).With(user.UserName));
        }, ct));
        return command;
    }

    private static Command Promote(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var command = new Command("promote", TerminalWords.PromoteCommand) { name };
        command.SetAction((parsed, ct) => WithUsersAsync(settings(parsed), makesDatabase: false, async (users, _) =>
        {
            var user = await FindAsync(users, parsed.GetValue(name)!);
            user.IsAdministrator = true;
            Require(await users.UpdateAsync(user));
            await console.Output.WriteLineAsync(TerminalWords.Promoted.With(user.UserName));
        }, ct));
        return command;
    }

    private static Command ResetPassword(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var command = new Command("reset-password", TerminalWords.ResetCommand) { name };
        command.SetAction((parsed, ct) => WithUsersAsync(settings(parsed), makesDatabase: false, async (users, db) =>
        {
            var user = await FindAsync(users, parsed.GetValue(name)!);
            var password = Password(console);
            foreach (var rule in users.PasswordValidators)
            {
                Require(await rule.ValidateAsync(users, user, password));
            }

            // One update: the old password is valid until the new one is. The new stamp ends every session.
            user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
            user.LockoutEnd = null;
            user.AccessFailedCount = 0;
            Require(await users.UpdateSecurityStampAsync(user));
            await db.EndSessionsOfAsync(user.Id, exceptKeyHash: null, ct);
            await console.Output.WriteLineAsync(TerminalWords.PasswordReset.With(user.UserName));
        }, ct));
        return command;
    }

    private static Argument<string> Name() => CommandLine.Word("name", TerminalWords.UserNameArgument);

    private static async Task<int> WithUsersAsync(string[] settings, bool makesDatabase, Func<UserManager<User>, PyboDb, Task> work, CancellationToken ct)
    {
        await using var services = await TerminalServices.StartAsync(settings, makesDatabase, ct);
        await using var scope = services.Provider.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<User>>(), scope.ServiceProvider.GetRequiredService<PyboDb>());
        return CommandLine.Ok;
    }

    private static async Task<User> FindAsync(UserManager<User> users, string name) =>
        await users.FindByNameAsync(UserNameRules.Clean(name)) ?? throw new CommandFailedException(TerminalWords.NoSuchUser.With(name));

    private static string Password(TerminalConsole console)
    {
        var password = console.ReadSecret(TerminalWords.PasswordPrompt);
        if (console.AsksPerson && console.ReadSecret(TerminalWords.PasswordAgainPrompt) != password)
        {
            throw new CommandFailedException(TerminalWords.PasswordsDiffer);
        }

        return password ?? throw new CommandFailedException(TerminalWords.PasswordOnInput.With(TerminalConsole.InputCharactersMax));
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new CommandFailedException(string.Join(Environment.NewLine, result.Errors.Select(e => e.Description)));
        }
    }
}
