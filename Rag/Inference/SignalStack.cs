using System.Runtime.InteropServices;

namespace Pybo.Rag.Inference;

/// <summary>Room for signals on threads that run models.</summary>
/// <remarks>
/// A null reference is a signal on Linux, and its handler runs on a stack of its own, for which .NET sets aside 16 KB. A thread that has used a
/// processor's AMX tiles, as ONNX Runtime does for 8-bit products, saves 11 KB of registers there: the handler has too little room left, and the system
/// ends the process without a word (exit code 139). So a thread gets a larger one before its first run. .NET frees it with the thread.
/// </remarks>
internal static partial class SignalStack
{
    /// <summary>Five times what a signal saves with every register that x64 has so far; only pages that are touched take memory.</summary>
    internal const int Bytes = 64 << 10;

    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousStack = 0x02 | 0x20 | 0x20000;

    [ThreadStatic]
    private static bool isEnlarged;

    /// <summary>Enlarges the calling thread's; called before every run, and costs nothing after the first.</summary>
    public static void Enlarge()
    {
        if (!isEnlarged && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Replace();
        }

        isEnlarged = true;
    }

    /// <summary>The size of the calling thread's, in bytes.</summary>
    internal static unsafe nint Size()
    {
        Description current;
        Require(SetAlternateStack(null, &current));
        return current.Size;
    }

    private static unsafe void Replace()
    {
        var memory = Map(0, Bytes, ReadWrite, PrivateAnonymousStack, -1, 0);
        Require(memory == -1 ? -1 : 0);
        var larger = new Description { Start = memory, Size = Bytes };
        Description former;
        Require(SetAlternateStack(&larger, &former));
        if (former.Start != 0)
        {
            Require(Unmap(former.Start, former.Size));
        }
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

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nint length);

    /// <summary>The system's <c>stack_t</c>.</summary>
    private struct Description
    {
        public nint Start;
        public int Flags;
        public nint Size;
    }
}
