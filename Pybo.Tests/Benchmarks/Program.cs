using System.CommandLine;
using System.Runtime.CompilerServices;
using Pybo;
using Pybo.Benchmarks;
using Pybo.Data;

// Pybo's initializer keeps every benchmark and every peer it starts from reporting to the makers of its libraries; it must run before any of them loads.
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
