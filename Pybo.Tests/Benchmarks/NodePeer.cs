using System.Diagnostics;
using System.Globalization;

namespace Pybo.Benchmarks;

/// <summary>A Node.js process that answers each line with its measurements.</summary>
internal sealed class NodePeer : IDisposable
{
    private readonly Process process;

    private NodePeer(Process process) => this.process = process;

    /// <summary>Starts a script of the peers folder and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It did not get ready; its own message is on standard error.</exception>
    public static NodePeer Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var peer = new NodePeer(Process.Start(start) ?? throw new InvalidOperationException("Node.js did not start."));
        return peer.process.StandardOutput.ReadLine() == "ready"
            ? peer
            : throw new InvalidOperationException($"The peer {script} did not get ready.");
    }

    public double Milliseconds(string request) => Numbers(request) is [var milliseconds] ? milliseconds : throw new InvalidDataException("The peer did not answer with one number.");

    public double[] Numbers(string request)
    {
        process.StandardInput.WriteLine(request);
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The peer ended early.");
        return [.. answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
