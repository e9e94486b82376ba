using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using System.Text;
using Pybo.Pages.Resources;

namespace Pybo;

/// <summary>
/// The data appended to a published single file for Linux: native libraries, the embedded model, web assets, settings. The program unpacks
/// it once, into the first usable folder. The runtime's own unpacking ends the process before its first line if the home folder is not
/// writable, as for a service account.
/// </summary>
/// <remarks>
/// <c>Natives.targets</c> writes it: the number of files, and for each its path (<see cref="BinaryReader.ReadString"/>), its length and its bytes, all of it
/// as one gzip stream; then the stream's SHA-256, its length, and <see cref="Mark"/>.
/// </remarks>
internal static partial class Payload
{
    /// <summary>The runtime's own variable: it overrides every other folder to unpack to.</summary>
    public const string FolderVariable = "DOTNET_BUNDLE_EXTRACT_BASE_DIR";

    public const int HashBytes = 32;

    /// <summary>A payload with more files is not ours.</summary>
    private const int FilesMax = 10_000;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The last bytes of a file with a payload.</summary>
    public static ReadOnlySpan<byte> Mark => "PYBO\u0001END"u8;

    /// <summary>Afterwards the program's files are in <see cref="AppContext.BaseDirectory"/>. Does nothing if they are next to the program.</summary>
    /// <exception cref="PayloadException">No folder can be used.</exception>
    public static void Unpack()
    {
        if (!OperatingSystem.IsLinux() || !IsSingleFile() || Environment.ProcessPath is not { } program)
        {
            return;
        }

        using var file = new FileStream(program, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (Find(file) is not { } found)
        {
            return;
        }

        var folder = Unpack(file, found.Start, found.Hash, Bases());
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", folder + Path.DirectorySeparatorChar);
        // Child processes, such as the reading process, which sees no home folder of its own, find the same folder.
        Environment.SetEnvironmentVariable(FolderVariable, Path.GetDirectoryName(Path.GetDirectoryName(folder)));
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => Library(folder, name);
    }

    /// <summary>Returns the payload's start and hash; null for a file without one.</summary>
    public static (long Start, byte[] Hash)? Find(Stream file)
    {
        var trailer = new byte[HashBytes + sizeof(long) + Mark.Length];
        if (file.Length < trailer.Length)
        {
            return null;
        }

        file.Position = file.Length - trailer.Length;
        file.ReadExactly(trailer);
        var length = BitConverter.ToInt64(trailer, HashBytes);
        var start = file.Length - trailer.Length - length;
        return trailer.AsSpan(HashBytes + sizeof(long)).SequenceEqual(Mark) && start >= 0 ? (start, trailer[..HashBytes]) : null;
    }

    /// <summary>Unpacks into the first folder that works, unless it was unpacked there before.</summary>
    /// <param name="bases">Folders in order of preference, and whether each must belong to this account, so that no other account has put files there.</param>
    /// <returns>The folder with the files.</returns>
    [UnsupportedOSPlatform("windows")]
    public static string Unpack(Stream file, long start, byte[] hash, IEnumerable<(string Folder, bool MustBeOwn)> bases)
    {
        var refused = new StringBuilder();
        foreach (var (folder, mustBeOwn) in bases)
        {
            try
            {
                return Unpack(file, start, Path.Combine(Own(folder, mustBeOwn), "Pybo"), Convert.ToHexStringLower(hash)[..16]);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                refused.Append(CultureInfo.InvariantCulture, $"\n  {folder}: {error.Message}");
            }
        }

        throw new PayloadException(TerminalWords.NoPayloadFolder.With(FolderVariable, refused));
    }

    /// <summary>The operator may name any folder. The home folder, and one below the temporary folders, must belong to this account or root.</summary>
    private static IEnumerable<(string Folder, bool MustBeOwn)> Bases()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen)
        {
            yield return (chosen, false);
            yield break;
        }

