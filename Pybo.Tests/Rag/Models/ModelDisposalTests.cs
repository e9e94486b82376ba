using System.Diagnostics;

namespace Pybo.Tests.Rag.Models;

/// <summary>Disposes models while callers use them, in a separate process, because a mistake ends it.</summary>
public sealed class ModelDisposalTests
{
    public static TheoryData<string> Kinds => [.. ModelDisposals.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_thousand_disposals_with_eight_callers_in_flight_crash_and_leak_nothing(string kind)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Pybo.Tests.dll"), ModelDisposals.Command, kind])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await using var stop = TestContext.Current.CancellationToken.Register(process.Kill);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(output);

        Assert.True(process.ExitCode == 0, $"Exit code {process.ExitCode}. {output} {await error}");
        Assert.Contains(kind == "end-of-the-process" ? "8 calls are under way" : "\n0 were left to a finalizer", output, StringComparison.Ordinal);
    }
}
