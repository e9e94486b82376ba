using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// Leaves this process only the system calls that the runtime makes while it reads documents: memory, threads, time, reading open files and opening files to read.
/// Every other call fails, including those of future kernels. Linux on x64 and arm64 (seccomp, kernel 3.17 and later).
/// </summary>
/// <remarks>
/// The list contains what <c>strace</c> shows for the readers over the test files, completed within each group by the calls of other C libraries.
/// A refused call fails with EPERM; a call younger than 2019 fails with ENOSYS, as on an older kernel, so that the C library falls back (without clone3,
/// whose flags no filter can see, it makes threads with clone).
/// </remarks>
internal static unsafe partial class SystemCallFilter
{
    private const uint SetModeFilter = 1;
    private const uint SynchroniseThreads = 1;

    // struct seccomp_data of linux/seccomp.h: number, architecture, instruction pointer, six 64-bit arguments; for all calls below the kernel's own functions take an argument's lower half.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint ArgumentsOffset = 16;

    // linux/bpf_common.h
    private const ushort LoadWord = 0x20;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7FFF_0000;
    private const uint Refuse = 0x0005_0000 | 1; // EPERM
    private const uint Absent = 0x0005_0000 | 38; // ENOSYS

    /// <summary>pidfd_send_signal, the first call with one number on all architectures: C libraries expect that a kernel may lack it and all later calls.</summary>
    private const uint YoungCallsStart = 424;

    /// <summary>x64's numbers from here on are the x32 variants of all calls.</summary>
    private const uint VariantsStart = 0x4000_0000;

    /// <summary>O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND and the bit of O_TMPFILE: the same on both architectures.</summary>
    private const uint WriteFlags = 0x1 | 0x2 | 0x40 | 0x200 | 0x400 | 0x40_0000;

    private const uint ThreadFlag = 0x1_0000; // CLONE_THREAD

    /// <summary>The flags of pthread_create: CLONE_VM, FS, FILES, SIGHAND, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID, and musl's DETACHED.</summary>
    private const uint ThreadFlags = ThreadFlag | 0x100 | 0x200 | 0x400 | 0x800 | 0x4_0000 | 0x8_0000 | 0x10_0000 | 0x20_0000 | 0x40_0000;

    /// <summary>F_DUPFD, F_GETFD, F_SETFD, F_GETFL and F_DUPFD_CLOEXEC; not F_SETOWN, which directs signals at other processes, nor locks.</summary>
    private static readonly uint[] DescriptorCommands = [0, 1, 2, 3, 1030];

    /// <summary>LOCK_SH alone and without waiting, LOCK_UN: a reader needs no lock that shuts others out of a program file.</summary>
    private static readonly uint[] SharedLocks = [1, 5, 8];

    /// <summary>PR_SET_NAME, PR_GET_NAME and PR_SET_VMA (the names of threads and of memory).</summary>
    private static readonly uint[] NameOptions = [15, 16, 0x5356_4D41];

    /// <summary>A call with its number on x64 and, if it has one, on arm64 (asm/unistd_64.h, asm-generic/unistd.h).</summary>
    internal static IReadOnlyList<AllowedCall> Calls { get; } =
    [
        // The most frequent calls are first: the filter tries them in this order.
        new("futex", 202, 98), new("read", 0, 63), new("write", 1, 64), new("sched_yield", 24, 124), new("mprotect", 10, 226), new("madvise", 28, 233),
        new("mmap", 9, 222), new("munmap", 11, 215), new("mremap", 25, 216), new("brk", 12, 214), new("membarrier", 324, 283), new("mincore", 27, 232), new("msync", 26, 227),
        new("get_mempolicy", 239, 236),

        new("close", 3, 57), new("newfstatat", 262, 79), new("fstat", 5, 80), new("stat", 4, null), new("lstat", 6, null), new("statx", 332, 291), new("pread64", 17, 67),
        new("readv", 19, 65), new("writev", 20, 66), new("preadv", 295, 69), new("lseek", 8, 62), new("getdents64", 217, 61), new("getdents", 78, null), new("readlink", 89, null),
        new("readlinkat", 267, 78), new("access", 21, null), new("faccessat", 269, 48), new("faccessat2", 439, 439), new("getcwd", 79, 17), new("statfs", 137, 43),
        new("fstatfs", 138, 44), new("fadvise64", 221, 223), new("dup", 32, 23), new("dup2", 33, null), new("dup3", 292, 24), new("pipe", 22, null), new("pipe2", 293, 59),
        new("poll", 7, null), new("ppoll", 271, 73), new("select", 23, null), new("pselect6", 270, 72),

        new("exit", 60, 93), new("exit_group", 231, 94), new("restart_syscall", 219, 128), new("set_robust_list", 273, 99), new("set_tid_address", 218, 96), new("rseq", 334, 293),
        new("rt_sigaction", 13, 134), new("rt_sigprocmask", 14, 135), new("rt_sigreturn", 15, 139), new("rt_sigtimedwait", 128, 137), new("rt_sigsuspend", 130, 133),
        new("rt_sigpending", 127, 136), new("sigaltstack", 131, 132),

        new("gettid", 186, 178), new("getpid", 39, 172), new("getppid", 110, 173), new("getuid", 102, 174), new("geteuid", 107, 175), new("getgid", 104, 176),
        new("getegid", 108, 177), new("clock_gettime", 228, 113), new("clock_getres", 229, 114), new("clock_nanosleep", 230, 115), new("nanosleep", 35, 101),
        new("gettimeofday", 96, 169), new("time", 201, null), new("times", 100, 153), new("getrusage", 98, 165), new("sysinfo", 99, 179), new("uname", 63, 160),
        new("getcpu", 309, 168), new("getrlimit", 97, 163), new("getpriority", 140, 141), new("sched_getaffinity", 204, 123), new("sched_getscheduler", 145, 120),
        new("sched_getparam", 143, 121), new("sched_get_priority_max", 146, 125), new("sched_get_priority_min", 147, 126), new("getrandom", 318, 278),

        new("openat", 257, 56, new(2, WriteFlags, [0])), new("open", 2, null, new(1, WriteFlags, [0])),
        new("clone", 56, 220, new(0, ThreadFlag | ~ThreadFlags, [ThreadFlag])),
        new("fcntl", 72, 25, new(1, uint.MaxValue, DescriptorCommands)), new("flock", 73, 32, new(1, uint.MaxValue, SharedLocks)),
        new("prctl", 157, 167, new(0, uint.MaxValue, NameOptions)), new("sched_setaffinity", 203, 122, new(0, uint.MaxValue, [0])),

        // The runtime signals its own threads, and aborts with a signal to itself. Process 0 means this one for prlimit64, but the whole group for kill.
        new("kill", 62, 129, Condition.OwnProcess()), new("tgkill", 234, 131, Condition.OwnProcess()), new("rt_tgsigqueueinfo", 297, 240, Condition.OwnProcess()),
        new("prlimit64", 302, 261, Condition.OwnProcess(0)),
    ];

