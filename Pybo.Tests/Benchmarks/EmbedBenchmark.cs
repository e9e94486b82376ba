using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Inference;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>Embedding speed, compared with a bare onnxruntime-node loop and transformers.js in the same run.</summary>
/// <remarks>
/// The contestants take turns round by round, so that other load on the machine affects all of them; the best round counts.
/// The targets: texts/s at least 0.95 × onnxruntime-node's, a query with tokenization at most 1.5 × one without, and 1.5 × transformers.js's texts/s.
/// </remarks>
internal static class EmbedBenchmark
{
    private const string OnnxRuntimePackage = "onnxruntime-node";

    private const int Rows = 32;
    private const int Width = 64;
    private const int QueryWidth = 16;
    private const int BatchRounds = 10;
    private const int QueryRounds = 50;

    /// <summary>The peer's threads keep spinning after a run: the next contestant starts when they sleep.</summary>
    private const int SettleMilliseconds = 50;

    // Above the special ids and below the vocabulary's 30,062.
    private const int FirstId = 10;
    private const int IdCount = 29_000;

    private static readonly string[] Words = "플라스크 질문 답변 게시판 로그인 데이터베이스 벡터 검색 토큰 모델 서버 배포 오류 사용자 추천 댓글".Split(' ');

    private const string Sentence = "세종대왕은 훈민정음을 만들어 백성이 쉽게 글을 익히도록 하였고, 집현전 학자들과 함께 농사와 천문, 음악을 연구하게 하였다. ";
    private const string Question = "훈민정음은 누가 만들었고 언제 반포되었나요?";

    private const int SentenceRounds = 5;

    /// <summary>Questions of varied lengths, as on a board.</summary>
    private static readonly string[] Sentences = [.. Enumerable.Range(0, 256).Select(i => string.Join(' ', Enumerable.Range(0, 6 + (i * 7 % 9)).Select(j => Words[((i * 31) + (j * 17)) % Words.Length])) + " 어떻게 하나요?")];

