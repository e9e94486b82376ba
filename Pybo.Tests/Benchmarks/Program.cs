using System.CommandLine;
using System.Runtime.CompilerServices;
using Pybo;
using Pybo.Benchmarks;
using Pybo.Data;

// No benchmark, and no peer that it starts, reports to the makers of its libraries: Pybo's initializer sees to it, before any of them loads.
RuntimeHelpers.RunModuleConstructor(typeof(PyboOptions).Module.ModuleHandle);

var root = new RootCommand("Measures Pybo. Each command prints a table that names the machine and versions, or JSON with --json.")
{
    AnswersBenchmark.Command(),
    DocumentsBenchmark.Command(),
    EmbedBenchmark.Command(),
    GenerateBenchmark.Command(),
    LatencyBenchmark.Command(),
    LogInsBenchmark.Command(),
    MarkdownBenchmark.Command(),
    ReadingBenchmark.Command(),
    RetrievalBenchmark.Command(),
    StsBenchmark.Command(),
    TokenizersBenchmark.Command(),
    UploadsBenchmark.Command(),
};
return await root.Parse(args).InvokeAsync();
