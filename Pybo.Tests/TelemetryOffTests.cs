using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pybo.Data;
using Pybo.Rag.Documents.Isolation;
using Pybo.Tests.Rag.Documents.Isolation;

namespace Pybo.Tests;

public sealed partial class TelemetryOffTests
{
    /// <summary>The tests load ONNX Runtime too. Otherwise Pybo's initializer would not run until the first use of one of its types.</summary>
    [ModuleInitializer]
    internal static void Apply() => RuntimeHelpers.RunModuleConstructor(typeof(PyboOptions).Module.ModuleHandle);

    [Fact]
    public void A_native_library_of_this_process_finds_telemetry_switched_off() => Assert.Equal("1", NativeValue());

    [Fact]
    public async Task A_native_library_of_the_reading_process_finds_it_too()
    {
        await using var reader = new IsolatedDocumentReader(commandLine: HostileReaders.CommandLine);
        var text = await reader.ReadAsync(Stream.Null, 0, "telemetry", null, TestContext.Current.CancellationToken);
        Assert.Equal("ORT_DISABLE_TELEMETRY=1", text.Text.Trim());
    }

    /// <summary>The value as C code reads it.</summary>
    internal static string? NativeValue() => Marshal.PtrToStringUTF8(OperatingSystem.IsWindows() ? WindowsEnvironment("ORT_DISABLE_TELEMETRY") : UnixEnvironment("ORT_DISABLE_TELEMETRY"));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint UnixEnvironment(string name);

    [LibraryImport("ucrtbase", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint WindowsEnvironment(string name);
}
