namespace Pybo.Rag.Models;

/// <summary>The cache that other Hugging Face tools fill: <c>models--owner--name/{blobs/HASH, snapshots/COMMIT/PATH, refs/REVISION}</c>.</summary>
/// <remarks>Read only. Its files are believed after they have been hashed.</remarks>
internal sealed class HubCache(HubSettings settings)
{
    private const int RefCharactersMax = 100;

    /// <summary>A file with this content, if the cache has one.</summary>
    public async Task<string?> FindAsync(HubListing listing, HubFile file, CancellationToken ct)
    {
        var repository = Folder(listing.Repository);
        string[] places = [Path.Combine(repository, "blobs", file.Hash), ModelFiles.Full(Path.Combine(repository, "snapshots", listing.Commit), file.Path)];
        foreach (var place in places.Where(File.Exists))
        {
            // A hard link to a symbolic one would be a link still.
            var target = new FileInfo(place).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? place;
            if (await ContentHash.MatchesAsync(target, file, ct))
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>What the cache itself has of a repository, for when nothing may be fetched; null when it has nothing.</summary>
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
                // The blob's name is its hash; where the system has no links the copy says nothing of itself.
                files.Add(new(path, target.Length, ContentHash.IsOne(target.Name) ? target.Name : await ContentHash.Sha256Async(target.FullName, ct)));
            }
        }

        return new(name, commit, files);
    }

    private string Folder(string repository) => Path.Combine(settings.CacheFolder, "models--" + repository.Replace("/", "--", StringComparison.Ordinal));
}