        if (Environment.GetEnvironmentVariable("HOME") is { } home && Path.IsPathRooted(home) && Directory.Exists(home))
        {
            yield return (Path.Combine(home, ".net"), true);
        }

        foreach (var temporary in new[] { Environment.GetEnvironmentVariable("TMPDIR"), "/var/tmp", "/tmp" })
        {
            if (temporary is not null && Path.IsPathRooted(temporary))
            {
                yield return (Path.Combine(temporary, $"pybo-{UserId().ToString(CultureInfo.InvariantCulture)}"), true);
            }
        }
    }

    /// <exception cref="IOException">It belongs to another account, or others may write to it.</exception>
    [UnsupportedOSPlatform("windows")]
    private static string Own(string folder, bool mustBeOwn)
    {
        Directory.CreateDirectory(folder, Private);
        if (mustBeOwn && !(IsOwn(folder) && (Path.GetFileName(folder) != ".net" || IsOwn(Path.GetDirectoryName(folder)!))))
        {
            throw new IOException("The folder belongs to another account, or others may write into it.");
        }

        return folder;
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOwn(string folder) =>
        File.ResolveLinkTarget(folder, returnFinalTarget: false) is null && Owner(folder) is var owner && (owner == UserId() || owner == 0) && (File.GetUnixFileMode(folder) & OthersWrite) == 0;

    [UnsupportedOSPlatform("windows")]
    private static string Unpack(Stream file, long start, string parent, string name)
    {
        var folder = Path.Combine(parent, name);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        Directory.CreateDirectory(parent, Private);
        // Written elsewhere and renamed: a killed start leaves nothing that looks finished.
        var unfinished = Path.Combine(parent, $"{name}-{Guid.NewGuid():N}");
        try
        {
            Write(file, start, Directory.CreateDirectory(unfinished, Private).FullName);
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another start was faster.
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }

        return folder;
    }

    private static void Write(Stream file, long start, string folder)
    {
        file.Position = start;
        using var packed = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        using var reader = new BinaryReader(packed, Encoding.UTF8, leaveOpen: true);
        var count = reader.ReadInt32();
        for (var index = 0; index < count && index < FilesMax; index++)
        {
            var target = Path.Combine(folder, reader.ReadString());
            var length = reader.ReadInt64();
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
            Copy(packed, output, length);
        }
    }

    private static void Copy(Stream from, FileStream to, long length)
    {
        var buffer = new byte[1 << 20];
        while (length > 0)
        {
            var part = from.Read(buffer, 0, (int)Math.Min(buffer.Length, length));
            if (part == 0)
            {
                throw new InvalidDataException("The program's file is damaged: it ends before what it carries.");
            }

            to.Write(buffer, 0, part);
            length -= part;
        }
    }

    private static nint Library(string folder, string name)
    {
        var platform = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        foreach (var place in new[] { folder, Path.Combine(folder, "runtimes", platform, "native") })
        {
            foreach (var file in new[] { name, $"lib{name}.so", $"{name}.so", $"lib{name}" })
            {
                if (File.Exists(Path.Combine(place, file)) && NativeLibrary.TryLoad(Path.Combine(place, file), out var library))
                {
                    return library;
                }
            }
        }

        return 0;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty path is what tells a single file.")]
    private static bool IsSingleFile() => Assembly.GetExecutingAssembly().Location.Length == 0;

    /// <summary>Returns the owner of a folder, by <c>statx</c>, whose result has the same layout on all processors.</summary>
    private static unsafe uint Owner(string path)
    {
        const int currentFolder = -100;
        const int withoutFollowing = 0x100;
        const uint user = 0x8;
        const int userOffset = 20;
        var answer = stackalloc byte[256];
        return Status(currentFolder, path, withoutFollowing, user, answer) == 0
            ? *(uint*)(answer + userOffset)
            : throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}

/// <summary>The program's own files cannot be unpacked; the message says why.</summary>
internal sealed class PayloadException(string message) : Exception(message);
