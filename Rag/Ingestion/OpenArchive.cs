using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Rag.Ingestion;

/// <summary>What an archive contains.</summary>
/// <param name="Files">The documents by their names in it, with their digests.</param>
/// <param name="Refused">The other files, with the reasons.</param>
/// <param name="Ignored">The number of files of systems.</param>
internal sealed record ArchiveListing(IReadOnlyList<(string Name, FileDigest Digest)> Files, IReadOnlyList<(string Name, Notice Reason)> Refused, int Ignored);

/// <summary>An archive of a folder, unpacked to a temporary file when it is first needed.</summary>
/// <param name="file">Its path.</param>
/// <param name="unwrap">Unpacks it.</param>
internal sealed class OpenArchive(string file, UnwrapFile unwrap) : IAsyncDisposable
{
    private UnwrappedFiles? files;

    public string File => file;

    /// <exception cref="DocumentUnreadableException">It cannot be unpacked.</exception>
    /// <exception cref="IOException">It cannot be read, or there is no room for its files.</exception>
    public async Task<ArchiveListing> ListAsync(CancellationToken ct)
    {
        var unpacked = await UnpackedAsync(ct);
        var found = new List<(string Name, FileDigest Digest)>();
        foreach (var one in unpacked.Files.Where(one => one.Refusal is null))
        {
            await using var content = unpacked.Open(one);
            found.Add((one.Name, await FileDigest.OfAsync(content, ct)));
        }

        return new(found, [.. unpacked.Files.Where(one => one.Refusal is not null).Select(one => (one.Name, one.Refusal!))], unpacked.Ignored);
    }

    /// <summary>Opens a file that was listed.</summary>
    /// <exception cref="IOException">The archive has changed since.</exception>
    public async Task<Stream> OpenAsync(string name, CancellationToken ct)
    {
        var unpacked = await UnpackedAsync(ct);
        return unpacked.Files.FirstOrDefault(one => one.Refusal is null && one.Name == name) is { } found
            ? unpacked.Open(found)
            : throw new NoticeException(Notice.Of(DatabaseProblem.FileChanged));
    }

    public ValueTask DisposeAsync() => files?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<UnwrappedFiles> UnpackedAsync(CancellationToken ct)
    {
        if (files is null)
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            files = new(PrivateFile.Temporary());
            await unwrap(content, content.Length, file, password: "", files, ct);
        }

        return files;
    }
}
