#pragma warning disable CA1861, IDE0011
using System.CommandLine;
using System.Diagnostics;
using Pybo.Rag.Inference;
using Pybo.Rag.Onnx;
namespace Pybo.Benchmarks;
internal static class GenScratch
{
    public static Command Command()
    {
        var model = new Argument<string>("model");
        var variant = new Option<string?>("--variant");
        var c = new Command("gen") { model, variant };
        c.SetAction(p =>
        {
            var folder = LanguageModelFolder.Read(p.GetValue(model)!, variant: p.GetValue(variant));
            var t = Stopwatch.GetTimestamp();
            using var d = new Decoder(folder, 4096);
            Console.WriteLine($"load {Stopwatch.GetElapsedTime(t).TotalMilliseconds:0} rss {Environment.WorkingSet >> 20}");
            using var o = new RunOptions();
            var prompt = Enumerable.Range(0, 512).Select(i => 1000 + i * 7).ToArray();
            for (var r = 0; r < 4; r++)
            {
                using var g = new TokenGenerator(d);
                var gen = g.Begin(new(prompt, 65, new HashSet<int>(), new(new() { Temperature = 0 }, d.Layout.VocabularySize, prompt), null), o);
                gen.MoveNext();
                var a = GC.GetAllocatedBytesForCurrentThread();
                while (gen.MoveNext()) { }
                Console.WriteLine($"ttft {gen.Figures.FirstToken.TotalMilliseconds:0} tps {gen.Figures.TokensPerSecond:0.0} alloc/token {(GC.GetAllocatedBytesForCurrentThread() - a) / 64} rss {Environment.WorkingSet >> 20}");
            }
            using var st = d.CreateState();
            for (var r = 0; r < 5; r++)
            foreach (var c in new[] { 512, 256, 128, 64 })
            {
                st.Truncate(0);
                var t0 = Stopwatch.GetTimestamp();
                for (var k = 0; k < 512; k += c) d.Run(st, prompt.AsSpan(k, c), 1, o);
                Console.Write($"{c}: {Stopwatch.GetElapsedTime(t0).TotalMilliseconds:0}  ");
            }
            Console.WriteLine();
            foreach (var k in new[] { 1, 2, 3, 4, 6, 8 })
            {
                var best = 1e9;
                for (var r = 0; r < 10; r++) { st.Truncate(512); var t0 = Stopwatch.GetTimestamp(); d.Run(st, prompt.AsSpan(0, k), k, o); best = Math.Min(best, Stopwatch.GetElapsedTime(t0).TotalMilliseconds); }
                Console.WriteLine($"run of {k}: {best:0.0} ms");
            }
        });
        return c;
    }
}
