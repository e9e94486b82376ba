using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Account;

/// <summary>What a visitor began and only a member may finish.</summary>
public abstract record PendingAct
{
    /// <summary>The characters that it takes in memory.</summary>
    public virtual int Length => 0;
}

/// <summary>A vote.</summary>
/// <param name="QuestionId">The question.</param>
/// <param name="AnswerId">Its answer; null for a vote for the question.</param>
/// <param name="Next">The page to return to.</param>
/// <param name="IsDown">A down vote.</param>
public sealed record PendingVote(long QuestionId, long? AnswerId, string Next, bool IsDown = false) : PendingAct
{
    /// <summary>Casts it for a member, and returns to the page; null if the post is gone.</summary>
    internal async Task<LocalRedirectResult?> CastAsync(PageModel page, PyboDb db, long memberId, Privileges privileges, CancellationToken ct)
    {
        var down = IsDown ? privileges : null;
        return await (AnswerId is { } answer ? db.VoteAnswerAsync(answer, memberId, ct, down) : db.VoteQuestionAsync(QuestionId, memberId, ct, down)) switch
        {
            VoteResult.Missing => null,
            VoteResult.Own => page.Refuse(BoardWords.OwnVote, Next),
            VoteResult.TooEarly => page.Refuse(PrivilegeWords.Refusal(Privilege.VoteDown, privileges, await db.StandingAsync(memberId, ct)), Next),
            _ => page.LocalRedirect(Next),
        };
    }
}

/// <summary>An answer that its writer still has to post.</summary>
public sealed record PendingAnswer(long QuestionId, string Body) : PendingAct
{
    public override int Length => Body.Length;
}

/// <summary>
/// Keeps a visitor's vote or answer until this browser logs in or signs up. It is kept in memory under a random name that only the browser's cookie knows, since a
/// text is too long for a cookie; a restart forgets it.
/// </summary>
public sealed class PendingActs(TimeProvider time)
{
    public const int CountMax = 1_000;
    public const int CharactersMax = 3_000_000;
    public const string CookieName = "pybo.pending";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private const int NameBytes = 16;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (PendingAct Act, long Since)> kept = [];

    /// <summary>Keeps an act for this browser, in place of an earlier one.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryKeep(HttpContext http, PendingAct act)
    {
        var name = Convert.ToHexString(RandomNumberGenerator.GetBytes(NameBytes));
        lock (gate)
        {
            Remove(http);
            foreach (var old in kept.Where(k => IsOver(k.Value.Since)).Select(k => k.Key).ToList())
            {
                kept.Remove(old);
            }

            if (kept.Count == CountMax || kept.Values.Sum(k => k.Act.Length) + act.Length > CharactersMax)
            {
                return false;
            }

            kept[name] = (act, time.GetTimestamp());
        }

        http.Response.Cookies.Append(CookieName, name, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = Lifetime, IsEssential = true });
        return true;
    }

    /// <summary>Returns this browser's act; null for none.</summary>
    public PendingAct? Of(HttpContext http)
    {
        lock (gate)
        {
            return http.Request.Cookies[CookieName] is { } name && kept.TryGetValue(name, out var found) && !IsOver(found.Since) ? found.Act : null;
        }
    }

    public void Forget(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(CookieName))
        {
            lock (gate)
            {
                Remove(http);
            }

            http.Response.Cookies.Delete(CookieName);
        }
    }

    /// <summary>Casts a new member's or a returning one's vote, or keeps the answer as a draft. Only for a request that has just logged in.</summary>
    /// <returns>Where to go on; null if nothing waited.</returns>
    internal async Task<LocalRedirectResult?> ResumeAsync(PageModel page, PyboDb db, long memberId, Privileges privileges, CancellationToken ct)
    {
        switch (Of(page.HttpContext))
        {
            case PendingVote vote:
                Forget(page.HttpContext);
                return await vote.CastAsync(page, db, memberId, privileges, ct) ?? page.LocalRedirect(vote.Next);
            case PendingAnswer written:
                Forget(page.HttpContext);
                await db.SaveDraftAsync(new() { MemberId = memberId, Target = DraftTarget.AnswerTo(written.QuestionId).ToString(), Title = "", Body = written.Body, Tags = "" }, ct);
                return page.LocalRedirect($"{SourceUrl.Question(written.QuestionId)}#answer-body");
            default:
                return null;
        }
    }

    private bool IsOver(long since) => time.GetElapsedTime(since) >= Lifetime;

    private void Remove(HttpContext http)
    {
        if (http.Request.Cookies[CookieName] is { } name)
        {
            kept.Remove(name);
        }
    }
}
