using System.Runtime.InteropServices;

namespace Pybo.Rag.Inference;

/// <summary>Room for signals on threads that run models.</summary>
/// <remarks>
/// A null reference is a signal on Linux, and its handler runs on a stack of its own, for which .NET sets aside 16 KB. A thread that has used a
/// processor's AMX tiles, as ONNX Runtime does for 8-bit products, saves 11 KB of registers there: the handler has too little room left, and the system
/// ends the process without a word (exit code 139). So a thread gets a larger one before its first run.
/// </remarks>
internal static partial class SignalStack
{
    /// <summary>Five times what a signal saves with every register that x64 has so far; only pages that are touched take memory.</summary>
    internal const int Bytes = 64 << 10;

    /// <summary>What overflows it ends the process, and not the memory below.</summary>
    private const int GuardBytes = 4 << 10;

    private const int NoAccess = 0;
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousStack = 0x02 | 0x20 | 0x20000;

    [ThreadStatic]
    private static Mapping? larger;

    private static bool IsNeeded { get; } = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Enlarges the calling thread's; called before every run, and costs nothing after the first.</summary>
    public static void Enlarge()
    {
        if (IsNeeded)
        {
            larger ??= Replace();
        }
    }

    /// <summary>The size of the calling thread's, in bytes.</summary>
    internal static unsafe nint Size()
    {
        Description current;
        Require(SetAlternateStack(null, &current));
        return current.Size;
    }

    private static unsafe Mapping Replace()
    {
        var mapping = new Mapping();
        var replacement = new Description { Start = mapping.Start, Size = Bytes };
        Description former;
        Require(SetAlternateStack(&replacement, &former));
        if (former.Start != 0)
        {
            Require(Unmap(former.Start, former.Size)); // .NET frees at the thread's end only a stack that is in place then
        }

        return mapping;
    }

    private static void Require(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The system gives the thread no stack for signals: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaltstack", SetLastError = true)]
    private static unsafe partial int SetAlternateStack(Description* replacement, Description* former);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nint length);

    /// <summary>The memory of a thread's stack. Only its thread knows it, and only when that has ended may it go: so its finalizer frees it.</summary>
    private sealed class Mapping
    {
        public Mapping()
        {
            Start = Map(0, Bytes, ReadWrite, PrivateAnonymousStack, -1, 0);
            if (Start == -1)
            {
                GC.SuppressFinalize(this);
                Require(-1);
            }

            Require(Protect(Start, GuardBytes, NoAccess));
        }

        ~Mapping() => Unmap(Start, Bytes);

        public nint Start { get; }
    }

    /// <summary>The system's <c>stack_t</c>.</summary>
    private struct Description
    {
        public nint Start;
        public int Flags;
        public nint Size;
    }
}
