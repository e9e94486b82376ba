using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntimeGenAI;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.GenAi;
using Pybo.Rag.Models;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Chat;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Rag.Models;

/// <summary>A process that disposes models while callers use them, a thousand of each kind. A disposal that frees memory a run still uses ends it with a segmentation fault.</summary>
internal static partial class ModelDisposals
{
    public const string Command = "dispose-models";

    public const int Disposals = 1_000;

    private const int Callers = 8;

    private const int CallsPerDisposal = 2 * Callers;

    /// <summary>Memory may grow until then: code is compiled, pools and caches fill.</summary>
    private const int WarmUp = Disposals / 4;

    /// <summary>The later three quarters may leave no model behind: this is 175 KiB for each, and the smallest takes more. Models in flight when it is measured take some of it.</summary>
    private const long GrowthBytesMax = 128L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static LocalChatOptions UnloadingAtOnce => new() { UnloadAfter = TimeSpan.FromMilliseconds(1) };

    /// <summary>The scenarios that the process can run.</summary>
    public static IReadOnlyDictionary<string, Func<Task<string>>> Kinds { get; } = new Dictionary<string, Func<Task<string>>>
    {
        ["generator"] = GeneratorsAsync,
        ["chat-client"] = () => ChatClientsAsync(folder => new OnnxChatClient(folder, UnloadingAtOnce)),
        ["genai-chat-client"] = () => ChatClientsAsync(folder => new GenAiChatClient(folder, settings: UnloadingAtOnce)),
        ["serving-model"] = ServingModelsAsync,
        ["installed-generator"] = InstalledGeneratorsAsync,
        ["refused-model"] = RefusedModelsAsync,
        ["end-of-the-process"] = EndAsync,
    };

    public static async Task<int> RunAsync(string kind)
    {
        using var finalized = new Finalized();
        Console.WriteLine(await Kinds[kind]());
        if (kind != "end-of-the-process")
        {
            Console.WriteLine($"{await finalized.CountAsync()} were left to a finalizer");
        }

        return 0;
    }

    private static async Task<string> GeneratorsAsync()
    {
        using var toy = new ToySentenceEncoder(1);
        var folder = SentenceTransformerFolder.Read(toy.Path);
        string[] one = ["가나다"], many = [.. Enumerable.Range(0, 8).Select(i => $"글 {i} {new string('가', 60)}")];
        return await DisposeAsync(
            () => OnnxEmbeddingGenerator.Load(folder),
            async (generator, caller) => Assert.NotEmpty(await generator.GenerateAsync(caller == 0 ? many : one)));
    }

