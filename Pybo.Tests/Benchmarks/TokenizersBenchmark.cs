using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML.Tokenizers;
using Pybo.Rag.Tokenizers;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>How fast tokenizers load and encode on one thread, compared with Hugging Face's Rust library in the same run.</summary>
/// <remarks>
/// The contestants take turns round by round and the median counts, so that other load on the machine affects all of them. The
/// library always computes offsets; ours is timed without them, as the site uses it, and with them. Their ids are compared first.
/// The targets: twice the library's MB/s; Gemma's file loads in 0.6 s, written with indents and its merges as pairs in 1.0 s.
/// </remarks>
internal static class TokenizersBenchmark
{
    private const int EncodeRounds = 9;
    private const int LoadRounds = 5;
    private const string Package = "@anush008/tokenizers";

    /// <summary>Limits the repository's own files, so that the mixed text does not grow with it.</summary>
    private const int MixedCharactersMax = 1_500_000;

    private static readonly string[] MixedFolders = ["Data", "Pages", "Rag", "docs", "Pybo.Tests"];

    public static Command Command()
    {
        var models = new Option<string>("--models") { Description = "The folder with gemma-3-270m and tiny/bert-wordpiece; ../shared/models by default." };
        var data = BenchmarkData.Option("A folder in BEIR's layout, or with KorQuAD's file; KorQuAD dev by default.");
        var peers = BenchmarkPeers.Option(Package);
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("tokenizers", "MB/s of text to ids on one thread; loading time and memory.") { models, data, peers, json };
        command.SetAction(parsed =>
        {
            var folder = Directory.CreateTempSubdirectory("pybo-tokenizers-");
            try
            {
                var found = Files(parsed.GetValue(models) ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "models")), folder.FullName);
                Print(Run(found, parsed.GetValue(data), parsed.GetValue(peers), folder.FullName), parsed.GetValue(json));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    private static List<TokenizerCase> Files(string models, string temporary)
    {
        var gemma = Path.Combine(models, "gemma-3-270m", "tokenizer.json");
        var indented = Path.Combine(temporary, "indented.json");
        if (File.Exists(gemma))
        {
            WriteIndented(gemma, indented);
        }
        return
        [
            .. new TokenizerCase[]
            {
                new("Gemma 3, BPE", gemma, Encodes: true),
                new("Gemma 3, indented, merges as pairs", indented, Encodes: false),
                new("embedded, Unigram", Path.Combine(Repository.Root, "models", "embedded", "tokenizer.json"), Encodes: true),
                new("BERT, WordPiece", Path.Combine(models, "tiny", "bert-wordpiece", "tokenizer.json"), Encodes: true),
            }.Where(found => File.Exists(found.File)),
        ];
    }

    /// <summary>The same file as newer versions of the library write it.</summary>
    private static void WriteIndented(string file, string target)
    {
        var json = JsonNode.Parse(File.ReadAllBytes(file))!;
        var merges = json["model"]!["merges"]!.AsArray();
        json["model"]!["merges"] = new JsonArray([.. merges.Select(merge => merge is JsonArray ? merge.DeepClone() : new JsonArray([.. merge!.GetValue<string>().Split(' ')]))]);
        File.WriteAllText(target, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    private static TokenizersResult Run(List<TokenizerCase> found, string? data, string? peers, string temporary)
    {
        (string Name, string[] Texts, string File)[] sets =
        [
            .. new[] { ("KorQuAD, Korean", Korean(data)), ("this repository, English and Korean", Mixed()) }
                .Select((set, i) => (set.Item1, set.Item2, WriteTexts(set.Item2, Path.Combine(temporary, $"texts{i}.jsonl")))),
        ];
        var loads = found.Select(tokenizer => Load(tokenizer, peers, sets[0].File)).ToList();
        var speeds = found.Where(tokenizer => tokenizer.Encodes).SelectMany(tokenizer => sets.Select(set => Encode(tokenizer, set.Name, set.Texts, set.File, peers))).ToList();
        return new(Machine.Current, loads, speeds);
    }

    private static string[] Korean(string? data) => [.. BenchmarkData.ReadSearchSet(data).Documents.Select(document => document.Text)];

    private static string[] Mixed()
    {
        var left = MixedCharactersMax;
        return
        [
            .. MixedFolders
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                .Where(file => Path.GetExtension(file) is ".cs" or ".cshtml" or ".md")
                .Select(File.ReadAllText)
                .TakeWhile(text => (left -= text.Length) > 0),
        ];
    }

    private static string WriteTexts(string[] texts, string file)
    {
        File.WriteAllLines(file, texts.Select(text => JsonSerializer.Serialize(text, TokenizersJson.Default.String)));
        return file;
    }

    private static LoadResult Load(TokenizerCase file, string? peers, string texts)
    {
        using var peer = peers is null ? null : NodePeer.Start("tokenizers.mjs", peers, file.File, texts);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        ModelVocabulary? vocabulary = null;
        var first = Milliseconds(() => vocabulary = ModelVocabulary.Load(file.File));
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < LoadRounds; round++)
        {
            ours.Add(Milliseconds(() => vocabulary = ModelVocabulary.Load(file.File)));
            theirs.Add(peer?.Milliseconds("load") ?? double.NaN);
        }
        GC.KeepAlive(vocabulary);
        return new(file.Name, new FileInfo(file.File).Length / 1e6, first, Median(ours), peer is null ? null : Median(theirs), bytes / 1e6);
    }

    private static SpeedResult Encode(TokenizerCase file, string set, string[] texts, string textsFile, string? peers)
    {
        using var peer = peers is null ? null : NodePeer.Start("tokenizers.mjs", peers, file.File, textsFile);
        var tokenizer = ModelVocabulary.Load(file.File).TokenizerFor(SpecialTokens.FoundAndAdded);
        var megabytes = texts.Sum(Encoding.UTF8.GetByteCount) / 1e6;
        if (peer is not null && peer.Numbers("check")[0] != Checksum(tokenizer, texts))
        {
            throw new InvalidOperationException($"The ids of {file.Name} for {set} are not the peer's.");
        }

        var (ours, oursWithOffsets, theirs) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < EncodeRounds; round++)
        {
            ours.Add(Milliseconds(() => Array.ForEach(texts, text => tokenizer.EncodeToIds(text))));
            theirs.Add(peer?.Milliseconds("encode") ?? double.NaN);
            oursWithOffsets.Add(Milliseconds(() => Array.ForEach(texts, text => tokenizer.EncodeToTokens(text, out _))));
        }
        return new(file.Name, set, megabytes, Speed(ours)!.Value, Speed(oursWithOffsets)!.Value, peer is null ? null : Speed(theirs));

        double? Speed(List<double> milliseconds) => megabytes * 1000 / Median(milliseconds);
    }

    /// <summary>As in the peer's script.</summary>
    private static double Checksum(Tokenizer tokenizer, string[] texts) =>
        texts.SelectMany(text => tokenizer.EncodeToIds(text)).Aggregate(0u, (sum, id) => unchecked((sum * 31) + (uint)id));

    private static double Milliseconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(TokenizersResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, TokenizersJson.Default.TokenizersResult));
            return;
        }

