using System.Runtime.InteropServices;

namespace Pybo.Rag.Models;

/// <summary>A second name for a file's content: no bytes are copied, and each name can be deleted without the other.</summary>
internal static partial class HardLink
{
    /// <summary>Returns false if the system cannot: another disk, or a file system without links.</summary>
    public static bool TryCreate(string path, string existing) => OperatingSystem.IsWindows() ? CreateHardLink(path, existing, 0) : Link(existing, path) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string existing, nint reserved);
}
