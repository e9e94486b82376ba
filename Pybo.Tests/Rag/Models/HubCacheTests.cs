using Pybo.Rag.Models;

namespace Pybo.Tests.Rag.Models;

/// <summary>Files that other Hugging Face tools have downloaded are not downloaded again.</summary>
public sealed class HubCacheTests
{
    [Fact]
    public async Task Files_in_the_cache_are_linked_not_downloaded()
    {
        await using var bench = await ModelBench.StartAsync();
        Fill(bench);

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Empty(bench.Hub.Downloads);
        var blob = Path.Combine(Repository(bench), "blobs", bench.Hub.HashOf(ModelBench.Weights));
        // One content under two names: a change through one shows through the other.
        var moment = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(blob, moment);
        Assert.Equal(moment, File.GetLastWriteTimeUtc(Path.Combine(bench.Home, ModelBench.Weights)));

        Directory.Delete(bench.Settings.CacheFolder, recursive: true);
        Assert.Empty(await bench.Store.VerifyAsync(ModelBench.Name, null, default));
    }

    [Fact]
    public async Task A_cache_without_links_is_used_too()
    {
        await using var bench = await ModelBench.StartAsync();
        var snapshot = Path.Combine(Repository(bench), "snapshots", TestHub.Commit);
        foreach (var (path, content) in bench.Hub.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(snapshot, path))!);
            await File.WriteAllBytesAsync(Path.Combine(snapshot, path), content);
        }

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Empty(bench.Hub.Downloads);
    }

    [Fact]
    public async Task A_cache_on_another_disk_is_copied()
    {
        const string otherDisk = "/dev/shm";
        Assert.SkipUnless(Directory.Exists(otherDisk), "There is no second disk here.");
        await using var bench = await ModelBench.StartAsync();
        var cache = Directory.CreateDirectory(Path.Combine(otherDisk, Path.GetFileName(bench.Folder)));
        try
        {
            bench.Settings = bench.Settings with { CacheFolder = cache.FullName };
            Fill(bench);

            await bench.PullAsync();

            bench.AssertWhole();
            Assert.Empty(bench.Hub.Downloads);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_damaged_cache_is_neither_trusted_nor_changed()
    {
        await using var bench = await ModelBench.StartAsync();
        Fill(bench);
        var blob = Path.Combine(Repository(bench), "blobs", bench.Hub.HashOf(ModelBench.Weights));
        var damaged = ModelBench.Bytes(ModelBench.WeightBytes, seed: 9);
        await File.WriteAllBytesAsync(blob, damaged);

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.EndsWith(ModelBench.Weights, Assert.Single(bench.Hub.Downloads).Path, StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(blob));
    }

    [Theory]
    [InlineData("main")]
    [InlineData(TestHub.Commit)]
    public async Task Offline_only_the_cache_is_used(string revision)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = new([ModelBench.Model with { Revision = revision }]);
        bench.Settings = bench.Settings with { IsOffline = true };
        Assert.Contains("HF_HUB_OFFLINE", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);

        Fill(bench);
        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(TestHub.Commit, bench.Installed.Find(ModelBench.Name)!.Commit);
        Assert.Empty(bench.Hub.Requests);
    }

    [Fact]
    public async Task Offline_a_damaged_or_partial_cache_is_reported()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Settings = bench.Settings with { IsOffline = true };
        Fill(bench);
        await File.WriteAllBytesAsync(Path.Combine(Repository(bench), "blobs", bench.Hub.HashOf(ModelBench.Weights)), ModelBench.Bytes(ModelBench.WeightBytes, seed: 9));
        Assert.Contains("온전하지 않습니다", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);

        File.Delete(Path.Combine(Repository(bench), "snapshots", TestHub.Commit, ModelBench.Weights));
        Assert.Contains($"필요한 파일이 없습니다: {ModelBench.Weights}", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
        Assert.Empty(bench.Hub.Requests);
    }

    private static string Repository(ModelBench bench) => Path.Combine(bench.Settings.CacheFolder, "models--someone--some-model");

    /// <summary>The layout of huggingface_hub: contents named by their hashes, and names that link to them.</summary>
    private static void Fill(ModelBench bench)
    {
        var repository = Repository(bench);
        Directory.CreateDirectory(Path.Combine(repository, "blobs"));
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        File.WriteAllText(Path.Combine(repository, "refs", "main"), TestHub.Commit);
        foreach (var (path, content) in bench.Hub.Files)
        {
            var blob = Path.Combine(repository, "blobs", bench.Hub.HashOf(path));
            var name = Path.Combine(repository, "snapshots", TestHub.Commit, path);
            File.WriteAllBytes(blob, content);
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            File.CreateSymbolicLink(name, Path.GetRelativePath(Path.GetDirectoryName(name)!, blob));
        }
    }
}