    public static Command Command()
    {
        var model = new Option<string>("--model") { Description = "The model folder; models/embedded by default." };
        var peers = BenchmarkPeers.Option(OnnxRuntimePackage, "@huggingface/transformers");
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("embed", "Texts/s at 64 tokens in batches of 32, and the time of one query.") { model, peers, json };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = parsed.GetValue(model) ?? Path.Combine(Repository.Root, "models", "embedded");
            var result = await RunAsync(SentenceTransformerFolder.Read(folder), parsed.GetValue(peers), ct);
            Print(result, parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<EmbedResult> RunAsync(SentenceTransformerFolder folder, string? peers, CancellationToken ct)
    {
        var loadStart = Stopwatch.GetTimestamp();
        using var generator = OnnxEmbeddingGenerator.Load(folder);
        var load = Stopwatch.GetElapsedTime(loadStart).TotalMilliseconds;
        using var encoder = new SentenceEncoder(folder, CpuSession.Threads);
        using var runOptions = new RunOptions();
        using var peer = peers is null ? null : NodePeer.Start("ort-embed.mjs", peers, folder.ModelPath, CpuSession.Threads.ToString(CultureInfo.InvariantCulture));

        var batch = RandomIds(Rows, Width);
        var passage = TextOf(generator, Sentence, PromptedEmbeddings.PassagePrompt, Width);
        var passages = Enumerable.Repeat(passage.Text, Rows).ToArray();
        var query = TextOf(generator, Question, PromptedEmbeddings.QueryPrompt, QueryWidth);

        double binding = double.MaxValue, whole = double.MaxValue, peerBatch = double.MaxValue;
        for (var round = 0; round < BatchRounds; round++)
        {
            await Task.Delay(SettleMilliseconds, ct);
            binding = Math.Min(binding, Milliseconds(() => encoder.Encode(batch, runOptions)));
            peerBatch = Math.Min(peerBatch, peer?.Milliseconds($"{Rows} {Width}") ?? double.MaxValue);
            await Task.Delay(SettleMilliseconds, ct);
            whole = Math.Min(whole, await MillisecondsAsync(() => generator.EmbedPassagesAsync(passages, ct: ct)));
        }

        using var transformers = peers is null ? null : NodePeer.Start("transformers-embed.mjs", peers, folder.Path, CpuSession.Threads.ToString(CultureInfo.InvariantCulture));
        var request = JsonSerializer.Serialize(new TransformersRequest(Rows, Sentences), EmbedJson.Default.TransformersRequest);
        double sentences = double.MaxValue, transformersSentences = double.MaxValue;
        for (var round = 0; round < SentenceRounds; round++)
        {
            await Task.Delay(SettleMilliseconds, ct);
            sentences = Math.Min(sentences, await MillisecondsAsync(() => generator.GenerateAsync(Sentences, cancellationToken: ct)));
            transformersSentences = Math.Min(transformersSentences, transformers?.Milliseconds(request) ?? double.MaxValue);
        }

        double oneQuery = double.MaxValue, peerQuery = double.MaxValue;
        for (var round = 0; round < QueryRounds; round++)
        {
            await Task.Delay(SettleMilliseconds, ct);
            oneQuery = Math.Min(oneQuery, await MillisecondsAsync(() => generator.EmbedQueryAsync(query.Text, ct)));
            peerQuery = Math.Min(peerQuery, peer?.Milliseconds($"1 {QueryWidth}") ?? double.MaxValue);
        }

        return new(
            Machine.Current,
            CpuSession.Threads,
            load,
            Rows * 1000 / binding,
            Rows * 1000 / whole,
            passage.Tokens,
            peer is null ? null : Rows * 1000 / peerBatch,
            Sentences.Length * 1000 / sentences,
            Sentences.Average(s => generator.TokenIds(s).Length),
            transformers is null ? null : Sentences.Length * 1000 / transformersSentences,
            oneQuery,
            query.Tokens,
            peer is null ? null : peerQuery);
    }

    private static int[][] RandomIds(int rows, int width) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, width).Select(_ => FirstId + Random.Shared.Next(IdCount)).ToArray())];

    /// <summary>Repeated words of a source with the requested number of tokens (or one or two more), prompt and special tokens included.</summary>
    private static (string Text, int Tokens) TextOf(OnnxEmbeddingGenerator generator, string source, string promptName, int tokens)
    {
        const string oneToken = " 그";
        var prefix = generator.Prompt(promptName);
        var words = string.Concat(Enumerable.Repeat(source, tokens)).Split(' ');
        var count = Enumerable.Range(1, words.Length).TakeWhile(n => Count(string.Join(' ', words[..n])) <= tokens).Last();
        var text = string.Join(' ', words[..count]);
        while (Count(text) < tokens)
        {
            text += oneToken;
        }

        return (text, Count(text));

        int Count(string candidate) => generator.TokenIds(prefix + candidate).Length;
    }

    private static double Milliseconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> MillisecondsAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Print(EmbedResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, EmbedJson.Default.EmbedResult));
            return;
        }

        AnsiConsole.WriteLine(result.Machine.ToString());
        var table = new Table().AddColumns("", "Pybo", "peer", "ratio");
        table.AddRow($"binding, {Rows} × {Width} ids, texts/s", Number(result.BindingTextsPerSecond), Number(result.PeerTextsPerSecond), Number(result.BindingTextsPerSecond / result.PeerTextsPerSecond, "0.00"));
        table.AddRow($"generator, {Rows} texts of {result.TextTokens} tokens, texts/s", Number(result.GeneratorTextsPerSecond), Number(result.PeerTextsPerSecond), Number(result.GeneratorTextsPerSecond / result.PeerTextsPerSecond, "0.00"));
        table.AddRow($"{Sentences.Length} texts of {Number(result.SentenceTokens)} tokens, in batches of {Rows} there, texts/s (against transformers.js)", Number(result.SentencesPerSecond), Number(result.TransformersSentencesPerSecond), Number(result.SentencesPerSecond / result.TransformersSentencesPerSecond, "0.00"));
        table.AddRow($"a query of {result.QueryTokens} tokens, tokenising included, ms", Number(result.QueryMilliseconds, "0.00"), Number(result.PeerQueryMilliseconds, "0.00"), Number(result.QueryMilliseconds / result.PeerQueryMilliseconds, "0.00"));
        table.AddRow("load model and tokenizer, ms", Number(result.LoadMilliseconds, "0"), "–", "–");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{result.Threads} threads; best of {BatchRounds} batches, of {QueryRounds} queries; the peer runs random ids without tokenising.");
    }

    private static string Number(double? value, string format = "0.0") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}

internal sealed record EmbedResult(
    Machine Machine,
    int Threads,
    double LoadMilliseconds,
    double BindingTextsPerSecond,
    double GeneratorTextsPerSecond,
    int TextTokens,
    double? PeerTextsPerSecond,
    double SentencesPerSecond,
    double SentenceTokens,
    double? TransformersSentencesPerSecond,
    double QueryMilliseconds,
    int QueryTokens,
    double? PeerQueryMilliseconds);

internal sealed record TransformersRequest(int Batch, string[] Texts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EmbedResult))]
[JsonSerializable(typeof(TransformersRequest))]
internal sealed partial class EmbedJson : JsonSerializerContext;
