using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pybo;

/// <summary>Keeps native libraries from reporting to their makers: sets the variables that switch telemetry off before any of them loads.</summary>
/// <remarks>
/// ONNX Runtime starts its telemetry when its environment is created, so a call to its API is too late. <see cref="Environment.SetEnvironmentVariable(string, string)"/> alone
/// changes .NET's own copy on Unix, which a library's <c>getenv</c> does not read. A module initializer runs before any other code of the assembly, in every process
/// that loads it (the site, the commands, the reading process, tests, benchmarks), whichever code loads the library; no other thread of ours can read the environment then.
/// </remarks>
internal static partial class TelemetryOff
{
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Overrides the operator's or the system's value.</summary>
    private const string Value = "1";

    [ModuleInitializer]
    internal static void Apply()
    {
        // Sets Windows' own environment, which child processes inherit.
        Environment.SetEnvironmentVariable(Variable, Value);
        if ((OperatingSystem.IsWindows() ? PutEnvironment(Variable, Value) : SetEnvironment(Variable, Value, overwrite: 1)) != 0)
        {
            throw new InvalidOperationException($"{Variable} cannot be set in the environment of this process; without it ONNX Runtime would report to its maker.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    /// <summary>The C runtime has its own copy, made at process start.</summary>
    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnvironment(string name, string value);
}