        AnsiConsole.WriteLine(result.Machine.ToString());
        var loads = new Table().AddColumns("loading", "file, MB", "first, ms", "again, ms", $"{Package}, ms", "memory, MB");
        foreach (var load in result.Loads)
        {
            loads.AddRow(load.Tokenizer, Number(load.FileMegabytes), Number(load.FirstMilliseconds, "0"), Number(load.Milliseconds, "0"), Number(load.PeerMilliseconds, "0"), Number(load.MemoryMegabytes));
        }
        AnsiConsole.Write(loads);
        var speeds = new Table().AddColumns("text to ids, MB/s", "text", "MB", "Pybo", "with offsets", Package, "ratio");
        foreach (var speed in result.Speeds)
        {
            speeds.AddRow(speed.Tokenizer, speed.Text, Number(speed.Megabytes), Number(speed.MegabytesPerSecond), Number(speed.WithOffsetsMegabytesPerSecond), Number(speed.PeerMegabytesPerSecond), Number(speed.MegabytesPerSecond / speed.PeerMegabytesPerSecond, "0.00"));
        }
        AnsiConsole.Write(speeds);
        AnsiConsole.WriteLine($"One thread; the median of {EncodeRounds} rounds, of {LoadRounds} loads after the first. The peer encodes with offsets.");
    }

    private static string Number(double? value, string format = "0.0") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}

internal sealed record TokenizerCase(string Name, string File, bool Encodes);

internal sealed record LoadResult(string Tokenizer, double FileMegabytes, double FirstMilliseconds, double Milliseconds, double? PeerMilliseconds, double MemoryMegabytes);

internal sealed record SpeedResult(string Tokenizer, string Text, double Megabytes, double MegabytesPerSecond, double WithOffsetsMegabytesPerSecond, double? PeerMegabytesPerSecond);

internal sealed record TokenizersResult(Machine Machine, IReadOnlyList<LoadResult> Loads, IReadOnlyList<SpeedResult> Speeds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenizersResult))]
[JsonSerializable(typeof(string))]
internal sealed partial class TokenizersJson : JsonSerializerContext;
