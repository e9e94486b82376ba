using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Inference;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>Generation speed on one model folder, compared with the peers in the same run.</summary>
/// <remarks>
/// Every contestant reads and writes the same number of tokens, greedily, with the same number of threads. Caches are in memory, as in a site after its first
/// conversations: the peers clear theirs before each turn; Pybo reads different ids in each, of which only the first is cached. They take turns round by round, so that other load on
/// the machine affects all of them; the median round counts (of five rounds it still varied by six hundredths). llama.cpp runs random weights of the same shape in Q4_0.
/// The targets: decoding at least 4 × transformers.js, 1.7 × the plain onnxruntime-node loop and 1.1 × llama.cpp; the first token of a prompt of 512
/// within 0.3 × transformers.js's time and 1.0 × llama.cpp's; that of a conversation's second turn within 0.3 × the first's; answers that quote their
/// sources at least 1.3 × as fast with prompt lookup as without.
/// </remarks>
internal static class GenerateBenchmark
{
    private const string LlamaPackage = "node-llama-cpp";
    private const string TransformersPackage = "@huggingface/transformers";
    private const string OnnxRuntimePackage = "onnxruntime-node";

    /// <summary>New tokens of the second turn: a short question with its template.</summary>
    private const int SecondTurnTokens = 32;

    private const int ContextTokens = 2_048;

    /// <summary>A peer's threads keep spinning after its turn.</summary>
    private const int SettleMilliseconds = 200;

    private const int SourcesMax = 3;

    public static Command Command()
    {
        var model = new Argument<string>("model") { Description = "The model folder (config.json, tokenizer.json, onnx/model_q4.onnx)." };
        var prompt = new Option<int>("--prompt") { Description = "Tokens of the prompt.", DefaultValueFactory = _ => 512 };
        var tokens = new Option<int>("--tokens") { Description = "Tokens of the answer.", DefaultValueFactory = _ => 64 };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each contestant.", DefaultValueFactory = _ => 11 };
        var answers = new Option<int>("--answers") { Description = "KorQuAD questions for prompt lookup; 0 leaves it out.", DefaultValueFactory = _ => 12 };
        var data = BenchmarkData.Option("The folder with korquad/, for prompt lookup.");
        var peers = BenchmarkPeers.Option(OnnxRuntimePackage, TransformersPackage, LlamaPackage);
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("generate", "Tokens/s, the time to the first token, the second turn, prompt lookup.") { model, prompt, tokens, rounds, answers, data, peers, json };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = LanguageModelFolder.Read(parsed.GetValue(model)!);
            using var contestant = new Contestant(folder);
            var speeds = await CompareAsync(contestant, folder, parsed.GetValue(peers), parsed.GetValue(prompt), parsed.GetValue(tokens), parsed.GetValue(rounds), ct);
            var second = contestant.SecondTurn(parsed.GetValue(prompt), parsed.GetValue(tokens), parsed.GetValue(rounds));
            var lookup = parsed.GetValue(answers) > 0 ? contestant.Lookup(BenchmarkData.ReadSearchSet(parsed.GetValue(data)), parsed.GetValue(answers), parsed.GetValue(tokens)) : null;
            Print(new(Machine.Current, folder.Name, CpuSession.Threads, parsed.GetValue(prompt), parsed.GetValue(tokens), speeds, second, lookup, contestant.BytesPerToken), parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<List<Speed>> CompareAsync(Contestant contestant, LanguageModelFolder folder, string? peers, int prompt, int tokens, int rounds, CancellationToken ct)
    {
        var threads = CpuSession.Threads.ToString(CultureInfo.InvariantCulture);
        using var peerOrt = peers is null ? null : NodePeer.Start("ort-generate.mjs", peers, folder.DecoderPath, threads);
        using var peerTransformers = peers is null ? null : NodePeer.Start("transformers-generate.mjs", peers, folder.Path, threads);
        using var peerLlama = peers is null ? null : NodePeer.Start("llama-generate.mjs", peers, await RandomGgufAsync(folder, ct), threads);
        (string Name, Func<(double, double)> Run)[] contestants =
        [
            ("Pybo", () => contestant.Run(prompt, tokens)),
            .. Peer(OnnxRuntimePackage, peerOrt), .. Peer(TransformersPackage, peerTransformers), .. Peer(LlamaPackage, peerLlama),
        ];
        var measured = contestants.Select(_ => new List<(double First, double PerSecond)>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < contestants.Length; i++)
            {
                await Task.Delay(SettleMilliseconds, ct);
                var speed = contestants[i].Run();
                if (round > 0) // the first round warms up
                {
                    measured[i].Add(speed);
                }
            }
        }

        return [.. contestants.Zip(measured, (c, m) => new Speed(c.Name, Median(m.Select(r => r.First)), Median(m.Select(r => r.PerSecond))))];

        IEnumerable<(string, Func<(double, double)>)> Peer(string name, NodePeer? peer) =>
            peer is null ? [] : [(name, () => peer.Numbers($"{prompt} {tokens}") is [var first, var perSecond] ? (first, perSecond) : throw new InvalidDataException($"{name} gave no two numbers."))];
    }

    private static async Task<string> RandomGgufAsync(LanguageModelFolder folder, CancellationToken ct)
    {
        var file = Path.Combine(Repository.Root, "artifacts", "benchmarks", $"{folder.Name}-random-q4_0.gguf");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var maker = Process.Start("node", [Path.Combine(AppContext.BaseDirectory, "peers", "make-gguf.mjs"), folder.Path, file]);
            await maker.WaitForExitAsync(ct);
        }

        return file;
    }

