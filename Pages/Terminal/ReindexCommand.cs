using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages.Terminal;

/// <summary><c>reindex</c>: makes the index anew, or with <c>--check</c> compares it with what it was made from and mends the difference.</summary>
internal static class ReindexCommand
{
    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var check = new Option<bool>("--check") { Description = "색인을 원본과 견주어 틀린 곳만 고칩니다 / Compare with the sources and mend what is wrong" };
        var command = new Command("reindex", "모든 글과 문서를 다시 색인합니다 / Index all posts and documents anew") { check };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(check), settings(parsed), console, ct));
        return command;
    }

    private static async Task<int> RunAsync(bool checks, string[] settings, TerminalConsole console, CancellationToken ct)
    {
        await using var services = await TerminalServices.StartAsync(settings, makesDatabase: false, ct);
        await using var db = await services.Get<IDbContextFactory<PyboDb>>().CreateDbContextAsync(ct);
        return checks ? await CheckAsync(services, db, console, ct) : await AnewAsync(services, db, console, ct);
    }

    private static async Task<int> AnewAsync(TerminalServices services, PyboDb db, TerminalConsole console, CancellationToken ct)
    {
        await db.RequeueAllAsync(ct);
        await console.WithBarsAsync(bars => IngestCommand.IndexAsync(services, bars, waitsForMembers: true, ct));
        // Members' documents are counted with the rest; what they are called is theirs.
        var failed = await db.Documents.Where(d => d.OwnerId == null && d.IndexError != null).OrderBy(d => d.Path).Select(d => new { d.Path, d.IndexError }).ToListAsync(ct);
        var others = await db.Documents.CountAsync(d => d.OwnerId != null && d.IndexError != null, ct)
            + await db.Questions.CountAsync(q => q.IndexError != null, ct) + await db.Answers.CountAsync(a => a.IndexError != null, ct);
        var passages = await db.Passages.CountAsync(ct);
        await console.Output.WriteLineAsync($"다시 색인했습니다. 색인 단위 {passages:N0}개, 실패 {failed.Count + others:N0}개");
        foreach (var document in failed)
        {
            await console.Error.WriteLineAsync($"실패 {document.Path}: {document.IndexError}");
        }

        return failed.Count + others == 0 ? CommandLine.Ok : CommandLine.Failed;
    }

    private static async Task<int> CheckAsync(TerminalServices services, PyboDb db, TerminalConsole console, CancellationToken ct)
    {
        var found = await db.MendPassagesAsync(ct);
        if (found.Count == 0)
        {
            await console.Output.WriteLineAsync("색인에 틀린 곳이 없습니다.");
            await WaitingAsync(db, console, ct);
            return CommandLine.Ok;
        }

        foreach (var fault in found)
        {
            await console.Output.WriteLineAsync($"{Name(fault.Fault)}: {fault.Count:N0}");
        }

        if (found.Exists(f => f.Fault is PassageFault.MissingPassages or PassageFault.MissingChunks or PassageFault.IncompleteChunks or PassageFault.OrphanedRow))
        {
            await console.WithBarsAsync(bars => IngestCommand.IndexAsync(services, bars, waitsForMembers: true, ct));
        }

        var left = await db.CheckPassagesAsync(ct);
        if (left.Count == 0)
        {
            await console.Output.WriteLineAsync("모두 고쳤습니다.");
            return CommandLine.Ok;
        }

        await console.Error.WriteLineAsync($"고치지 못했습니다: {string.Join(", ", left.Select(f => $"{Name(f.Fault)} {f.Count:N0}"))}");
        return CommandLine.Failed;
    }

    private static async Task WaitingAsync(PyboDb db, TerminalConsole console, CancellationToken ct)
    {
        if (await db.PendingCountAsync(ct) is > 0 and var waiting)
        {
            await console.Output.WriteLineAsync($"색인을 기다리는 글과 문서: {waiting:N0} (사이트를 열거나 ingest를 다시 실행하면 이어집니다)");
        }
    }

    private static string Name(PassageFault fault) => fault switch
    {
        PassageFault.OrphanedRow => "주인을 잃은 행",
        PassageFault.MissingPassages => "색인 단위가 빠진 글과 문서",
        PassageFault.WrongAudience => "읽을 사람이 원본과 다른 색인 단위",
        PassageFault.BrokenWords => "깨진 낱말 색인",
        PassageFault.MissingWords => "낱말이 없는 색인 단위",
        PassageFault.StrayWords => "원본이 없는 낱말",
        PassageFault.WrongWords => "읽을 사람이 다른 낱말",
        PassageFault.MissingChunks => "임베딩이 없는 색인 단위",
        PassageFault.IncompleteChunks => "임베딩이 일부만 있는 색인 단위",
        PassageFault.MissingVectorTable => "없어진 벡터 표",
        PassageFault.MissingVectors => "벡터가 없는 조각",
        PassageFault.StrayVectors => "원본이 없는 벡터",
        PassageFault.WrongVectors => "원본과 다른 벡터",
        PassageFault.WrongCounter => "틀린 합계",
        PassageFault.WrongAnswerCount => "답변 수가 틀린 질문",
        PassageFault.WrongVoteCount => "추천 수가 틀린 글",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
