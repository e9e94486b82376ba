using System.CommandLine;
using Pybo.Benchmarks;

var root = new RootCommand("Measures Pybo. Each command prints a table that names the machine and versions, or JSON with --json.")
{
    AnswersBenchmark.Command(),
    DocumentsBenchmark.Command(),
    EmbedBenchmark.Command(),
    GenerateBenchmark.Command(),
    LatencyBenchmark.Command(),
    ReadingBenchmark.Command(),
    RetrievalBenchmark.Command(),
    StsBenchmark.Command(),
    TokenizersBenchmark.Command(),
};
return await root.Parse(args).InvokeAsync();
