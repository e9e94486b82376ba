using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>Functions of Linux's C library that give up rights. The C library applies user changes to all threads; per-thread functions say so.</summary>
internal static unsafe partial class Linux
{
    public const int OpenPath = 0x20_0000; // O_PATH
    public const int CloseOnExecute = 0x8_0000; // O_CLOEXEC

    // linux/prctl.h
    private const int SetDumpable = 4;
    private const int SetNoNewPrivileges = 38;
    private const int AmbientCapabilities = 47;
    private const nuint ClearAll = 4;

    // asm-generic/resource.h
    private const int ProcessorTime = 0;
    private const int FileSize = 1;
    private const int DataSize = 2;
    private const int CoreSize = 4;

    private const int BelowNormal = 10; // ProcessPriorityClass.BelowNormal of the runtime
    private const int PathBytesMax = 4_096; // PATH_MAX
    private const nint CloseRange = 436;
    private const nuint CloseRangeOnExecute = 4;
    private const uint CapabilityVersion = 0x2008_0522; // _LINUX_CAPABILITY_VERSION_3

    /// <summary>Stops the calling thread, and the threads and programs it starts, from gaining privileges through a program's file.</summary>
    public static bool TryGiveUpNewPrivileges() => Control(SetNoNewPrivileges, 1, 0, 0, 0) == 0;

    /// <summary>Forbids processes of the same account to look into this one's memory or attach to it.</summary>
    /// <exception cref="Win32Exception">The system refuses; none is known to.</exception>
    public static void HideMemory() => Check(Control(SetDumpable, 0, 0, 0, 0));

    /// <summary>Clears the calling thread's, so that the next program of this process has none. Kernels before 4.3 lack them.</summary>
    public static void ClearInheritedCapabilities() => _ = Control(AmbientCapabilities, ClearAll, 0, 0, 0);

    /// <summary>Forbids memory dumps and files that grow, even open ones.</summary>
    /// <exception cref="Win32Exception">The system refuses; none is known to.</exception>
    public static void LimitFiles()
    {
        var none = default(ResourceLimit);
        Check(SetLimit(CoreSize, &none));
        Check(SetLimit(FileSize, &none));
    }

    /// <summary>Limits the processor time, after which the system ends the process, and the memory: heap and private mappings from kernel 4.7 on.</summary>
    /// <exception cref="Win32Exception">The system refuses; none is known to.</exception>
    public static void LimitProgram(int processorSecondsMax, long memoryBytesMax)
    {
        var (time, memory) = (new ResourceLimit((nuint)processorSecondsMax), new ResourceLimit((nuint)memoryBytesMax));
        Check(SetLimit(ProcessorTime, &time));
        Check(SetLimit(DataSize, &memory));
    }

    /// <summary>Makes the next program of this process close all open files but the three standard streams. Kernels before 5.11 leave them open.</summary>
    public static void CloseOnNextProgram() => _ = SystemCall(CloseRange, 3, uint.MaxValue, CloseRangeOnExecute);

    /// <summary>Lowers the priority, because serving pages is more urgent. If the system refuses, documents are read at the usual priority.</summary>
    public static void LowerPriority() => _ = SetPriority(0, 0, BelowNormal);

    public static bool IsRoot => UserId() == 0;

    /// <summary>Becomes another user, without root's groups and, by the kernel's rule, without capabilities.</summary>
    /// <returns>False if a container forbids it; only the groups have changed then.</returns>
    public static bool TryBecome(uint user) => SetGroups(0, null) == 0 && SetGroupIds(user, user, user) == 0 && SetUserIds(user, user, user) == 0;

    /// <summary>Drops all capabilities of the calling thread and of the threads that it starts.</summary>
    /// <exception cref="Win32Exception">The system refuses; none is known to.</exception>
    public static void DropCapabilities()
    {
        var header = new CapabilityHeader { Version = CapabilityVersion };
        var none = stackalloc uint[6];
        new Span<uint>(none, 6).Clear();
        Check(SetCapabilities(&header, none));
    }

    /// <summary>Runs another program in this process; returns only if that fails, with the reason in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static void Execute(string path, IReadOnlyList<string> arguments, IEnumerable<string> environment)
    {
        var words = Words(arguments);
        var variables = Words([.. environment]);
        fixed (nint* firstWord = words, firstVariable = variables)
        {
            _ = Execute(path, firstWord, firstVariable);
        }
    }

    /// <summary>The path without links; null if it does not exist.</summary>
    public static string? RealPath(string path)
    {
        var buffer = stackalloc byte[PathBytesMax];
        return Resolve(path, buffer) is null ? null : Marshal.PtrToStringUTF8((nint)buffer);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    private static void Check(int answer)
    {
        if (answer != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    /// <summary>Null-terminated, and never freed: the next program replaces this process.</summary>
    private static nint[] Words(IReadOnlyList<string> words) => [.. words.Select(Marshal.StringToCoTaskMemUTF8), 0];

    // Variadic in C; on x64 and arm64 Linux passes such arguments like any other.
    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nuint first, nuint second, nuint third);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* Resolve(string path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ResourceLimit* limit);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int kind, uint process, int nice);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();

    [LibraryImport("libc", EntryPoint = "setgroups")]
    private static partial int SetGroups(nuint count, uint* groups);

    [LibraryImport("libc", EntryPoint = "setresgid")]
    private static partial int SetGroupIds(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid")]
    private static partial int SetUserIds(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(CapabilityHeader* header, uint* sets);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, nint* arguments, nint* environment);

    /// <summary>struct rlimit.</summary>
    private readonly struct ResourceLimit(nuint most)
    {
        private readonly nuint current = most, maximum = most;
    }

    /// <summary>struct __user_cap_header_struct of linux/capability.h.</summary>
    private struct CapabilityHeader
    {
        public uint Version;
        public int Process;
    }
}
