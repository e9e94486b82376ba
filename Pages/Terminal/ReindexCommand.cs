using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Terminal;

/// <summary><c>reindex</c>: rebuilds the index, or with <c>--check</c> compares it with its sources and repairs the difference.</summary>
internal static class ReindexCommand
{
    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var check = new Option<bool>("--check") { Description = TerminalWords.CheckOption };
        var command = new Command("reindex", TerminalWords.ReindexCommand) { check };
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
        // Members' documents are included in the count; their names are private.
        var failed = await db.Documents.Where(d => d.OwnerId == null && d.IndexError != null).OrderBy(d => d.Path).Select(d => new { d.Path, d.IndexError }).ToListAsync(ct);
        var others = await db.Documents.CountAsync(d => d.OwnerId != null && d.IndexError != null, ct)
            + await db.FailedPostCountAsync(ct);
        var passages = await db.Passages.CountAsync(ct);
        await console.Output.WriteLineAsync(TerminalWords.Reindexed.With(passages, failed.Count + others));
        foreach (var document in failed)
        {
            await console.Error.WriteLineAsync(TerminalWords.Failed.With(document.Path, NoticeWords.OfStoredOrNone(document.IndexError)));
        }

        return failed.Count + others == 0 ? CommandLine.Ok : CommandLine.Failed;
    }

    private static async Task<int> CheckAsync(TerminalServices services, PyboDb db, TerminalConsole console, CancellationToken ct)
    {
        var found = await db.MendPassagesAsync(ct);
        if (found.Count == 0)
        {
            await console.Output.WriteLineAsync(TerminalWords.IndexIntact);
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
            await console.Output.WriteLineAsync(TerminalWords.AllMended);
            return CommandLine.Ok;
        }

        await console.Error.WriteLineAsync(TerminalWords.NotMended.With(string.Join(", ", left.Select(f => $"{Name(f.Fault)} {f.Count:N0}"))));
        return CommandLine.Failed;
    }

    private static async Task WaitingAsync(PyboDb db, TerminalConsole console, CancellationToken ct)
    {
        if (await db.PendingCountAsync(ct) is > 0 and var waiting)
        {
            await console.Output.WriteLineAsync(TerminalWords.StillWaiting.With(waiting));
        }
    }

    private static string Name(PassageFault fault) => fault switch
    {
        PassageFault.OrphanedRow => TerminalWords.FaultOrphanedRow,
        PassageFault.MissingPassages => TerminalWords.FaultMissingPassages,
        PassageFault.WrongAudience => TerminalWords.FaultWrongAudience,
        PassageFault.BrokenWords => TerminalWords.FaultBrokenWords,
        PassageFault.MissingWords => TerminalWords.FaultMissingWords,
        PassageFault.StrayWords => TerminalWords.FaultStrayWords,
        PassageFault.WrongWords => TerminalWords.FaultWrongWords,
        PassageFault.MissingChunks => TerminalWords.FaultMissingChunks,
        PassageFault.IncompleteChunks => TerminalWords.FaultIncompleteChunks,
        PassageFault.MissingVectorTable => TerminalWords.FaultMissingVectorTable,
        PassageFault.MissingVectors => TerminalWords.FaultMissingVectors,
        PassageFault.StrayVectors => TerminalWords.FaultStrayVectors,
        PassageFault.WrongVectors => TerminalWords.FaultWrongVectors,
        PassageFault.WrongCounter => TerminalWords.FaultWrongCounter,
        PassageFault.WrongAnswerCount => TerminalWords.FaultWrongAnswerCount,
        PassageFault.WrongVoteCount => TerminalWords.FaultWrongVoteCount,
        PassageFault.WrongReputation => TerminalWords.FaultWrongReputation,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
