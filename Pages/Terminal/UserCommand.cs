using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Account;

namespace Pybo.Pages.Terminal;

/// <summary><c>user</c>: accounts from the machine that holds the file, by the rules of the sign-up page.</summary>
internal static class UserCommand
{
    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings) => new("user", "회원을 관리합니다 / Manage members")
    {
        Add(console, settings), Promote(console, settings), ResetPassword(console, settings),
    };

    private static Command Add(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var email = new Option<string>("--email") { Description = "이메일 주소 / E-mail address", Required = true, HelpName = "address" };
        var administrator = new Option<bool>("--administrator") { Description = "관리자로 만듭니다 / As an administrator" };
        var command = new Command("add", "회원을 만듭니다. 비밀번호는 물어봅니다 / Make a member; asks for the password") { name, email, administrator };
        command.SetAction((parsed, ct) => WithUsersAsync(settings(parsed), makesDatabase: true, async (users, _) =>
        {
            // A name that speaks for the site is its keeper's to give: ReservedNames binds the sign-up page only.
            var user = User.Named(UserNameRules.Clean(parsed.GetValue(name)!), parsed.GetValue(email)!.Trim());
            user.IsAdministrator = parsed.GetValue(administrator) || !await users.Users.AnyAsync(ct);
            Require(await users.CreateAsync(user, Password(console)));
            await console.Output.WriteLineAsync($"{(user.IsAdministrator ? "관리자" : "회원")} {user.UserName}을(를) 만들었습니다.");
        }, ct));
        return command;
    }

    private static Command Promote(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var command = new Command("promote", "관리자로 올립니다 / Make a member an administrator") { name };
        command.SetAction((parsed, ct) => WithUsersAsync(settings(parsed), makesDatabase: false, async (users, _) =>
        {
            var user = await FindAsync(users, parsed.GetValue(name)!);
            user.IsAdministrator = true;
            Require(await users.UpdateAsync(user));
            await console.Output.WriteLineAsync($"{user.UserName}은(는) 이제 관리자입니다.");
        }, ct));
        return command;
    }

    private static Command ResetPassword(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var command = new Command("reset-password", "비밀번호를 새로 정하고 잠금을 풉니다 / Set a new password and unlock") { name };
        command.SetAction((parsed, ct) => WithUsersAsync(settings(parsed), makesDatabase: false, async (users, db) =>
        {
            var user = await FindAsync(users, parsed.GetValue(name)!);
            var password = Password(console);
            foreach (var rule in users.PasswordValidators)
            {
                Require(await rule.ValidateAsync(users, user, password));
            }

            // One update: the old password holds until the new one does. The new stamp ends every session.
            user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
            user.LockoutEnd = null;
            user.AccessFailedCount = 0;
            Require(await users.UpdateSecurityStampAsync(user));
            await db.EndSessionsOfAsync(user.Id, exceptKeyHash: null, ct);
            await console.Output.WriteLineAsync($"{user.UserName}의 비밀번호를 바꾸었습니다. 열려 있던 로그인은 모두 끝났습니다.");
        }, ct));
        return command;
    }

    private static Argument<string> Name() => CommandLine.Word("name", "사용자이름 / User name");

    private static async Task<int> WithUsersAsync(string[] settings, bool makesDatabase, Func<UserManager<User>, PyboDb, Task> work, CancellationToken ct)
    {
        await using var services = await TerminalServices.StartAsync(settings, makesDatabase, ct);
        await using var scope = services.Provider.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<User>>(), scope.ServiceProvider.GetRequiredService<PyboDb>());
        return CommandLine.Ok;
    }

    private static async Task<User> FindAsync(UserManager<User> users, string name) =>
        await users.FindByNameAsync(UserNameRules.Clean(name)) ?? throw new CommandFailedException($"그런 회원이 없습니다: {name}");

    private static string Password(TerminalConsole console)
    {
        var password = console.ReadSecret("비밀번호:");
        if (console.AsksPerson && console.ReadSecret("비밀번호 확인:") != password)
        {
            throw new CommandFailedException("두 비밀번호가 다릅니다.");
        }

        return password ?? throw new CommandFailedException($"비밀번호를 표준 입력의 첫 줄로 주세요({TerminalConsole.InputCharactersMax:N0}자까지).");
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new CommandFailedException(string.Join(Environment.NewLine, result.Errors.Select(e => e.Description)));
        }
    }
}
