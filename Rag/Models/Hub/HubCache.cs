namespace Pybo.Rag.Models;

/// <summary>The cache that other Hugging Face tools fill: <c>models--owner--name/{blobs/HASH, snapshots/COMMIT/PATH, refs/REVISION}</c>.</summary>
/// <remarks>Read only. Its files are trusted only after they have been hashed.</remarks>
internal sealed class HubCache(HubSettings settings)
{
    private const int RefCharactersMax = 100;

    /// <summary>Finds a file with this content in the cache.</summary>
    public async Task<string?> FindAsync(HubListing listing, HubFile file, CancellationToken ct)
    {
        var repository = Folder(listing.Repository);
        string[] places = [Path.Combine(repository, "blobs", file.Hash), ModelFiles.Full(Path.Combine(repository, "snapshots", listing.Commit), file.Path)];
        foreach (var place in places.Where(File.Exists))
        {
            // A hard link to a symbolic link would still be a symbolic link.
            var target = new FileInfo(place).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? place;
            if (await ContentHash.MatchesAsync(target, file, ct))
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>Lists the cache's own files of a repository, for offline use; returns null if it has none.</summary>
    public async Task<HubListing?> ListAsync(string name, string revision, Func<string, bool> wants, CancellationToken ct)
    {
        var reference = Path.Combine(Folder(name), "refs", revision);
        var commit = File.Exists(reference) && new FileInfo(reference).Length <= RefCharactersMax ? (await File.ReadAllTextAsync(reference, ct)).Trim() : revision;
        var snapshot = Path.Combine(Folder(name), "snapshots", commit);
        if (!Directory.Exists(snapshot))
        {
            return null;
        }

        var files = new List<HubFile>();
        foreach (var full in Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(snapshot, full).Replace(Path.DirectorySeparatorChar, '/');
            var target = new FileInfo(full).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(full);
            if (wants(path) && HubPath.IsSafe(path) && target.Exists)
            {
                // The blob's name is its hash; on systems without links the copy's name is not, so hash it.
                files.Add(new(path, target.Length, ContentHash.IsOne(target.Name) ? target.Name : await ContentHash.Sha256Async(target.FullName, ct)));
            }
        }

        return new(name, commit, files);
    }

    private string Folder(string repository) => Path.Combine(settings.CacheFolder, "models--" + repository.Replace("/", "--", StringComparison.Ordinal));
}
