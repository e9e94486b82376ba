using System.IO.Compression;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace Pybo.Tests;

/// <summary>The contents of a published single file, and the folder it unpacks into. <see cref="Attacks.HomelessTests"/> start the real one.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PayloadTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("pybo-payload-").FullName;

    public PayloadTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The single file for Windows unpacks itself by the runtime's way");

    [Fact]
    public void Files_are_unpacked_once_and_whole()
    {
        var program = Program(("a/b.txt", "둘"), ("c", ""));
        var folder = Unpack(program, ("base", false));
        Assert.Equal(["a/b.txt", "c"], Files(folder));
        Assert.Equal("둘", File.ReadAllText(Path.Combine(folder, "a/b.txt")));

        File.WriteAllText(Path.Combine(folder, "c"), "marked");
        Assert.Equal(folder, Unpack(program, ("base", false)));
        Assert.Equal("marked", File.ReadAllText(Path.Combine(folder, "c")));
        Assert.NotEqual(folder, Unpack(Program(("c", "other")), ("base", false)));
    }

    [Fact]
    public void A_program_without_a_payload_unpacks_nothing()
    {
        Assert.Null(Payload.Find(new MemoryStream()));
        Assert.Null(Payload.Find(new MemoryStream(new byte[1_000])));
        Assert.Null(Payload.Find(new MemoryStream([.. new byte[Payload.HashBytes], .. BitConverter.GetBytes(1_000L), .. Payload.Mark])));
    }

    [Fact]
    public void An_interrupted_program_leaves_nothing_that_looks_finished()
    {
        var program = Program(("a", new string('x', 5_000_000)));
        using var file = new MemoryStream(program[..^4_000_000]);
        Assert.Throws<InvalidDataException>(() => Payload.Unpack(file, Encoding.UTF8.GetByteCount("the bundle"), new byte[Payload.HashBytes], [(Path.Combine(root, "base"), false)]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(root, "base", "Pybo")));
    }

    [Fact]
    public void An_unusable_folder_is_skipped_and_named_if_none_can_be_used()
    {
        File.WriteAllText(Path.Combine(root, "file"), "");
        Assert.StartsWith(Path.Combine(root, "good"), Unpack(Program(("a", "")), ("file", false), ("file/below", true), ("good", true)), StringComparison.Ordinal);
        var refused = Assert.Throws<PayloadException>(() => Unpack(Program(("a", "")), ("file", false), ("file/below", true)));
        Assert.Contains(Payload.FolderVariable, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(root, "file/below"), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void Files_that_other_accounts_may_have_written_are_not_run(UnixFileMode others)
    {
        var open = Directory.CreateDirectory(Path.Combine(root, "open")).FullName;
        File.SetUnixFileMode(open, File.GetUnixFileMode(open) | others);
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), Directory.CreateDirectory(Path.Combine(root, "target")).FullName);
        Assert.StartsWith(Path.Combine(root, "own"), Unpack(Program(("a", "")), ("open", true), ("link", true), ("own", true)), StringComparison.Ordinal);
        Assert.StartsWith(open, Unpack(Program(("a", "")), ("open", false)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_starts_unpack_one_folder()
    {
        var program = Program([.. Enumerable.Range(0, 50).Select(i => ($"{i}", new string('x', 10_000)))]);
        var folders = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Unpack(program, ("base", false)))));
        Assert.Single(folders.Distinct());
        Assert.Equal(50, Files(folders[0]).Count());
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(root, "base", "Pybo")));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Unpack(byte[] program, params (string Folder, bool MustBeOwn)[] bases)
    {
        using var file = new MemoryStream(program);
        var (start, hash) = Payload.Find(file)!.Value;
        return OperatingSystem.IsWindows() ? "" : Payload.Unpack(file, start, hash, bases.Select(b => (Path.Combine(root, b.Folder), b.MustBeOwn)));
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal);

    /// <summary>As the build writes it, after a bundle of ten bytes.</summary>
    private static byte[] Program(params (string Path, string Text)[] files)
    {
        using var payload = new MemoryStream();
        using var packed = new GZipStream(payload, CompressionLevel.NoCompression, leaveOpen: true);
        using var writer = new BinaryWriter(packed);
        writer.Write(files.Length);
        foreach (var (path, text) in files)
        {
            writer.Write(path);
            writer.Write((long)Encoding.UTF8.GetByteCount(text));
            writer.Write(Encoding.UTF8.GetBytes(text));
        }

        writer.Close();
        var bytes = payload.ToArray();
        return [.. "the bundle"u8, .. bytes, .. SHA256.HashData(bytes), .. BitConverter.GetBytes((long)bytes.Length), .. Payload.Mark];
    }
}
