using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>What a reading process has given up for good, beside what its heap and its time bound.</summary>
[Flags]
internal enum ReadingBounds : byte
{
    None = 0,

    /// <summary>All files but its own program's (Landlock).</summary>
    Files = 1,

    /// <summary>All system calls but those of reading (seccomp).</summary>
    Calls = 2,

    /// <summary>The account of root, and every capability.</summary>
    Root = 4,

    All = Files | Calls | Root,
}

internal static class ReadingBoundsOfSystem
{
    /// <summary>What a reading process can give up on this system.</summary>
    public static ReadingBounds Available { get; } =
        !OperatingSystem.IsLinux() ? ReadingBounds.None
        : ReadingBounds.Root
            | (Landlock.Version > 0 ? ReadingBounds.Files : ReadingBounds.None)
            | (RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64 ? ReadingBounds.Calls : ReadingBounds.None);

    /// <summary>What a document that takes over its reader could do where these bounds are missing; null where none is.</summary>
    public static string? Without(ReadingBounds bounds)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "it keeps the rights of this account: only its heap and its time are bounded on this system";
        }

        List<string> missing =
        [
            .. bounds.HasFlag(ReadingBounds.Files) ? [] : new[] { "it can read every file that this account can read (the kernel has no Landlock)" },
            .. bounds.HasFlag(ReadingBounds.Calls) ? [] : new[] { "it keeps the network, other programs and writing files (no filter of system calls)" },
            .. bounds.HasFlag(ReadingBounds.Root) ? [] : new[] { "it stays root (its account cannot be changed here)" },
        ];
        return missing.Count == 0 ? null : string.Join("; ", missing);
    }
}
