using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// Runs another program on an untrusted file: it takes the file from its standard input and answers on its standard output. On Linux this program starts itself, drops
/// the rights that a reading process drops (<see cref="Confinement"/>), and becomes the other program: no network, no writing, no further programs, no files but libraries and its own data.
/// </summary>
public static class ConfinedProgram
{
    /// <summary>The hidden command; the processor seconds, the program and its arguments follow.</summary>
    public const string Command = "run-program";

    private const int BufferBytes = 131_072;

    /// <summary>Becomes the program; returns only if that fails.</summary>
    /// <exception cref="Win32Exception">The program does not start.</exception>
    public static int Run(IReadOnlyList<string> words)
    {
        if (words is not [var seconds, var program, ..] || !int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var secondsMax))
        {
            throw new InvalidOperationException("Not a program to run.");
        }

        Confinement.Become(program, [.. words.Skip(1)], secondsMax);
        return 1;
    }

    /// <summary>Runs a program and returns what it writes; null if it fails, takes too long or writes too much.</summary>
    /// <param name="program">The full path.</param>
    /// <param name="input">Given to the program from its current position.</param>
    /// <param name="hiddenFiles">As in <see cref="ReadingLimits.HiddenFiles"/>.</param>
    internal static async Task<byte[]?> RunAsync(string program, IReadOnlyList<string> arguments, Stream input, int outputBytesMax, TimeSpan time, IReadOnlyList<string> hiddenFiles, CancellationToken ct)
    {
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(ct);
        clock.CancelAfter(time);
        using var process = Start(program, arguments, time, hiddenFiles);
        try
        {
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, clock.Token);
            var sent = SendAsync(process, input, clock.Token);
            var output = await ReceiveAsync(process.StandardOutput.BaseStream, outputBytesMax, clock.Token);
            if (output is null)
            {
                return null;
            }

            await Task.WhenAll(sent, errors, process.WaitForExitAsync(clock.Token));
            return process.ExitCode == 0 ? output : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Its time is over.
            return null;
        }
        finally
        {
            Kill(process);
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, TimeSpan time, IReadOnlyList<string> hiddenFiles)
    {
        var seconds = ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        IReadOnlyList<string> command = OperatingSystem.IsLinux() ? [.. ReadingProgram.CommandLine(Command), seconds, program, .. arguments] : [program, .. arguments];
        return ReadingProgram.Start(command, new() { HiddenFiles = hiddenFiles });
    }

    private static async Task SendAsync(Process process, Stream input, CancellationToken ct)
    {
        try
        {
            await input.CopyToAsync(process.StandardInput.BaseStream, BufferBytes, ct);
            process.StandardInput.Close();
        }
        catch (IOException) when (process.HasExited)
        {
            // It ended without the rest; its exit code tells whether that was right.
        }
    }

    private static async Task<byte[]?> ReceiveAsync(Stream output, int bytesMax, CancellationToken ct)
    {
        var received = new ArrayBufferWriter<byte>(BufferBytes);
        while (await output.ReadAsync(received.GetMemory(BufferBytes), ct) is > 0 and var read)
        {
            received.Advance(read);
            if (received.WrittenCount > bytesMax)
            {
                return null;
            }
        }

        return received.WrittenSpan.ToArray();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or AggregateException)
        {
            // It has already ended.
        }
    }
}
