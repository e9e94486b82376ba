using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>A null reference on a thread that has run a model raises an exception, as on any thread, and does not end the process.</summary>
public sealed class SignalStackTests
{
    /// <summary>On processors without AMX this always passes.</summary>
    [Fact]
    public async Task Null_references_on_threads_that_have_run_a_model_are_caught()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Pybo.Tests.dll"), FaultsAfterRuns.Command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await using var stop = TestContext.Current.CancellationToken.Register(process.Kill);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}. {output} {await error}");
        Assert.Equal($"{FaultsAfterRuns.Faults} caught", output.Trim());
    }

    [Fact]
    public void Threads_that_end_leave_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Only Linux on x64 keeps such a stack.");
        const int threads = 2_000;
        static int Mappings() => File.ReadLines("/proc/self/maps").Count();
        static void End()
        {
            for (var round = 0; round < 3; round++) // a thread's own finalizer runs before those of the objects it kept
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        End();
        var before = Mappings();
        for (var i = 0; i < threads; i++)
        {
            var thread = new Thread(SignalStack.Enlarge);
            thread.Start();
            thread.Join();
        }

        End();
        Assert.InRange(Mappings() - before, int.MinValue, threads / 2); // other tests map files at the same time
    }

    [Fact]
    public void A_thread_gets_a_larger_signal_stack_before_its_first_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Only Linux on x64 keeps such a stack.");
        nint before = 0, after = 0, again = 0;
        var thread = new Thread(() =>
        {
            before = SignalStack.Size();
            using var toy = new ToyLanguageModel(ToyLayout.Shared);
            using (LanguageModel.Load(LanguageModelFolder.Read(toy.Path), 64))
            {
                after = SignalStack.Size();
            }

            SignalStack.Enlarge();
            again = SignalStack.Size();
        });
        thread.Start();
        thread.Join();
        Assert.True(before < SignalStack.Bytes);
        Assert.Equal(SignalStack.Bytes, after);
        Assert.Equal(SignalStack.Bytes, again);
    }
}

/// <summary>A process whose threads run the embedded model, which uses the widest available instructions, and then hit null references.</summary>
internal static class FaultsAfterRuns
{
    public const string Command = "faults-after-runs";

    public const int Faults = 400;

    private const int Threads = 4;

    public static async Task<int> RunAsync()
    {
        ThreadPool.SetMinThreads(Threads, Threads);
        ThreadPool.SetMaxThreads(Threads, Threads);
        await using var generator = OnnxEmbeddingGenerator.Load(SentenceTransformerFolder.Read(Path.Combine(Repository.Root, ModelFolders.Embedded)));
        var caught = 0;
        for (var round = 0; round < Faults / Threads; round++)
        {
            await generator.GenerateAsync(["대한민국의 수도는 서울이다.", "훈민정음은 1443년에 만들어졌다."]);
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
            {
                try
                {
                    Length(null!);
                }
                catch (NullReferenceException)
                {
                    Interlocked.Increment(ref caught);
                }
            })));
        }

        Console.WriteLine($"{caught} caught");
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Length(string text) => text.Length;
}
