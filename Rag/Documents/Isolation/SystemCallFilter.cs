using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// Takes from this process, for good, what reading a document never needs: the network, other programs and processes, and writing files.
/// Linux on x64 and arm64 only (seccomp, kernel 3.17 and later); elsewhere the process is bounded by its heap and time alone.
/// </summary>
/// <remarks>Calls fail with EPERM. Threads can still be made; clone3 and openat2, whose flags lie in memory that a filter cannot see, look absent, and the C library falls back.</remarks>
internal static unsafe partial class SystemCallFilter
{
    private const int SetNoNewPrivileges = 38;
    private const uint SetModeFilter = 1;
    private const uint SynchroniseThreads = 1;

    // struct seccomp_data of linux/seccomp.h: number, architecture, instruction pointer, six arguments of 64 bits.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint ArgumentsOffset = 16;

    // linux/bpf_common.h
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7FFF_0000;
    private const uint Refuse = 0x0005_0000 | 1; // EPERM
    private const uint Absent = 0x0005_0000 | 38; // ENOSYS

    private const uint ThreadFlag = 0x0001_0000; // CLONE_THREAD
    private const uint WriteFlags = 0x1 | 0x2 | 0x40 | 0x200; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC: the same on both architectures

    /// <summary>x64's numbers from here on are the x32 variants of all calls.</summary>
    private const uint VariantsStart = 0x4000_0000;

    // asm/unistd_64.h: socket to listen, accept and sendto, sendmsg, socketpair, fork, vfork, execve, kill, truncate, rename to symlink, chmod to lchown, ptrace, mknod, mount,
    // rt_sigqueueinfo, mkdirat to fchownat, unlinkat to symlinkat, fchmodat, unshare, accept4, perf_event_open, setns, process_vm_readv and writev, renameat2, bpf, execveat,
    // pidfd_send_signal, io_uring_setup to register, pidfd_getfd, fchmodat2.
    private static readonly Architecture X64 = new(
        0xC000_003E, Seccomp: 317, NewTask: 56, OpenAt: 257, Open: 2, OwnProcessOnly: [234, 297, 302],
        [41, 42, 43, 44, 46, 49, 50, 53, 57, 58, 59, 62, 76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 101, 129, 133, 165, 258, 259, 260, 263, 264, 265, 266, 268, 272, 288, 298,
            308, 310, 311, 316, 321, 322, 424, 425, 426, 427, 438, 452]);

    // asm-generic/unistd.h: the same, without the calls that it never had.
    private static readonly Architecture Arm64 = new(
        0xC000_00B7, Seccomp: 277, NewTask: 220, OpenAt: 56, Open: null, OwnProcessOnly: [131, 240, 261],
        [33, 34, 35, 36, 37, 38, 40, 45, 52, 53, 54, 55, 97, 117, 129, 138, 198, 199, 200, 201, 202, 203, 206, 211, 221, 241, 242, 268, 270, 271, 276, 280, 281, 424, 425, 426, 427, 438,
            452]);

    private const uint Clone3 = 435;
    private const uint OpenAt2 = 437;

    /// <summary>True where the filter holds from now on, for every thread.</summary>
    public static bool TryApply()
    {
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => X64,
            System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
            _ => null,
        };
        if (!OperatingSystem.IsLinux() || architecture is null || Control(SetNoNewPrivileges, 1, 0, 0, 0) != 0)
        {
            return false;
        }

        var instructions = Program(architecture).ToArray();
        fixed (Instruction* first = instructions)
        {
            var program = new FilterProgram((ushort)instructions.Length, first);
            return SystemCall(architecture.Seccomp, SetModeFilter, SynchroniseThreads, &program) == 0;
        }
    }

    private static IEnumerable<Instruction> Program(Architecture architecture)
    {
        yield return new(LoadWord, 0, 0, ArchitectureOffset);
        yield return new(JumpIfEqual, 1, 0, architecture.Audit);
        yield return new(Return, 0, 0, Refuse);
        yield return new(LoadWord, 0, 0, NumberOffset);
        yield return new(JumpIfAtLeast, 0, 1, VariantsStart);
        yield return new(Return, 0, 0, Refuse);
        foreach (var (number, answer) in architecture.Refused.Select(number => (number, Refuse)).Concat([(Clone3, Absent), (OpenAt2, Absent)]))
        {
            yield return new(JumpIfEqual, 0, 1, number);
            yield return new(Return, 0, 0, answer);
        }

        // A clone without the flag of a thread is a process.
        yield return new(JumpIfEqual, 0, 4, architecture.NewTask);
        yield return new(LoadWord, 0, 0, ArgumentsOffset);
        yield return new(JumpIfAnyBit, 1, 0, ThreadFlag);
        yield return new(Return, 0, 0, Refuse);
        yield return new(Return, 0, 0, Allow);

        // Their first argument is a process: this one, which is also 0. The runtime signals its own threads.
        foreach (var number in architecture.OwnProcessOnly)
        {
            yield return new(JumpIfEqual, 0, 5, number);
            yield return new(LoadWord, 0, 0, ArgumentsOffset);
            yield return new(JumpIfEqual, 2, 0, 0);
            yield return new(JumpIfEqual, 1, 0, (uint)Environment.ProcessId);
            yield return new(Return, 0, 0, Refuse);
            yield return new(Return, 0, 0, Allow);
        }

        (uint Number, uint Argument)?[] opens = [(architecture.OpenAt, 2), architecture.Open is { } open ? (open, 1) : null];
        foreach (var (number, argument) in opens.OfType<(uint, uint)>())
        {
            yield return new(JumpIfEqual, 0, 4, number);
            yield return new(LoadWord, 0, 0, ArgumentsOffset + (argument * sizeof(ulong)));
            yield return new(JumpIfAnyBit, 0, 1, WriteFlags);
            yield return new(Return, 0, 0, Refuse);
            yield return new(Return, 0, 0, Allow);
        }

        yield return new(Return, 0, 0, Allow);
    }

    // Variadic in C; on both architectures Linux passes such arguments like any other.
    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nuint operation, nuint flags, FilterProgram* program);

    /// <param name="Audit">Its name in linux/audit.h.</param>
    /// <param name="NewTask">clone.</param>
    /// <param name="OwnProcessOnly">tgkill, rt_tgsigqueueinfo and prlimit64.</param>
    private sealed record Architecture(uint Audit, int Seccomp, uint NewTask, uint OpenAt, uint? Open, uint[] OwnProcessOnly, uint[] Refused);

    /// <summary>struct sock_filter of linux/filter.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct FilterProgram(ushort length, Instruction* first)
    {
        private readonly ushort length = length;
        private readonly Instruction* first = first;
    }
}