    private static async Task<string> ChatClientsAsync(Func<LanguageModelFolder, LocalChatClient> open)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("gemma3_text");
        var folder = LanguageModelFolder.Read(toy.Path);
        List<ChatMessage> messages = [new(ChatRole.User, "안녕하세요?")];
        return await DisposeAsync(
            () => open(folder),
            async (client, caller) => Assert.NotNull(caller % 4 == 0
                ? await client.EncodeAsync(messages, default)
                : await client.GetResponseAsync(messages, new() { Temperature = 0, MaxOutputTokens = 20 })));
    }

    /// <summary>Callers of one model after the other, each disposed during their calls: a call that has begun is answered, a later one is refused.</summary>
    private static async Task<string> DisposeAsync<T>(Func<T> load, Func<T, int, Task> call) where T : class, IDisposable, IAsyncDisposable
    {
        var current = load();
        var (answered, refused, inUse) = (0, 0, 0);
        using var turns = new Turns();
        var callers = Enumerable.Range(0, Callers).Select(number => Task.Run(async () =>
        {
            while (await turns.NextAsync())
            {
                try
                {
                    await call(Volatile.Read(ref current), number);
                    Interlocked.Increment(ref answered);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                    await Task.Yield();
                }
            }
        })).ToList();
        var steady = await RepeatAsync(async () =>
        {
            var next = load();
            var before = Volatile.Read(ref answered);
            await turns.UntilAsync(() => Volatile.Read(ref answered) > before, callers);
            var ended = Interlocked.Exchange(ref current, next).DisposeAsync().AsTask();
            inUse += ended.IsCompleted ? 0 : 1;
            await ended;
        });
        turns.End();
        await Task.WhenAll(callers);
        await current.DisposeAsync();
        Assert.True(inUse > Disposals / 2, $"Only {inUse} were in use when they were disposed.");
        return $"{Disposals} disposed, {inUse} of them in use; {answered} calls answered, {refused} refused; {steady}";
    }

    /// <summary>Another process's model serves from its folder until this process's own serves again; searches in between never notice.</summary>
    private static async Task<string> ServingModelsAsync()
    {
        using ToySentenceEncoder own = new(1), other = new(2);
        await using var database = await TestDatabase.StartAsync();
        await using var models = TestModels.Embedding(database, own.Path);
        var folder = SentenceTransformerFolder.Read(other.Path);
        var fingerprint = folder.ComputeFingerprint();
        var (answered, byOther) = (0, 0);
        using var turns = new Turns();
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (await turns.NextAsync())
            {
                using var state = await models.StateAsync(default);
                if (state.Serving is { } serving)
                {
                    Assert.Equal(64, (await serving.Generator.EmbedQueryAsync("가나다")).Length);
                    Interlocked.Increment(ref serving.Generator.ModelName == folder.Name ? ref byOther : ref answered);
                }
            }
        })).ToList();
        var steady = await RepeatAsync(async () =>
        {
            await using var db = database.CreateDbContext();
            await db.ServeEmbeddingModelAsync((await db.EnsureEmbeddingModelAsync(folder.Name, fingerprint, other.Path, 64, default)).Id, default);
            var before = Volatile.Read(ref byOther);
            await turns.UntilAsync(() => Volatile.Read(ref byOther) > before, callers);
            await models.ServeFillingAsync(default);
        });
        turns.End();
        await Task.WhenAll(callers);
        return $"{Disposals} replaced; {byOther} and {answered} calls answered, none refused; {steady}";
    }

    /// <summary>The administrator chooses one generator after another while answers are written.</summary>
    private static async Task<string> InstalledGeneratorsAsync()
    {
        using ToyLanguageModel first = new(ToyLayout.Shared), second = new(ToyLayout.Concat);
        var chosen = new Chosen { Value = new() { GenerationModel = first.Path } };
        var time = new ManualTime();
        await using var generators = new InstalledGenerator(new(new([]), chosen, new TestEnvironment(AppContext.BaseDirectory)), chosen, NullLoggerFactory.Instance, time);
        List<ChatMessage> messages = [new(ChatRole.User, "안녕하세요?")];
        var answered = 0;
        using var turns = new Turns();
        var callers = Enumerable.Range(0, Callers).Select(number => Task.Run(async () =>
        {
            while (await turns.NextAsync())
            {
                using var lease = generators.Borrow()!;
                IEnumerable<ChatMessage> prompt = number % 2 == 0 ? await lease.Value.GetService<IPromptTokens>()!.EncodeAsync(messages, default) : messages;
                Assert.NotEmpty(await lease.Value.GetStreamingResponseAsync(prompt, new() { Temperature = 0, MaxOutputTokens = 20 }).ToListAsync());
                Interlocked.Increment(ref answered);
            }
        })).ToList();
        var steady = await RepeatAsync(async () =>
        {
            chosen.Value = new() { GenerationModel = chosen.Value.GenerationModel == first.Path ? second.Path : first.Path };
            time.Advance(TimeSpan.FromMinutes(1));
            var before = Volatile.Read(ref answered);
            await turns.UntilAsync(() => Volatile.Read(ref answered) > before, callers);
        });
        turns.End();
        await Task.WhenAll(callers);
        return $"{Disposals} replaced; {answered} answers, none refused; {steady}";
    }

    /// <summary>Graphs that ONNX Runtime loads and the product then refuses.</summary>
    private static async Task<string> RefusedModelsAsync()
    {
        using var toy = new ToyLanguageModel(ToyLayout.TwoGraphs);
        toy.WriteGraph("decoder_model_merged", ToyLanguageModel.Concat());
        using var encoder = new ToySentenceEncoder(1, output: "vectors");
        var steady = await RepeatAsync(() =>
        {
            Assert.Throws<InvalidDataException>(() => LanguageModel.Load(LanguageModelFolder.Read(toy.Path), 256));
            Assert.Throws<InvalidDataException>(() => OnnxEmbeddingGenerator.Load(SentenceTransformerFolder.Read(encoder.Path)));
            return Task.CompletedTask;
        });
        return $"{Disposals} refused of each; {steady}";
    }

    /// <summary>The process ends while runs are in progress, as when it is stopped from outside: that must not look like a crash.</summary>
    private static async Task<string> EndAsync()
    {
        var toy = new ToySentenceEncoder(1);
        var generator = OnnxEmbeddingGenerator.Load(SentenceTransformerFolder.Read(toy.Path));
        string[] many = [.. Enumerable.Range(0, 1_000).Select(i => $"글 {i} {new string('가', 60)}")];
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => generator.GenerateAsync(many))).ToList();
        await Task.Delay(500);
        toy.Dispose();
        return $"{callers.Count(caller => !caller.IsCompleted)} calls are under way";
    }

    /// <returns>The growth of the process after the first quarter.</returns>
    private static async Task<string> RepeatAsync(Func<Task> step)
    {
        long before = 0;
        for (var done = 0; done < Disposals; done++)
        {
            if (done == WarmUp)
            {
                before = ResidentBytes();
            }

            await step();
        }

        var growth = ResidentBytes() - before;
        Assert.True(growth < GrowthBytesMax, $"Resident memory grew by {growth:N0} bytes.");
        return $"resident memory grew by {growth >> 10:N0} KiB";
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (OperatingSystem.IsLinux())
        {
            _ = TrimNativeHeap(0);
        }

        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNativeHeap(nuint keep);

    /// <summary>Bounds the calls for each disposal: callers that call all the time would take most of it. They call again if what is waited for has not come.</summary>
    private sealed class Turns : IDisposable
    {
        private readonly SemaphoreSlim calls = new(0);
        private readonly SemaphoreSlim ended = new(0);
        private volatile bool isOver;
        private int open = Callers;

        /// <summary>Ends the caller's last call, and waits for its next turn.</summary>
        /// <returns>False at the end.</returns>
        public async Task<bool> NextAsync()
        {
            Interlocked.Decrement(ref open);
            ended.Release();
            await calls.WaitAsync();
            return !isOver;
        }

        public async Task UntilAsync(Func<bool> holds, List<Task> callers)
        {
            var clock = Stopwatch.StartNew();
            while (!holds())
            {
                await (callers.Find(caller => caller.IsFaulted) ?? Task.CompletedTask);
                Assert.True(clock.Elapsed < Patience, "No call was answered.");
                if (Interlocked.CompareExchange(ref open, CallsPerDisposal, 0) == 0)
                {
                    calls.Release(CallsPerDisposal);
                }

                await ended.WaitAsync(TimeSpan.FromSeconds(1));
            }
        }

        public void End()
        {
            isOver = true;
            calls.Release(Callers);
        }

        public void Dispose()
        {
            calls.Dispose();
            ended.Dispose();
        }
    }

    private sealed class Chosen : IOptions<PyboOptions>
    {
        public PyboOptions Value { get; set; } = new();
    }

    /// <summary>Counts the package's objects that were finalized instead of disposed, as the runtime reports them.</summary>
    private sealed class Finalized : EventListener
    {
        private const EventKeywords GarbageCollector = (EventKeywords)1;
        private const int ControlsMax = 100;

        private static readonly HashSet<nint> Watched =
        [
            .. new[]
            {
                typeof(InferenceSession), typeof(OrtValue), typeof(OrtIoBinding), typeof(RunOptions), typeof(SessionOptions),
                typeof(Config), typeof(Model), typeof(GeneratorParams), typeof(Generator), typeof(Tokenizer),
            }.Select(type => type.TypeHandle.Value),
        ];

        private int count;

        /// <summary>The count so far. Makes sure that one more would have been seen.</summary>
        public async Task<int> CountAsync()
        {
            for (var controls = 1; controls <= ControlsMax; controls++)
            {
                Forget();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Task.Delay(50);
                if (Volatile.Read(ref count) >= controls)
                {
                    await Task.Delay(500);
                    return Volatile.Read(ref count) - controls;
                }
            }

            throw new InvalidOperationException("The runtime does not tell what it finalizes.");
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, GarbageCollector);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("FinalizeObject", StringComparison.Ordinal) == true && Watched.Contains((nint)eventData.Payload![0]!))
            {
                Interlocked.Increment(ref count);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Forget() => GC.KeepAlive(new RunOptions());
    }
}
