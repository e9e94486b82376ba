using System.Runtime.InteropServices;

namespace Pybo.Rag.Inference;

/// <summary>Enlarges the signal stack of threads that run models.</summary>
/// <remarks>
/// A null reference is a signal on Linux, and its handler runs on a separate stack, for which .NET reserves 16 KB. If a thread has used a processor's
/// AMX tiles, as ONNX Runtime does for 8-bit products, the signal saves 11 KB of registers there. The handler then has too little room, and the
/// system ends the process silently (exit code 139). So a thread gets a larger stack before its first run.
/// </remarks>
internal static partial class SignalStack
{
    /// <summary>Five times what a signal saves with all current x64 registers; only touched pages take memory.</summary>
    internal const int Bytes = 64 << 10;

    /// <summary>An overflow ends the process instead of overwriting the memory below.</summary>
    private const int GuardBytes = 4 << 10;

    private const int NoAccess = 0;
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousStack = 0x02 | 0x20 | 0x20000;

    [ThreadStatic]
    private static Mapping? larger;

    private static bool IsNeeded { get; } = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Enlarges the calling thread's stack; called before every run, and free after the first.</summary>
    public static void Enlarge()
    {
        if (IsNeeded)
        {
            larger ??= Replace();
        }
    }

    /// <summary>Returns the size of the calling thread's stack, in bytes.</summary>
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
            Require(Unmap(former.Start, former.Size)); // at the thread's end .NET frees only the stack that is in place then
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

    /// <summary>The memory of a thread's stack. Only its thread knows it, and it must outlive that thread, so the finalizer frees it.</summary>
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
