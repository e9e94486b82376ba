using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Account;
using Pybo.Pages.Resources;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages.Account;

public sealed class PasswordWorkTests
{
    private const int Crowd = 80;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Few_log_ins_are_hashed_at_once_the_rest_waits_or_is_refused_and_pages_still_respond(bool isKnown)
    {
        using var hasher = new SlowHasher();
        await using var site = new PyboSite().WithServices(services => services.AddSingleton<IPasswordHasher<User>>(hasher));
        hasher.Open.Set();
        await site.SignUpAsync("홍길동");
        hasher.Open.Reset();
        hasher.Most = 0;

        var logIns = Enumerable.Range(0, Crowd).Select(_ => site.Visit().LogInAsync(isKnown ? "홍길동" : "없는사람")).ToList();
        var refused = Crowd - PasswordWork.AtOnceMax - PasswordWork.WaitingMax;
        await ChatSite.UntilAsync(() => Task.FromResult(logIns.Count(l => l.IsCompleted) == refused));
        await site.Visit().SeeAsync("/questions");
        using var signUp = await site.Visit().SignUpAsync("김철수");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, signUp.StatusCode);
        hasher.Open.Set();

        var answers = await Task.WhenAll(logIns);
        Assert.Equal(refused, answers.Count(a => a.StatusCode == HttpStatusCode.ServiceUnavailable));
        Assert.InRange(hasher.Most, 1, PasswordWork.AtOnceMax);
        foreach (var answer in answers.Where(a => a.StatusCode == HttpStatusCode.ServiceUnavailable))
        {
            Assert.Equal($"{PasswordWork.RetryAfterSeconds}", Assert.Single(answer.Headers.GetValues("Retry-After")));
            var page = await Visitor.ReadAsync(answer);
            Assert.Equal(AccountWords.QueueFull, page.QuerySelector("[role=alert] li")!.TextContent);
            Assert.Equal(isKnown ? "홍길동" : "없는사람", page.QuerySelector("#Input_UserName")!.GetAttribute("value"));
        }

        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.ServiceUnavailable), a => Assert.Equal(isKnown ? HttpStatusCode.Redirect : HttpStatusCode.OK, a.StatusCode));
    }

    [Fact]
    public async Task Concurrent_wrong_passwords_are_checked_only_until_they_lock_the_account()
    {
        using var hasher = new SlowHasher();
        hasher.Open.Set();
        await using var site = new PyboSite().WithServices(services => services.AddSingleton<IPasswordHasher<User>>(hasher));
        await site.SignUpAsync("홍길동");
        hasher.CheckedOfMembers = 0;
        await Task.WhenAll(Enumerable.Range(0, PasswordWork.WaitingMax).Select(i => site.Visit().LogInAsync("홍길동", $"틀린-비밀번호-{i}")));
        Assert.Equal(Accounts.FailuresMax, hasher.CheckedOfMembers);
        using var right = await site.Visit().LogInAsync("홍길동");
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_right_password_resets_the_failure_count()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        for (var round = 0; round < 3; round++)
        {
            for (var wrong = 1; wrong < Accounts.FailuresMax; wrong++)
            {
                using var refusal = await site.Visit().LogInAsync("홍길동", "틀린-비밀번호");
            }

            using var right = await site.Visit().LogInAsync("홍길동");
            Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        }

        await using var db = site.CreateDbContext();
        Assert.Equal((0, null), await db.Users.Select(u => new ValueTuple<int, DateTimeOffset?>(u.AccessFailedCount, u.LockoutEnd)).SingleAsync());
    }

    [Fact]
    public async Task A_hash_with_fewer_iterations_is_renewed_at_the_log_in()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 5 })).HashPassword(new(), PyboSite.Password);
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, weak));
        using var logIn = await site.Visit().LogInAsync("홍길동");
        Assert.Equal(HttpStatusCode.Redirect, logIn.StatusCode);
        Assert.NotEqual(weak, await db.Users.Select(u => u.PasswordHash).SingleAsync());
        using var again = await site.Visit().LogInAsync("홍길동");
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    /// <summary>Hashes only while it is open, and counts concurrent hashes.</summary>
    private sealed class SlowHasher() : PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 10 })), IDisposable
    {
        private int now;
        private int checkedOfMembers;

        public ManualResetEventSlim Open { get; } = new();
        public int Most { get; set; }

        public int CheckedOfMembers
        {
            get => checkedOfMembers;
            set => checkedOfMembers = value;
        }

        public override string HashPassword(User user, string password) => While(() => base.HashPassword(user, password));

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            if (user.Id != 0)
            {
                Interlocked.Increment(ref checkedOfMembers);
            }

            return While(() => base.VerifyHashedPassword(user, hashedPassword, providedPassword));
        }

        public void Dispose() => Open.Dispose();

        private T While<T>(Func<T> work)
        {
            lock (Open)
            {
                Most = Math.Max(Most, ++now);
            }

            Open.Wait();
            try
            {
                return work();
            }
            finally
            {
                lock (Open)
                {
                    now--;
                }
            }
        }
    }
}