    private static void Print(GenerateResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, GenerateJson.Default.GenerateResult));
            return;
        }

        AnsiConsole.WriteLine($"{result.Machine} · {result.Threads} threads · {result.Model}");
        var table = new Table().AddColumns($"{result.PromptTokens} tokens in, {result.OutputTokens} out", "first token, ms", "Pybo's is ×", "tokens/s", "Pybo's are ×");
        var own = result.Speeds[0];
        foreach (var speed in result.Speeds)
        {
            table.AddRow(speed.Name, Number(speed.FirstTokenMilliseconds, "0"), Number(own.FirstTokenMilliseconds / speed.FirstTokenMilliseconds), Number(speed.TokensPerSecond, "0.0"), Number(own.TokensPerSecond / speed.TokensPerSecond));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"second turn's first token: {Number(result.SecondTurn.SecondMilliseconds, "0")} ms after {Number(result.SecondTurn.FirstMilliseconds, "0")} ms: {Number(result.SecondTurn.SecondMilliseconds / result.SecondTurn.FirstMilliseconds)} ×");
        if (result.Lookup is { } lookup)
        {
            AnsiConsole.WriteLine($"prompt lookup on {lookup.Answers} answers from sources: {Number(lookup.WithTokensPerSecond, "0.0")} tokens/s with, {Number(lookup.WithoutTokensPerSecond, "0.0")} without: {Number(lookup.WithTokensPerSecond / lookup.WithoutTokensPerSecond)} ×; {Number(100.0 * lookup.Accepted / Math.Max(1, lookup.Proposed), "0")} % of {lookup.Proposed} drafted tokens were right");
        }

        AnsiConsole.WriteLine($"managed memory per token: {result.BytesPerToken} bytes");
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Our contestant: the loop under <see cref="OnnxChatClient"/>, without detokenization.</summary>
    private sealed class Contestant : IDisposable
    {
        private static readonly HashSet<int> Never = [];
        private readonly LanguageModel model;
        private readonly TokenGenerator generator;
        private readonly RunOptions options = new();
        private int prompts;

        public Contestant(LanguageModelFolder folder)
        {
            model = LanguageModel.Load(folder, ContextTokens);
            generator = model.CreateGenerator();
        }

        /// <summary>The allocations of the last run for each token after the first.</summary>
        public long BytesPerToken { get; private set; }

        public (double FirstMilliseconds, double TokensPerSecond) Run(int prompt, int tokens)
        {
            var figures = Continue(Prompt(prompt), tokens, out _);
            return (figures.FirstToken.TotalMilliseconds, figures.TokensPerSecond!.Value);
        }

        public SecondTurn SecondTurn(int prompt, int tokens, int rounds)
        {
            List<double> firsts = [], seconds = [];
            for (var round = 0; round < rounds; round++)
            {
                var start = Prompt(prompt);
                var first = Continue(start, tokens, out var answer);
                var second = Continue([.. start, .. answer, .. Ids(SecondTurnTokens, 0)], tokens, out _);
                firsts.Add(first.FirstToken.TotalMilliseconds);
                seconds.Add(second.FirstToken.TotalMilliseconds);
            }

            return new(Median(firsts), Median(seconds));
        }

        /// <summary>Answers questions with their passages, as the chat asks them, alternately with and without drafts.</summary>
        public LookupSpeed Lookup(SearchSet set, int count, int tokens)
        {
            TimeSpan with = default, without = default;
            int made = 0, proposed = 0, accepted = 0;
            var step = set.Queries.Count / count;
            for (var i = 0; i < count; i++)
            {
                var question = set.Queries[i * step];
                var prompt = model.Template.Encode(Messages(set, question));
                foreach (var isWith in new[] { true, false })
                {
                    var figures = Continue(prompt, tokens, out _, isWith ? new(prompt) : null);
                    made += isWith ? figures.OutputTokens - 1 : 0;
                    (proposed, accepted) = (proposed + figures.Drafts.Proposed, accepted + figures.Drafts.Accepted);
                    (with, without) = isWith ? (with + figures.Decoding, without) : (with, without + figures.Decoding);
                }
            }

            return new(count, made / with.TotalSeconds, made / without.TotalSeconds, proposed, accepted);
        }

        public void Dispose()
        {
            options.Dispose();
            generator.Dispose();
            model.Dispose();
        }

        private static List<ChatMessage> Messages(SearchSet set, SetQuery question)
        {
            var own = set.Documents.Select((document, place) => (document, place)).First(d => question.Grades.ContainsKey(d.document.Id)).place;
            var passages = set.Documents.Skip(own).Take(SourcesMax).Select((d, n) => $"[{n + 1}] {d.Title}\n{d.Text}\n\n");
            return [new(ChatRole.System, "번호가 붙은 자료만 근거로 삼아 짧고 분명하게 답합니다. 자료의 문장을 그대로 옮길 때는 “ ”로 감쌉니다."), new(ChatRole.User, string.Concat(passages) + "질문: " + question.Text)];
        }

        /// <summary>A prompt that begins with 2 and then differs from every earlier one.</summary>
        private int[] Prompt(int count) => [2, .. Ids(count - 1, ++prompts)];

        /// <summary>Ids as the peers' script generates them.</summary>
        private int[] Ids(int count, int place) => [.. Enumerable.Range(place * count, count).Select(i => 1_000 + (i * 7 % (model.VocabularySize / 2)))];

        private GenerationFigures Continue(int[] prompt, int tokens, out List<int> answer, PromptLookup? lookup = null)
        {
            using var sampler = new Sampler(new() { Temperature = 0 }, model.VocabularySize, prompt);
            var generation = generator.Begin(new(prompt, tokens, Never, sampler, lookup), options);
            answer = new(tokens);
            generation.MoveNext();
            answer.Add(generation.Current);
            var before = GC.GetAllocatedBytesForCurrentThread();
            while (generation.MoveNext())
            {
                answer.Add(generation.Current);
            }

            BytesPerToken = (GC.GetAllocatedBytesForCurrentThread() - before) / Math.Max(1, tokens - 1);
            return generation.Figures;
        }
    }
}

internal sealed record GenerateResult(
    Machine Machine, string Model, int Threads, int PromptTokens, int OutputTokens, IReadOnlyList<Speed> Speeds, SecondTurn SecondTurn, LookupSpeed? Lookup, long BytesPerToken);

internal sealed record Speed(string Name, double FirstTokenMilliseconds, double TokensPerSecond);

internal sealed record SecondTurn(double FirstMilliseconds, double SecondMilliseconds);

internal sealed record LookupSpeed(int Answers, double WithTokensPerSecond, double WithoutTokensPerSecond, int Proposed, int Accepted);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GenerateResult))]
internal sealed partial class GenerateJson : JsonSerializerContext;
