using System.CommandLine;
using Pybo.Rag.Models;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages.Terminal;

/// <summary><c>models</c>: gets models, checks them, takes them away. None of it touches the database.</summary>
internal static class ModelsCommand
{
    public static Command Create(TerminalConsole console, Func<ParseResult, string[]> settings) => new("models", "모델을 받고 관리합니다 / Get and manage models")
    {
        List(console, settings), Pull(console, settings), Remove(console, settings), Verify(console, settings), Add(console, settings),
    };

    private static Command List(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var json = CommandLine.Json();
        var command = new Command("list", "받을 수 있는 모델과 있는 모델을 봅니다 / List what can be had and what is here") { json };
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
        var command = new Command("pull", "모델을 받습니다. 끊긴 곳부터 이어받고, 있는 것은 확인하고 고칩니다 / Download a model; resumes, and checks and mends what is there") { name };
        command.SetAction((parsed, ct) => WithServicesAsync(settings(parsed), async services =>
        {
            var model = services.Get<ModelCatalogue>().Find(parsed.GetValue(name)!)
                ?? throw new CommandFailedException($"목록에 없는 모델입니다: {parsed.GetValue(name)} 받을 수 있는 모델: {string.Join(", ", services.Get<ModelCatalogue>().All.Select(m => m.Name))}");
            if (model.Licence is not null)
            {
                await console.Error.WriteLineAsync($"{model.Name}: {model.Licence} ({model.LicenceUrl})");
            }

            foreach (var note in ModelNote.Of(model))
            {
                await console.Error.WriteLineAsync($"{model.Name}: {note}");
            }

            services.Get<OutgoingPermissions>().Permit(OutgoingKind.Models);
            InstalledModel? pulled = null;
            await console.WithBarsAsync(async bars => pulled = await services.Get<ModelPuller>().PullAsync(model, Bar(bars, model.Name), ct));
            await console.Output.WriteLineAsync($"{model.Name}을(를) 받았습니다: {pulled!.Folder} ({ByteCount.Text(pulled.Bytes)})");
            return CommandLine.Ok;
        }));
        return command;
    }

    private static Command Remove(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = Name();
        var command = new Command("remove", "받은 모델을 지우거나, 등록한 폴더를 잊습니다 / Delete a downloaded model, or forget a registered folder") { name };
        command.SetAction((parsed, _) => WithServicesAsync(settings(parsed), async services =>
        {
            services.Get<ModelStore>().Remove(parsed.GetValue(name)!);
            await console.Output.WriteLineAsync($"{parsed.GetValue(name)}을(를) 지웠습니다.");
            return CommandLine.Ok;
        }));
        return command;
    }

    private static Command Verify(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var name = new Argument<string?>("name") { Description = "모델의 이름 (기본: 있는 것 모두) / A model's name; all that are here by default", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("verify", "모델의 모든 바이트를 기록과 견줍니다 / Compare every byte with the record") { name };
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
                await console.Error.WriteLineAsync("받거나 등록한 모델이 없습니다.");
            }

            return faulty == 0 ? CommandLine.Ok : CommandLine.Failed;
        }));
        return command;
    }

    private static Command Add(TerminalConsole console, Func<ParseResult, string[]> settings)
    {
        var folder = CommandLine.Word("folder", "tokenizer.json과 ONNX 파일이 든 폴더 / A folder with tokenizer.json and ONNX files");
        var name = new Option<string?>("--name") { Description = "부를 이름 (기본: 폴더 이름) / Its name; the folder's by default", HelpName = "name" };
        var command = new Command("add", "이미 있는 폴더를 등록합니다. 옮기거나 고치지 않습니다 / Register a folder that you have; it is neither moved nor changed") { folder, name };
        command.SetAction((parsed, ct) => WithServicesAsync(settings(parsed), async services =>
        {
            var added = await services.Get<ModelStore>().AddAsync(parsed.GetValue(folder)!, parsed.GetValue(name), ct);
            await console.Output.WriteLineAsync($"{added.Name}을(를) {ModelRow.NameOf(added.Kind)} 모델로 등록했습니다: {added.Folder} ({ByteCount.Text(added.Bytes)})");
            return CommandLine.Ok;
        }));
        return command;
    }

    /// <summary>One that cannot be checked does not keep the others from it.</summary>
    private static async Task<bool> VerifyAsync(ModelStore store, string model, IProgress<PullProgress> progress, TerminalConsole console, CancellationToken ct)
    {
        try
        {
            var faults = await store.VerifyAsync(model, progress, ct);
            await (faults.Count == 0 ? console.Output : console.Error).WriteLineAsync(faults.Count == 0
                ? $"{model}: 모든 파일이 온전합니다."
                : $"{model}: 빠졌거나 달라진 파일 {string.Join(", ", faults)}. 받은 모델이면 models pull {model}이 이 파일만 새로 받습니다.");
            return faults.Count == 0;
        }
        catch (ModelException refused)
        {
            await console.Error.WriteLineAsync(refused.Message);
            return false;
        }
    }

    private static void WriteTable(IReadOnlyList<ModelRow> rows, TerminalConsole console)
    {
        var width = rows.Max(row => row.Name.Length);
        foreach (var row in rows)
        {
            // Hangul is two columns wide, so what has a fixed width comes first.
            var size = row.Bytes is { } bytes ? ByteCount.Text(bytes) : "?";
            var memory = row.Known?.MemoryBytes is { } needed ? ByteCount.Text(needed) : "";
            console.Output.WriteLine($"{row.Name.PadRight(width)}  {size,9}  {(memory.Length == 0 ? "" : "RAM " + memory),-12}  {ModelRow.NameOf(row.Kind)}  {row.State}  {row.Known?.Licence}".TrimEnd());
            foreach (var note in row.Known is { } known ? ModelNote.Of(known) : [])
            {
                console.Output.WriteLine($"{"".PadRight(width)}  {note}");
            }
        }
    }

    private static ListedModel Listed(ModelRow row) => new(
        row.Name, row.Kind, row.Here?.IsComplete == true ? "installed" : row.Here is not null ? "incomplete" : "available", row.Here?.Folder, row.Bytes,
        row.Known?.MemoryBytes, row.Known?.Repository, row.Here?.Commit, row.Known?.Licence, row.Known?.LicenceUrl?.ToString(), row.Known?.IsUntried ?? false, row.Known?.IsNonCommercial ?? false);

    private static Argument<string> Name() => CommandLine.Word("name", "모델의 이름 / A model's name");

    private static Told<PullProgress> Bar(IBars bars, string name)
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
