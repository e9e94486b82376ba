using System.CommandLine;

namespace Pybo.Benchmarks;

/// <summary>Other programs that a benchmark is compared with, installed by npm into a folder that the reader chooses.</summary>
internal static class BenchmarkPeers
{
    public static Option<string> Option(params string[] packages)
    {
        var option = new Option<string>("--peers") { Description = $"The folder in which 'npm install {string.Join(' ', packages)}' was run; without it they are left out." };
        option.Validators.Add(result =>
        {
            foreach (var package in packages)
            {
                if (result.GetValueOrDefault<string>() is { } folder && !Directory.Exists(Path.Combine(folder, "node_modules", package)))
                {
                    result.AddError($"'{folder}' has no node_modules/{package}.");
                }
            }
        });
        return option;
    }
}
