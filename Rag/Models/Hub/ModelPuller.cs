using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>Downloads a model of the catalogue: listing, other tools' cache, disk space, files in parallel, record.</summary>
/// <remarks>
/// Files are downloaded as <c>.part</c> next to their final places and moved together at the end, once each has its size and hash; the record
/// (<see cref="ModelManifest"/>) is written last. So an earlier version stays complete until the new one is, and an interrupted download leaves parts
/// for the next one to resume. Pulling an installed model checks and repairs it.
/// </remarks>
public sealed partial class ModelPuller(InstalledModels installed, HubClient hub, HubSettings settings, HubLimits limits, ILogger<ModelPuller> log)
{
    private const string Main = "main";

    private readonly HubCache cache = new(settings);
    private readonly HubDownload download = new(hub, limits);

    /// <summary>Returns the free bytes on a folder's disk.</summary>
    internal Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Downloads a model, or its missing files.</summary>
    /// <param name="model">A model of the catalogue.</param>
    /// <param name="progress">Receives the progress, from several threads in turn.</param>
    /// <param name="ct">Stops the download; completed parts remain.</param>
    /// <exception cref="ModelException">The model is unavailable; the message gives the reason.</exception>
    /// <exception cref="IOException">The disk cannot be written.</exception>
    public async Task<InstalledModel> PullAsync(CatalogueModel model, IProgress<PullProgress>? progress, CancellationToken ct)
    {
        var home = installed.HomeOf(model.Name);
        if (installed.Find(model.Name) is { IsRegistered: true } own)
        {
            throw new ModelException(Notice.Of(ModelProblem.Registered, model.Name, own.Folder));
        }

        using (ModelLock.Take(home, model.Name))
        {
            var listing = await ListAsync(model, ct);
            var meter = new PullMeter(listing.Files, progress);
            var waiting = await WaitingAsync(listing, home, meter, ct);
            RequireRoom(waiting, home);
            await Parallel.ForEachAsync(waiting, new ParallelOptions { MaxDegreeOfParallelism = limits.ParallelFiles, CancellationToken = ct }, async (file, stop) =>
            {
                await FetchAsync(listing, file, home, meter, stop);
                meter.Done(file);
            });
            await InstallAsync(model, listing, waiting, home, ct);
        }

        Pulled(log, model.Name, model.Repository, home);
        return installed.Find(model.Name)!;
    }

    private async Task<HubListing> ListAsync(CatalogueModel model, CancellationToken ct)
    {
        var listing = settings.IsOffline
            ? await cache.ListAsync(model.Repository, model.Revision, model.Wants, ct)
                ?? throw new ModelException(Notice.Of(ModelProblem.OfflineNotCached, settings.CacheFolder, model.Repository))
            : await AskAsync(model, ct);
        var missing = model.Missing([.. listing.Files.Select(file => file.Path)]).ToList();
        return missing.Count == 0 ? listing : throw new ModelException(
            Notice.Of(ModelProblem.FilesMissing, model.Repository, listing.Commit, string.Join(", ", missing)), settings.PageOf(model.Repository));
    }

    private async Task<HubListing> AskAsync(CatalogueModel model, CancellationToken ct)
    {
        try
        {
            return await hub.ListAsync(model.Repository, model.Revision, model.Wants, ct);
        }
        catch (RevisionNotFoundException) when (model.Revision != Main)
        {
            // Repositories are squashed now and then; graphs are checked before they are run, so the newest ones will do.
            Moved(log, model.Repository, model.Revision);
            return await hub.ListAsync(model.Repository, Main, model.Wants, ct);
        }
    }

    /// <summary>Returns the files that are not yet in place; links those in another tool's cache into their parts.</summary>
    private async Task<List<HubFile>> WaitingAsync(HubListing listing, string home, PullMeter meter, CancellationToken ct)
    {
        var waiting = new List<HubFile>();
        foreach (var file in listing.Files)
        {
            if (await ContentHash.MatchesAsync(ModelFiles.Full(home, file.Path), file, ct))
            {
                meter.Done(file);
                continue;
            }

            waiting.Add(file);
            var part = ModelFiles.Part(home, file);
            Directory.CreateDirectory(Path.GetDirectoryName(part)!);
            // A link takes no space, and neither tool can remove the other's file. Across disks it is copied later.
            if (await cache.FindAsync(listing, file, ct) is { } cached)
            {
                File.Delete(part);
                HardLink.TryCreate(part, cached);
            }
        }

        return waiting;
    }

    private void RequireRoom(List<HubFile> waiting, string home)
    {
        var needed = waiting.Sum(file => file.SizeBytes - (new FileInfo(ModelFiles.Part(home, file)) is { Exists: true } part ? Math.Min(part.Length, file.SizeBytes) : 0));
        var free = FreeBytes(home);
        if (needed > 0 && needed + limits.SpaceReserveBytes > free)
        {
            throw new ModelException(Notice.Of(ModelProblem.NoRoom, ByteCount.Text(needed), ByteCount.Text(limits.SpaceReserveBytes), home, ByteCount.Text(free)));
        }
    }

    private async Task FetchAsync(HubListing listing, HubFile file, string home, PullMeter meter, CancellationToken ct)
    {
        var part = ModelFiles.Part(home, file);
        if (!File.Exists(part) && await cache.FindAsync(listing, file, ct) is { } cached)
        {
            await using var from = File.OpenRead(cached);
            await using var to = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await from.CopyToAsync(to, ct);
        }

        if (settings.IsOffline && !await ContentHash.MatchesAsync(part, file, ct))
        {
            throw new ModelException(Notice.Of(ModelProblem.OfflineBroken, settings.CacheFolder, file.Path));
        }

        await download.FetchAsync(listing, file, part, bytes => meter.At(file, bytes), ct);
    }

    private static async Task InstallAsync(CatalogueModel model, HubListing listing, List<HubFile> waiting, string home, CancellationToken ct)
    {
        var before = ModelManifest.ReadIfWhole(home);
        File.Delete(Path.Combine(home, ModelFiles.Manifest));
        foreach (var file in waiting)
        {
            File.Move(ModelFiles.Part(home, file), ModelFiles.Full(home, file.Path), overwrite: true);
        }

        var files = listing.Files.ToList();
        if (model.Prompts is { } prompts)
        {
            ModelManifest.WritePrompts(home, prompts);
            var path = Path.Combine(home, ModelFiles.Prompts);
            files.Add(new(ModelFiles.Prompts, new FileInfo(path).Length, await ContentHash.Sha256Async(path, ct)));
        }

        ModelStore.Read(model.Kind, home, model.Name);
        new ModelManifest(model.Name, model.Kind, null, listing.Repository, listing.Commit, files).Write(home);
        var stale = before?.Files.Select(file => file.Path).Except(files.Select(file => file.Path)).Select(path => ModelFiles.Full(home, path)) ?? [];
        foreach (var file in stale.Concat(ModelFiles.Parts(home)).ToList())
        {
            File.Delete(file);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Model} was downloaded from {Repository} into {Folder}.")]
    private static partial void Pulled(ILogger logger, string model, string repository, string folder);

    [LoggerMessage(LogLevel.Warning, "{Repository} no longer has the commit {Revision}; its newest is taken.")]
    private static partial void Moved(ILogger logger, string repository, string revision);
}
