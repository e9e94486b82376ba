using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;

namespace Pybo.Pages.Terminal;

/// <summary><c>ingest</c>: a folder's texts become documents. Beside a running site it is one more writer, which waits its turn.</summary>
internal static class IngestCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var folder = CommandLine.Word("folder", $"글이 든 폴더 ({string.Join(' ', DocumentReader.AllExtensions)}) / A folder of texts");
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Directory.Exists(token.Value))
            {
                result.AddError($"폴더가 없습니다: {token.Value} / There is no such folder");
            }
        });
        var members = new Option<bool>("--members") { Description = "회원만 읽게 합니다 / For members only" };
        var everyone = new Option<bool>("--everyone") { Description = "모두 읽게 합니다. 둘 다 없으면 있던 문서는 그대로, 새 문서는 모두가 읽습니다 / For everyone; with neither, known documents stay as they are and new ones are for everyone" };
        var collection = new Option<string?>("--collection") { Description = "문서를 넣을 모음의 이름 / The collection to put the documents into" };
        collection.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (string.IsNullOrWhiteSpace(token.Value) || token.Value.Length > Collection.NameMax))
            {
                result.AddError($"모음의 이름은 1자부터 {Collection.NameMax}자까지입니다 / A collection's name has 1 to {Collection.NameMax} characters");
            }
        });
        var json = CommandLine.Json();
        var command = new Command("ingest", "폴더의 글을 문서로 넣습니다. 바뀐 것만 다시 읽습니다 / Take in a folder's texts as documents, changed ones only") { folder, members, everyone, collection, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(members) && result.GetValue(everyone))
            {
                result.AddError("--members와 --everyone은 함께 쓸 수 없습니다 / --members and --everyone exclude each other");
            }
        });
        command.SetAction((parsed, ct) => RunAsync(
            parsed.GetValue(folder)!, parsed.GetValue(members) ? Audience.Members : parsed.GetValue(everyone) ? Audience.Everyone : null, parsed.GetValue(collection)?.Trim(), parsed.GetValue(json), settings(parsed), console, ct));
        return command;
    }

    private static async Task<int> RunAsync(string folder, long? audience, string? collection, bool json, string[] settings, TerminalConsole console, CancellationToken ct)
    {
        await using var services = await TerminalServices.StartAsync(settings, makesDatabase: true, ct);
        var ingestion = services.Get<FolderIngestion>();
        FolderReport? read = null;
        var indexed = 0;
        await console.WithBarsAsync(async bars =>
        {
            var reading = bars.Add("읽기");
            read = await ingestion.RunAsync(folder, audience, collection, new Told<FolderProgress>(p => reading(p.Done, p.Total)), ct);
            indexed = await IndexAsync(services, bars, waitsForMembers: false, ct);
        });
        var report = await ingestion.WithIndexErrorsAsync(read!, ct);
        await ReportAsync(report, indexed, json, console);
        using var encoders = await services.Get<EmbeddingModels>().StateAsync(ct);
        if (encoders.Filling is null)
        {
            await console.Error.WriteLineAsync("임베딩 모델이 없어 낱말로만 찾을 수 있게 색인했습니다.");
        }

        return report.Failed.Count == 0 ? CommandLine.Ok : CommandLine.Failed;
    }

    /// <summary>Indexes everything that waits, under a bar.</summary>
    /// <param name="services">Of the command.</param>
    /// <param name="bars">Where it says how far it is.</param>
    /// <param name="waitsForMembers">Whether members' uploads are waited for too that another process is reading, or documents of the command line only.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<int> IndexAsync(TerminalServices services, IBars bars, bool waitsForMembers, CancellationToken ct)
    {
        await using var db = await services.Get<IDbContextFactory<PyboDb>>().CreateDbContextAsync(ct);
        var waiting = await db.PendingCountAsync(ct);
        var bar = bars.Add("색인");
        var done = 0;
        while (true)
        {
            var before = done;
            done += await services.Get<Indexer>().RunAsync(new Told<int>(now => bar(before + now, Math.Max(before + now, waiting))), ct);
            if (!await (waitsForMembers ? db.IsDocumentClaimedAsync(DateTime.UtcNow, ct) : db.IsFolderDocumentClaimedAsync(DateTime.UtcNow, ct)))
            {
                // What was replaced leaves the file also where no site is running.
                await db.MergeWordsAsync(ct);
                await db.CutLogAsync(ct);
                return done;
            }

            // A running site reads some of them, or a process did that was killed a moment ago: the answer is complete once those are done too.
            await Task.Delay(LookEvery, ct);
        }
    }

    private static async Task ReportAsync(FolderReport report, int indexed, bool json, TerminalConsole console)
    {
        if (json)
        {
            console.WriteJson(new IngestedFolder(report.New.Count, report.Changed.Count, report.Unchanged.Count, indexed, report.Skipped, report.Failed));
        }
        else
        {
            await console.Output.WriteLineAsync(
                $"새 문서 {report.New.Count:N0}, 바뀐 문서 {report.Changed.Count:N0}, 그대로 {report.Unchanged.Count:N0}, 실패 {report.Failed.Count:N0}");
        }

        foreach (var problem in report.Skipped)
        {
            await console.Error.WriteLineAsync($"건너뜀 {problem.Path}: {problem.Reason}");
        }

        foreach (var problem in report.Failed)
        {
            await console.Error.WriteLineAsync($"실패 {problem.Path}: {problem.Reason}");
        }
    }
}
