using System.CommandLine;
using Pybo.Data;
using Pybo.Pages.Admin;
using Pybo.Pages.Resources;
using Pybo.Rag.Models;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages.Terminal;

/// <summary><c>models</c>: downloads, verifies and removes models, without using the database.</summary>
internal static class ModelsCommand
{
    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings) => new("models", TerminalWords.ModelsCommand)
    {
        List(console, settings), Pull(console, settings), Remove(console, settings), Verify(console, settings), Add(console, settings),
    };

    private static Command List(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var json = CommandLine.Json();
        var command = new Command("list", TerminalWords.ListCommand) { json };
        command.SetAction((parsed, _) => WithServicesAsync(settings(parsed), services =>
        {
            var rows = ModelRow.All(services.Get<ModelCatalogue>(), services.Get<InstalledModels>());
            if (parsed.GetValue(json))
            {
                console.WriteJson<IReadOnlyList<ListedModel>>([.. rows.Select(Listed)]);
            }
            else
            {
                WriteTable(rows, console);
            }

            return Task.FromResult(CommandLine.Ok);
        }));
        return command;
    }

    private static Command Pull(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var command = new Command("pull", TerminalWords.PullCommand) { name };
        command.SetAction((parsed, ct) => WithServicesAsync(settings(parsed), async services =>
        {
            var model = services.Get<ModelCatalogue>().Find(parsed.GetValue(name)!)
                ?? throw new CommandFailedException(TerminalWords.NotInCatalogue.With(parsed.GetValue(name), string.Join(", ", services.Get<ModelCatalogue>().All.Select(m => m.Name))));
            if (model.Licence is not null)
            {
                await console.Error.WriteLineAsync($"{model.Name}: {model.Licence} ({model.LicenceUrl})");
            }

            foreach (var note in ModelWords.Notes(model))
            {
                await console.Error.WriteLineAsync($"{model.Name}: {note}");
            }

            services.Get<OutgoingPermissions>().Permit(OutgoingKind.Models);
            InstalledModel? pulled = null;
            await console.WithBarsAsync(async bars => pulled = await services.Get<ModelPuller>().PullAsync(model, Bar(bars, model.Name), ct));
            await console.Output.WriteLineAsync(TerminalWords.Pulled.With(model.Name, pulled!.Folder, ByteCount.Text(pulled.Bytes)));
            return CommandLine.Ok;
        }));
        return command;
    }

    private static Command Remove(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var command = new Command("remove", TerminalWords.RemoveCommand) { name };
        command.SetAction((parsed, _) => WithServicesAsync(settings(parsed), async services =>
        {
            services.Get<ModelStore>().Remove(parsed.GetValue(name)!);
            await console.Output.WriteLineAsync(TerminalWords.Removed.With(parsed.GetValue(name)));
            return CommandLine.Ok;
        }));
        return command;
    }

    private static Command Verify(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = new Argument<string?>("name") { Description = TerminalWords.VerifyNameArgument, Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("verify", TerminalWords.VerifyCommand) { name };
        command.SetAction((parsed, ct) => WithServicesAsync(settings(parsed), async services =>
        {
            string[] names = parsed.GetValue(name) is { } one ? [one] : [.. services.Get<InstalledModels>().All.Where(model => !model.IsEmbedded).Select(model => model.Name)];
            var faulty = 0;
            await console.WithBarsAsync(async bars =>
            {
                foreach (var model in names)
                {
                    faulty += await VerifyAsync(services.Get<ModelStore>(), model, Bar(bars, model), console, ct) ? 0 : 1;
                }
            });
            if (names.Length == 0)
            {
                await console.Error.WriteLineAsync(TerminalWords.NoModels);
            }

            return faulty == 0 ? CommandLine.Ok : CommandLine.Failed;
        }));
        return command;
    }

    private static Command Add(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var folder = CommandLine.Word("folder", TerminalWords.FolderOfModel);
        var name = new Option<string?>("--name") { Description = TerminalWords.NameOption, HelpName = "name" };
        var command = new Command("add", TerminalWords.AddCommand) { folder, name };
        command.SetAction((parsed, ct) => WithServicesAsync(settings(parsed), async services =>
        {
            var added = await services.Get<ModelStore>().AddAsync(parsed.GetValue(folder)!, parsed.GetValue(name), ct);
            await console.Output.WriteLineAsync(TerminalWords.Added.With(added.Name, ModelWords.NameOf(added.Kind), added.Folder, ByteCount.Text(added.Bytes)));
            return CommandLine.Ok;
        }));
        return command;
    }

    /// <summary>A model that cannot be checked does not stop the others' checks.</summary>
    private static async Task<bool> VerifyAsync(ModelStore store, string model, IProgress<PullProgress> progress, TerminalConsole console, CancellationToken ct)
    {
        try
        {
            var faults = await store.VerifyAsync(model, progress, ct);
            await (faults.Count == 0 ? console.Output : console.Error).WriteLineAsync(faults.Count == 0
                ? TerminalWords.Verified.With(model)
                : TerminalWords.VerifyFailed.With(model, string.Join(", ", faults)));
            return faults.Count == 0;
        }
        catch (ModelException refused)
        {
            await console.Error.WriteLineAsync(NoticeWords.Of(refused.Notice));
            return false;
        }
    }

    private static void WriteTable(IReadOnlyList<ModelRow> rows, TerminalConsole console)
    {
        var width = rows.Max(row => row.Name.Length);
        foreach (var row in rows)
        {
            // Hangul is two columns wide, so the columns of fixed width are first.
            var size = row.Bytes is { } bytes ? ByteCount.Text(bytes) : "?";
            var memory = row.Known?.MemoryBytes is { } needed ? ByteCount.Text(needed) : "";
            console.Output.WriteLine($"{row.Name.PadRight(width)}  {size,9}  {(memory.Length == 0 ? "" : "RAM " + memory),-12}  {ModelWords.NameOf(row.Kind)}  {ModelWords.StateOf(row)}  {row.Known?.Licence}".TrimEnd());
            foreach (var note in row.Known is { } known ? ModelWords.Notes(known) : [])
            {
                console.Output.WriteLine($"{"".PadRight(width)}  {note}");
            }
        }
    }

    private static ListedModel Listed(ModelRow row) => new(
        row.Name, row.Kind, row.Here?.IsComplete == true ? "installed" : row.Here is not null ? "incomplete" : "available", row.Here?.Folder, row.Bytes,
        row.Known?.MemoryBytes, row.Known?.Repository, row.Here?.Commit, row.Known?.Licence, row.Known?.LicenceUrl?.ToString(), row.Known?.IsUntried ?? false, row.Known?.IsNonCommercial ?? false);

    private static Argument<string> Name() => CommandLine.Word("name", TerminalWords.ModelNameArgument);

    private static ProgressCallback<PullProgress> Bar(IBars bars, string name)
    {
        var bar = bars.Add(name);
        return new(at => bar(at.DoneBytes, at.TotalBytes));
    }

    private static async Task<int> WithServicesAsync(string[] settings, Func<TerminalServices, Task<int>> work)
    {
        await using var services = TerminalServices.WithoutDatabase(settings);
        return await work(services);
    }
}
