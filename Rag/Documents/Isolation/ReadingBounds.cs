using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>The rights that a reading process has given up for good, in addition to its heap and time limits.</summary>
[Flags]
internal enum ReadingBounds : byte
{
    None = 0,

    /// <summary>All files but its own program's (Landlock).</summary>
    Files = 1,

    /// <summary>All system calls but those that reading needs (seccomp).</summary>
    Calls = 2,

    /// <summary>The root account and every capability.</summary>
    Root = 4,

    All = Files | Calls | Root,
}

internal static class ReadingBoundsOfSystem
{
    /// <summary>The rights that a reading process can give up on this system.</summary>
    public static ReadingBounds Available { get; } =
        !OperatingSystem.IsLinux() ? ReadingBounds.None
        : ReadingBounds.Root
            | (Landlock.Version > 0 ? ReadingBounds.Files : ReadingBounds.None)
            | (RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64 ? ReadingBounds.Calls : ReadingBounds.None);

    /// <summary>Describes what a document that takes over its reader could do without the missing bounds; null if none is missing.</summary>
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
