using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;

namespace Pybo.Pages.Terminal;

/// <summary><c>ingest</c>: turns a folder's texts into documents. Next to a running site it is one more writer that waits its turn.</summary>
internal static class IngestCommand
{
    /// <summary>Of more new documents the first are named; files with a problem are all named.</summary>
    private const int NamedMax = 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var folder = CommandLine.Word("folder", TerminalWords.FolderArgument.With(string.Join(' ', [.. DocumentReader.AllExtensions, ZipFiles.Extension])));
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Directory.Exists(token.Value))
            {
                result.AddError(TerminalWords.NoFolder.With(token.Value));
            }
        });
        var members = new Option<bool>("--members") { Description = TerminalWords.MembersOption };
        var everyone = new Option<bool>("--everyone") { Description = TerminalWords.EveryoneOption };
        var collection = new Option<string?>("--collection") { Description = TerminalWords.CollectionOption };
        collection.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (string.IsNullOrWhiteSpace(token.Value) || token.Value.Length > Collection.NameMax))
            {
                result.AddError(TerminalWords.CollectionName.With(Collection.NameMax));
            }
        });
        var prune = new Option<bool>("--prune") { Description = TerminalWords.PruneOption };
        var watch = new Option<bool>("--watch") { Description = TerminalWords.WatchOption };
        var json = CommandLine.Json();
        var command = new Command("ingest", TerminalWords.IngestCommand) { folder, members, everyone, collection, prune, watch, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(members) && result.GetValue(everyone))
            {
                result.AddError(TerminalWords.MembersOrEveryone);
            }
        });
        command.SetAction((parsed, ct) =>
        {
            long? audience = parsed.GetValue(members) ? Audience.Members : parsed.GetValue(everyone) ? Audience.Everyone : null;
            var order = new FolderOrder(audience, parsed.GetValue(collection)?.Trim(), parsed.GetValue(prune));
            return RunAsync(parsed.GetValue(folder)!, order, parsed.GetValue(watch), parsed.GetValue(json), settings(parsed), console, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, FolderOrder order, bool watches, bool json, string[] settings, TerminalConsole console, CancellationToken ct)
    {
        await using var services = await TerminalServices.StartAsync(settings, makesDatabase: true, ct);
        // Begins before the first reading, so that no change falls between the two.
        using var watch = watches ? new FolderWatch(folder) : null;
        var report = await IngestAsync(services, folder, order, json, isTold: _ => true, console, ct);
        using (var encoders = await services.Get<EmbeddingModels>().StateAsync(ct))
        {
            if (encoders.Filling is null)
            {
                await console.Error.WriteLineAsync(TerminalWords.NoEmbeddings);
            }
        }

        if (watch is not null)
        {
            await console.Error.WriteLineAsync(TerminalWords.Watching.With(folder));
        }

        while (watch is not null && await watch.ChangedAsync(ct))
        {
            report = await IngestAsync(services, folder, order, json, isTold: now => !now.IsSame, console, ct);
        }

        return report.Failed.Count == 0 ? CommandLine.Ok : CommandLine.Failed;
    }

    /// <summary>Takes in the folder once and says what happened, if that is to be told.</summary>
    private static async Task<FolderReport> IngestAsync(
        TerminalServices services, string folder, FolderOrder order, bool json, Predicate<FolderReport> isTold, TerminalConsole console, CancellationToken ct)
    {
        var ingestion = services.Get<FolderIngestion>();
        FolderReport? read = null;
        var indexed = 0;
        await console.WithBarsAsync(async bars =>
        {
            var reading = bars.Add(TerminalWords.BarReading);
            read = await ingestion.RunAsync(folder, order, new ProgressCallback<FolderProgress>(p => reading(p.Done, p.Total)), ct);
            indexed = await IndexAsync(services, bars, waitsForMembers: false, ct);
        });
        var report = await ingestion.WithReadingAsync(read!, ct);
        if (isTold(read!))
        {
            await ReportAsync(report, indexed, order.Prunes, json, console);
        }

        return report;
    }

    /// <summary>Indexes everything in the queue, under a bar.</summary>
    /// <param name="services">The command's services.</param>
    /// <param name="bars">Show the progress.</param>
    /// <param name="waitsForMembers">True to also wait for members' uploads that another process is reading; false for documents of the command line only.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<int> IndexAsync(TerminalServices services, IBars bars, bool waitsForMembers, CancellationToken ct)
    {
        await using var db = await services.Get<IDbContextFactory<PyboDb>>().CreateDbContextAsync(ct);
        var waiting = await db.PendingCountAsync(ct);
        var bar = bars.Add(TerminalWords.BarIndexing);
        var done = 0;
        while (true)
        {
            var before = done;
            done += await services.Get<Indexer>().RunAsync(new ProgressCallback<int>(now => bar(before + now, Math.Max(before + now, waiting))), ct);
            if (!await (waitsForMembers ? db.IsDocumentClaimedAsync(DateTime.UtcNow, ct) : db.IsFolderDocumentClaimedAsync(DateTime.UtcNow, ct)))
            {
                // Purges replaced data from the file even if no site is running.
                await db.MergeWordsAsync(ct);
                await db.CutLogAsync(ct);
                return done;
            }

            // A running site is reading some of them, or a process was killed while reading; the result is complete once those are done too.
            await Task.Delay(LookEvery, ct);
        }
    }

    private static async Task ReportAsync(FolderReport report, int indexed, bool isPruned, bool json, TerminalConsole console)
    {
        if (json)
        {
            console.WriteJson(new IngestedFolder(
                report.New.Count, report.Changed.Count, report.Unchanged.Count, indexed, Worded(report.Skipped), Worded(report.Failed), Worded(report.Empty), Worded(report.Warnings), report.Gone));
        }
        else
        {
            await console.Output.WriteLineAsync(
                TerminalWords.Ingested.With(report.New.Count, report.Changed.Count, report.Unchanged.Count, report.Failed.Count, report.Empty.Count));
            await NameAsync(TerminalWords.NewDocument, report.New);
            await NameAsync(TerminalWords.ChangedDocument, report.Changed);
        }

        await TellAsync(TerminalWords.Skipped, report.Skipped);
        await TellAsync(TerminalWords.Warned, report.Warnings);
        await TellAsync(TerminalWords.Empty, report.Empty);
        await TellAsync(TerminalWords.Failed, report.Failed);
        foreach (var path in report.Gone)
        {
            await console.Error.WriteLineAsync((isPruned ? TerminalWords.Pruned : TerminalWords.Gone).With(path));
        }

        async Task NameAsync(string sentence, IReadOnlyCollection<string> paths)
        {
            foreach (var path in paths.Take(NamedMax))
            {
                await console.Output.WriteLineAsync(sentence.With(path));
            }

            if (paths.Count > NamedMax)
            {
                await console.Output.WriteLineAsync(sentence.With(TerminalWords.MoreDocuments.With(paths.Count - NamedMax)));
            }
        }

        async Task TellAsync(string sentence, IReadOnlyList<FileProblem> problems)
        {
            foreach (var problem in problems)
            {
                await console.Error.WriteLineAsync(sentence.With(problem.Path, NoticeWords.OfStored(problem.Reason)));
            }
        }
    }

    private static IReadOnlyList<FileProblem> Worded(IReadOnlyList<FileProblem> problems) => [.. problems.Select(problem => problem with { Reason = NoticeWords.OfStored(problem.Reason) })];
}