    /// <summary>The calls that start another program in this process, and with which its C library begins.</summary>
    private static readonly AllowedCall[] ProgramCalls = [new("execve", 59, 221), new("arch_prctl", 158, null)];

    /// <summary>Returns true if the filter is in force from now on, for every thread. It requires giving up new privileges.</summary>
    /// <param name="startsProgram">Leaves the right to become another program; Landlock decides which.</param>
    public static bool TryApply(bool startsProgram = false)
    {
        Architecture? architecture = RuntimeInformation.ProcessArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => Architecture.X64,
            System.Runtime.InteropServices.Architecture.Arm64 => Architecture.Arm64,
            _ => null,
        };
        if (!OperatingSystem.IsLinux() || architecture is null || !Linux.TryGiveUpNewPrivileges())
        {
            return false;
        }

        var instructions = Program(architecture.Value, (uint)Environment.ProcessId, startsProgram).ToArray();
        fixed (Instruction* first = instructions)
        {
            var program = new FilterProgram((ushort)instructions.Length, first);
            return SystemCall(architecture == Architecture.X64 ? 317 : 277, SetModeFilter, SynchroniseThreads, &program) == 0;
        }
    }

    /// <param name="process">The id of this process.</param>
    internal static IEnumerable<Instruction> Program(Architecture architecture, uint process, bool startsProgram = false)
    {
        yield return new(LoadWord, 0, 0, ArchitectureOffset);
        yield return new(JumpIfEqual, 1, 0, (uint)architecture);
        yield return new(Return, 0, 0, Refuse);
        yield return new(LoadWord, 0, 0, NumberOffset);
        yield return new(JumpIfAtLeast, 0, 1, VariantsStart);
        yield return new(Return, 0, 0, Refuse);
        foreach (var call in startsProgram ? Calls.Concat(ProgramCalls) : Calls)
        {
            if ((architecture == Architecture.X64 ? call.X64 : call.Arm64) is not { } number)
            {
                continue;
            }

            if (call.Condition is not { } condition)
            {
                yield return new(JumpIfEqual, 0, 1, number);
                yield return new(Return, 0, 0, Allow);
                continue;
            }

            uint[] values = condition.IsOwnProcess ? [process, .. condition.Values] : condition.Values;
            yield return new(JumpIfEqual, 0, (byte)(3 + (2 * values.Length)), number);
            yield return new(LoadWord, 0, 0, ArgumentsOffset + (condition.Argument * sizeof(ulong)));
            yield return new(And, 0, 0, condition.Mask);
            foreach (var value in values)
            {
                yield return new(JumpIfEqual, 0, 1, value);
                yield return new(Return, 0, 0, Allow);
            }

            yield return new(Return, 0, 0, Refuse);
        }

        yield return new(JumpIfAtLeast, 0, 1, YoungCallsStart);
        yield return new(Return, 0, 0, Absent);
        yield return new(Return, 0, 0, Refuse);
    }

    // Variadic in C; on both architectures Linux passes such arguments like any other.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nuint operation, nuint flags, FilterProgram* program);

    /// <summary>Their constants in linux/audit.h.</summary>
    internal enum Architecture : uint
    {
        X64 = 0xC000_003E,
        Arm64 = 0xC000_00B7,
    }

    internal sealed record AllowedCall(string Name, uint X64, uint? Arm64, Condition? Condition = null);

    /// <summary>Allows the call if the argument's masked bits equal one of the values or this process's id.</summary>
    internal sealed record Condition(uint Argument, uint Mask, uint[] Values, bool IsOwnProcess = false)
    {
        public static Condition OwnProcess(params uint[] others) => new(0, uint.MaxValue, others, IsOwnProcess: true);
    }

    /// <summary>struct sock_filter of linux/filter.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Instruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct FilterProgram(ushort length, Instruction* first)
    {
        private readonly ushort length = length;
        private readonly Instruction* first = first;
    }
}
